import type {
  ConfirmWords,
  FrameWords,
  RoleFactWords,
  RoleNotHeldWords,
  SignedOutWords,
  SignInWords,
} from './page-words.ts'

export const enFrame: FrameWords = {
  skip: 'Skip to content',
  navigation: 'Main',
  roles: 'Roles',
  links: 'Links',
  passes: 'Passes',
  audit: 'Audit',
  history: 'My openings',
  signedInAs: 'Signed in as',
  signInEnds: 'Sign-in ends',
  signOut: 'Sign out',
  dismiss: 'Dismiss',
  announcement: 'Announcement',
  recorded: 'Who opened which role, and when, is recorded.',
  help: 'Help',
  contact: 'Contact:',
  linkCopied: 'Link copied',
  requestId: 'Request ID',
  otherLanguage: '日本語',
}

export const enSignIn: SignInWords = {
  title: 'Show your pass',
  explanation: 'Sign in to see the AWS roles you hold.',
  onYourWayTo: 'You are on your way to',
  continueWith: (provider) => `Continue with ${provider}`,
  trouble: 'Trouble signing in? Ask',
}

export const enSignedOut: SignedOutWords = {
  title: 'You are signed out',
  explanation: 'Nobody can open a role from this browser now without signing in again.',
  consoleStays:
    'AWS consoles that are open already stay open until their time ends. Sign out of them there.',
  signInAgain: 'Sign in again',
}

export const enRoleFacts: RoleFactWords = {
  account: 'Account',
  role: 'Role',
  caution: 'Caution',
  page: 'Opens at',
  region: 'Region',
  ends: 'Ends',
  you: 'You are',
  startPage: 'Console home',
  anyRegion: 'Whichever answers first',
}

export const enConfirm: ConfirmWords = {
  title: (firstName, place) => `Continue as ${firstName} to ${place}?`,
  fromElsewhere: 'This link did not come from a page of ours. Continue only if you expected it.',
  fromHost: (host) =>
    `This link came from another site, ${host}. Continue only if you expected it.`,
  fromOurs: 'Nothing is open yet. Check once, then continue.',
  cautionAsks: 'Look twice: this role is marked with caution.',
  readThere: 'The link names a page on the AWS side. Read it there before you press anything.',
  continueTo: (role) => `Continue to ${role}`,
  backToRoles: 'No, show my roles',
  lasts: (span, isLongest) => (isLongest ? `${span}, the longest for this role` : span),
}

export const enRoleNotHeld: RoleNotHeldWords = {
  title: 'You do not hold this role',
  explanation: (place, who) =>
    `The link opens ${place}. You are signed in as ${who}, and nothing gives you that role now.`,
  inAccount: (account) => `What you can open in ${account}`,
  whomToAsk: 'Whom to ask',
  askExplanation: 'They can give you the role, or tell you which one does the same.',
  message: 'Text you can send',
  messageText: ({ who, role, account, number }) =>
    `Please give ${who} the role ${role} in ${account} (${number}). Reason: `,
  copyMessage: 'Copy text',
  backToRoles: 'Show all my roles',
}
