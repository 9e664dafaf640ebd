import type { PortalWords, SettingsWords, TileWords } from './portal-words.ts'

const number = new Intl.NumberFormat('en-GB')

const tile: TileWords = {
  copyLink: (role) => `Copy link to ${role}`,
  favourite: (role) => `Favourite ${role}`,
  more: (role) => `More for ${role}`,
  region: 'Region',
  regionHint: 'as usual',
  duration: 'Duration',
  longest: (span) => `${span} (longest)`,
  page: 'Open at this page',
  pageHint: 'Paste a console address',
  link: 'Link, works for holders of this role',
  openNow: 'Open',
  copy: 'Copy link',
  hide: 'Hide this role',
  showAgain: 'Show again',
  because: (assignment) => `You hold it through “${assignment}”`,
}

const settings: SettingsWords = {
  title: 'How roles open',
  signOutFirst: 'Sign out of the console first',
  signOutFirstHint:
    'Ends the console session from before. Off: up to five stay open side by side, once multi-session support is on in the console’s account menu.',
  newTab: 'Open in a new tab',
  newTabHint: 'Keeps this page where it is.',
  region: 'My Region',
  regionHint: 'Roles open there instead of in the Region of the account.',
  on: 'On',
  off: 'Off',
  turnOn: 'Turn on',
  turnOff: 'Turn off',
  save: 'Save',
}

export const enPortal: PortalWords = {
  title: 'Roles',
  greeting: (firstName) => `Where to, ${firstName}?`,
  filterLabel: 'Filter accounts and roles',
  filterHint: 'payments read, 0101…',
  filter: 'Filter',
  matches: 'Matches',
  roles: counted('role'),
  accounts: counted('account'),
  rolesInAccounts: (roles, accounts) =>
    `${counted('role')(roles)} in ${counted('account')(accounts)}`,
  oneRole: '1 role',
  manyRoles: '# roles',
  bestShown: 'The best # are shown. Type on, or',
  showEveryMatch: 'show every match',
  noMatch: 'No role matches. Try fewer letters, or a number from the account ID.',
  showAllRoles: 'Show all roles',
  backToAll: 'All roles',
  favourites: 'Favourites',
  openNow: 'Open now',
  open: 'Open',
  fiveSessions: (count) =>
    `${count} opened here. AWS keeps at most 5 console sessions in one browser; a sixth makes you leave one.`,
  recent: 'Recent',
  mostUsed: 'Most used',
  mostUsedFirst: 'Most used first',
  latestFirst: 'Latest first',
  opened: (times) => (times === 1 ? 'opened once' : `opened ${times} times`),
  caution: 'Caution',
  until: 'until',
  otherAccounts: 'Other accounts',
  namedLinks: 'Links',
  hidden: (count) => `${counted('hidden role')(count)}`,
  noRolesTitle: 'You hold no role yet',
  noRoles: 'You are signed in, but no assignment names you or a group of yours.',
  noRolesAsk: 'To get a role, ask',
  emptyAccount: 'You hold no role in this account.',
  keyHint: 'Press / to jump to the filter',
  tile,
  settings,
}

function counted(noun: string): (count: number) => string {
  return (count) => `${number.format(count)} ${noun}${count === 1 ? '' : 's'}`
}
