import type { FieldProblem } from '../domain/pass-form.ts'
import { enPassMail } from './en-pass-mail.ts'
import type {
  GuestPageWords,
  PassFormWords,
  PassGivenWords,
  PassReportWords,
  PassWords,
  SponsorPageWords,
} from './pass-words.ts'

const guest: GuestPageWords = {
  title: (name) => `A guest pass for ${name}`,
  invitation: (sponsor) => `${sponsor} invited you to open one role in one AWS account.`,
  from: 'From',
  until: 'Until',
  invitedBy: 'Invited by',
  openingsLeft: (left) =>
    left === null
      ? 'Opens any number of times'
      : `Opens ${left === 1 ? 'once' : `${left} times`} more`,
  pin: 'PIN, 6 digits',
  pinHint: (sponsor) => `${sponsor} sends it to you another way than this link. Five tries.`,
  terms: 'Terms for guests',
  usualTerms: (sponsor) => [
    `Use the account only for the work agreed with ${sponsor}.`,
    'Take no data of others out of it.',
    'Each opening is recorded with your name, the time and your address.',
  ],
  accept: 'I accept the terms for guests',
  open: 'Open the AWS console',
  boundToEmail: 'This pass is bound to your e-mail address. Sign in with it first.',
  continueWith: (provider) => `Continue with ${provider}`,
  otherPerson: (who) =>
    `You are signed in as ${who}. This pass was given to another address: sign in with that one.`,
  notYet: 'This pass has not begun. The same link will work from then on.',
  termsNotAccepted: 'Accept the terms first.',
  pinMalformed: 'A PIN has six digits. That was not counted as a try.',
  wrongPin: (left) =>
    `That is not the PIN. ${left} ${left === 1 ? 'try' : 'tries'} left, then the pass is locked.`,
  readyTitle: 'Your console is ready',
  ready: (role, account) => `${role} in ${account} opens now. If nothing happens, use the button.`,
  toConsole: 'Go to the AWS console',
}

const sponsor: SponsorPageWords = {
  title: 'Guest passes',
  explanation:
    'Let someone from outside open one of your roles, for a while. You answer for what they do.',
  mine: 'Passes you gave',
  all: 'All passes',
  none: 'No pass was given yet.',
  guest: 'Guest',
  role: 'Account and role',
  state: 'State',
  until: 'Until',
  openings: 'Openings',
  sponsor: 'Sponsor',
  change: 'Change',
  endNow: 'End now',
  pages: 'Pages',
  newest: 'Newest passes',
  older: 'Older passes',
  standing: (standing, from) =>
    ({
      usable: 'Active',
      'not-yet': `Starts ${from}`,
      ended: 'Ended',
      'used-up': 'Used up',
      revoked: 'Ended by hand',
      locked: 'Locked: five wrong PINs',
    })[standing],
  used: (used, of) => (of === null ? `${used} so far` : `${used} of ${of}`),
}

const form: PassFormWords = {
  title: 'New pass',
  nothingToGive: 'You hold no role at the moment that may be given to guests.',
  hasProblems: 'The pass was not made. Look at the fields marked below.',
  label: {
    kind: 'How the guest shows who they are',
    name: 'Guest’s name',
    email: 'Guest’s email',
    role: 'Account and role',
    to: 'Opens at (optional)',
    from: 'From',
    until: 'Until',
    zone: 'Time zone',
    openings: 'Number of openings',
    reason: 'Why',
  },
  byEmail: 'Signs in with their email',
  byEmailHint: 'at one of the providers that Sekisho knows',
  byPin: 'Link and PIN',
  byPinHint: 'for people without an account at any of them',
  chooseRole: 'Choose one of yours',
  noEnvironment: 'Other',
  toHint: 'A page of the AWS console, such as /s3/home',
  untilHint: (longest) => `At most ${longest}.`,
  zone: 'Name such as UTC or Europe/Berlin',
  openingsHint: '1 to 1000; empty for any number',
  reasonHint: 'Kept in the audit. A ticket number is fine.',
  emailHint: 'Needed where they sign in with it; else only for mail.',
  submit: 'Make the pass',
  afterwards: 'You get a link to send, and a PIN to send another way.',
  problem,
}

function problem(
  found: FieldProblem,
  spell: { span(seconds: number): string; instant(at: Date): string },
): string {
  switch (found.fault) {
    case 'missing':
      return 'This is needed.'
    case 'malformed':
      return found.field === 'openings'
        ? 'A number from 1 to 1000, or nothing.'
        : 'We cannot read this.'
    case 'not-allowed':
      return found.field === 'to'
        ? 'This is no page of the AWS console.'
        : 'You may give only what you may open yourself and guests may have.'
    case 'over':
      return 'This time is over already.'
    case 'before-from':
      return 'The end comes before the start.'
    case 'too-long':
      return `At most ${found.most} characters.`
    case 'below-used':
      return `It was used ${found.openingsUsed === 1 ? 'once' : `${found.openingsUsed} times`} already.`
    case 'too-much-time':
      return `A pass lasts at most ${spell.span(found.mostSeconds)}.`
    case 'after-own-end':
      return `You hold this role yourself only until ${spell.instant(found.ownEnd)}.`
    default:
      return found satisfies never
  }
}

const given: PassGivenWords = {
  title: (name) => `The pass for ${name} is made`,
  once: 'This page is shown once. Copy what you need before you leave it.',
  link: 'Link',
  copyLink: 'Copy link',
  pin: 'PIN',
  pinHint: 'Send it another way than the link: by phone or chat, not in the same mail.',
  emailHint: (email) => `The guest signs in with ${email}.`,
  mailSent: (email) => `The link was mailed to ${email}.`,
  mailFailed: 'The mail could not be sent. The pass is good: send the link yourself.',
  toReport: 'Look at this pass',
  toPasses: 'All my passes',
}

const report: PassReportWords = {
  title: (name) => `Guest pass of ${name}`,
  facts: 'The pass',
  email: 'Email',
  reason: 'Why',
  given: 'Given',
  from: 'From',
  termsAccepted: 'Terms accepted',
  neverAccepted: 'Not yet',
  events: 'What happened',
  noEvents: 'Nobody used this pass so far.',
  when: 'When',
  what: 'What',
  address: 'Address',
  ends: 'Session ends',
  requestId: 'Request ID',
  csv: 'Download as CSV',
  extend: 'Change its end',
  extendHint: (latest) =>
    `Until ${latest} at the latest: that is the longest a pass may last from its start. The link stays the same, and so does the end of consoles that are open.`,
  extendNow: 'Save the new end',
  endMoved: 'End moved',
  end: 'End this pass now',
  endHint:
    'Nobody can open anything with it from that moment, and the guest is signed out of Sekisho. AWS consoles that are open already stay open: cut them as described below.',
  ended: 'This pass can open nothing any more.',
  cut: 'Cut AWS sessions that are open',
  cutHint: (roleArn) =>
    `AWS keeps what it gave until its time ends. To cut it sooner, add this as an inline policy to the role ${roleArn}, and remove it after the last session has ended.`,
  cutReaches: [
    'It reaches every request that the guest’s sessions make in that role, within a few minutes, and nobody else’s.',
    'It does not reach sessions of another role that the guest assumed from there, unless a statement names the source identity and stands in that role too, or in a service control policy.',
    'It does not undo what was done, stop what runs on by itself, or close access that a resource policy gives to the session by name.',
  ],
  copyPolicy: 'Copy the policy',
  backToPasses: 'Back to the passes',
  event: (type) => events[type] ?? type,
  refusal: (reason) => refusals[reason] ?? reason,
}

const events: Readonly<Record<string, string>> = {
  'pass.given': 'Given',
  'pass.redeemed': 'Used',
  'pass.refused': 'Refused',
  'pass.revoked': 'Ended by hand',
  'console.opening': 'Opening the console',
  'console.opened': 'Console opened',
  'console.failed': 'AWS said no',
}

const refusals: Readonly<Record<string, string>> = {
  'wrong-pin': 'wrong PIN',
  'too-many-tries': 'too many tries at once',
  'wrong-person': 'signed in with another address',
  'not-yet': 'before its time',
  ended: 'after its end',
  'used-up': 'used up',
  revoked: 'ended by hand',
  locked: 'locked',
  'sponsor-lacks-role': 'the sponsor no longer holds the role',
  'sponsor-away': 'the sponsor had not signed in for a week',
  'not-a-sponsor': 'the sponsor may no longer give passes',
  'not-for-guests': 'the role is no longer for guests',
  'kind-not-allowed': 'link and PIN is no longer allowed',
  'no-guest-passes': 'guest passes are switched off',
}

export const enPasses: PassWords = { guest, sponsor, form, given, report, mail: enPassMail }
