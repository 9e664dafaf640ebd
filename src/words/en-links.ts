import type { LinksWords, PageKindWords } from './links-words.ts'

const kinds: PageKindWords = {
  alarm: 'alarm',
  bucket: 'bucket',
  cluster: 'cluster',
  dashboard: 'dashboard',
  database: 'database',
  function: 'function',
  instance: 'instance',
  'log-group': 'log group',
  'log-groups': 'log groups',
  'log-query': 'log query',
  object: 'object',
  'query-history': 'query history',
  queue: 'queue',
  role: 'role',
  secret: 'secret',
  stack: 'stack',
  'state-machine': 'state machine',
  table: 'table',
}

const on = (host: string | null) => (host === null ? '' : ` It leads to ${host}.`)

export const enLinks: LinksWords = {
  title: 'Permanent links',
  heading: 'Turn a console page into a lasting link',
  explanation:
    'The link names account, role and page. Whoever follows it signs in first, and needs the role.',
  paste: 'Paste an address',
  address: 'Address from the AWS console',
  account: 'Account',
  accountInAddress: 'The one in the address',
  role: 'Role',
  firstRole: 'The first I hold there',
  make: 'Make the link',
  made: 'Your link',
  link: 'Permanent link',
  copy: 'Copy link',
  tryIt: 'Try it',
  page: 'Page',
  region: 'Region',
  usualRegion: 'As usual for this role',
  caution: 'Caution',
  found: (number) => `Account found in the address: ${number}`,
  notHeld: (number) => `The address is of account ${number}, in which you hold no role.`,
  otherAccount: (number, place) =>
    `The address is of account ${number}. The link opens the same page in ${place}.`,
  roleNotThere: (role, place) => `You do not hold ${role} in ${place}, so another role was taken.`,
  chooseAccount: 'The address does not say which account it is of. Choose one.',
  noRoles: 'You hold no role, so there is nothing a link of yours could open.',
  refusals: {
    'not-a-url': () =>
      'That is not an address. Copy all of it from the address bar of the console.',
    'not-https': (host) => `The address does not begin with https.${on(host)}`,
    'has-userinfo': (host) => `The address carries a user name or password.${on(host)}`,
    'has-port': (host) => `The address names a port.${on(host)}`,
    'other-site': (host) => `That is not a page of the AWS console.${on(host)}`,
    'too-long': () =>
      'The address is too long for a link. Remove what it does not need, such as a filter.',
  },
  otherPartition: 'The address is of another part of AWS than this account. Choose another one.',
  leftOutSession: (part) =>
    `We left out the session part of the address (${part}). It works only in your browser.`,
  leftOutSignIn: 'We left out what a sign-in had added to the address.',
  named: 'Links with a name',
  namedColumns: { link: 'Link', opens: 'Opens', page: 'Page' },
  copyNamed: (name) => `Copy link ${name}`,
  pageName({ service, kind }) {
    if (kind === 'home') return 'Console home'
    return [service, kind === null ? null : kinds[kind]].filter(Boolean).join(' ') || 'Console page'
  },
}
