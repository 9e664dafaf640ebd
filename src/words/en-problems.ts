import type { ProblemCatalogue, ProblemPageWords } from './problem-words.ts'

const sendRequestId = 'If it happens again, send the request ID to the contact below.'

export const enProblemPage: ProblemPageWords = {
  whatToDo: 'What to do',
  requestId: 'Request ID',
  when: 'When',
  code: 'Code',
  whomToAsk: 'Whom to ask',
  tryAgain: 'Try again',
  signIn: 'Sign in',
  backToRoles: 'Back to my roles',
  operatorTitle: 'For operators',
  operatorOnly: 'Only people listed as operators see this part.',
  caller: 'Sekisho calls as',
  role: 'Role',
  awsSaid: 'AWS said',
  trustPolicy: 'Trust policy that should be there',
  trustPolicyHint: 'Paste it into the role’s trust relationships in that account.',
  copyTrustPolicy: 'Copy the policy',
  retryIn: (span) => `Try again in ${span}.`,
}

const destinationReasons: ReadonlyMap<string, string> = new Map([
  ['not-a-url', 'It is not an address.'],
  ['not-https', 'It does not begin with https.'],
  ['has-userinfo', 'It carries a user name or password.'],
  ['has-port', 'It names a port.'],
  ['other-site', 'It leads outside the AWS console.'],
  ['too-long', 'It is too long.'],
])

const whatIsAsked: ReadonlyMap<string, string> = new Map([
  ['region', 'Region of this account'],
  ['time', 'day or time such as 2026-11-25, 2026-11-25T10:11Z or 2026-11-25T19:11+09:00'],
])

export const enProblems: ProblemCatalogue = {
  'invalid-request': (facts) => ({
    title: 'We could not read that request',
    what:
      facts.text('given') === null
        ? 'Something in the address or the form is not as it should be.'
        : `“${facts.text('given')}” is not a ${whatIsAsked.get(facts.text('what') ?? '') ?? 'span of time such as 30m or 2h'}.`,
    steps: ['Check the address, or start from the list of your roles.'],
  }),
  'body-too-large': {
    title: 'That is too much at once',
    what: 'The form holds more than Sekisho takes: 64 kB.',
    steps: ['Go back, shorten what you wrote, and send it again.'],
  },
  'connection-not-https': {
    title: 'This connection is not encrypted',
    what: 'Sekisho works over https only, and this request came without it.',
    steps: [
      'Open the address with https.',
      'Did you do that? Then the proxy in front does not say so: an operator has to list it in trustedProxies and let it send X-Forwarded-Proto.',
    ],
  },
  'destination-refused': (facts) => ({
    title: 'The link leads outside the AWS console',
    what: [
      facts.text('host') === null
        ? 'The page that the link asks for is not a page of the AWS console.'
        : `The link asks for a page on ${facts.text('host')}.`,
      destinationReasons.get(facts.text('why') ?? '') ?? '',
      'Nothing was opened.',
    ]
      .filter(Boolean)
      .join(' '),
    steps: [
      'Do not follow that link again if you did not expect it.',
      'Open the role itself from your list; it starts at its usual page.',
    ],
  }),
  'sign-in-failed': {
    title: 'The sign-in did not work',
    what: 'The answer of the identity provider could not be verified, so nobody was signed in.',
    steps: ['Sign in again.', sendRequestId],
  },
  'sign-in-expired': {
    title: 'The sign-in took too long',
    what: 'The time for this sign-in was over before the answer came.',
    steps: ['Sign in again.'],
  },
  'sign-in-replayed': {
    title: 'This sign-in was used already',
    what: 'Each answer of the identity provider counts once. This happens after “Back” or a reload.',
    steps: ['Go to your roles: you may be signed in already. If not, sign in again.'],
  },
  'sign-in-refused': (facts) => ({
    title: 'The identity provider said no',
    what: `${facts.text('provider') ?? 'The identity provider'} did not let this sign-in through.`,
    steps: ['Sign in again, perhaps with another account.', sendRequestId],
  }),
  'sign-in-cancelled': (facts) => ({
    title: 'The sign-in was stopped',
    what: `It was cancelled at ${facts.text('provider') ?? 'the identity provider'}, or your account has no right to use Sekisho there.`,
    steps: ['Sign in again.', 'Stopped by itself? Then ask for access to Sekisho at the provider.'],
  }),
  'groups-overage': {
    title: 'Your groups did not fit into the sign-in',
    what: 'The identity provider left out your groups because there are too many, so your roles cannot be known. You were not signed in.',
    steps: [
      'Send the request ID to the contact below.',
      'An operator can let the provider send only the groups assigned to Sekisho, or app roles instead.',
    ],
  },
  'identity-provider-unavailable': (facts) => ({
    title: 'The identity provider does not answer',
    what: `${facts.text('provider') ?? 'The identity provider'} cannot be reached at the moment, so nobody can sign in through it.`,
    steps: ['Try again in a minute.', sendRequestId],
  }),
  'sign-in-required': {
    title: 'Sign in first',
    what: 'You are not signed in, or your sign-in has ended.',
    steps: ['Sign in, then do it once more.'],
  },
  'forged-request': {
    title: 'That form is no longer good',
    what: 'The form did not come from a page that Sekisho gave you in this sign-in. Nothing was changed.',
    steps: ['Open the page again and press the button there.'],
  },
  'embedded-request': {
    title: 'A page tried to open this by itself',
    what: 'Roles open only when a person follows a link, never as an image, a frame or a script of another page. Nothing was opened.',
    steps: ['Open the link in a tab of its own.'],
  },
  'access-denied': {
    title: 'There is no such role for you',
    what: 'Either it does not exist, or you do not hold it.',
    steps: [
      'Check the address: account, then role.',
      'Should you have it? Ask the contact below, and send the request ID.',
    ],
  },
  'access-not-yet': (facts, time) => {
    const at = facts.instant('startsAt')
    return {
      title: 'Your access has not begun',
      what:
        at === null
          ? 'You hold this role only from a later time on.'
          : `You hold this role from ${time.instant(at)} on.`,
      steps: ['Come back then. The same link will work.'],
    }
  },
  'access-ended': (facts, time) => {
    const at = facts.instant('endedAt')
    return {
      title: 'Your access has ended',
      what:
        at === null
          ? 'You held this role until a time that is over.'
          : `You held this role until ${time.instant(at)}.`,
      steps: ['Still need it? Ask the contact below for a new end.'],
    }
  },
  'role-not-held': {
    title: 'You do not hold this role',
    what: 'Nothing gives you that role now.',
    steps: ['Look at the roles you hold, or ask the contact below.'],
  },
  'not-found': {
    title: 'There is nothing here',
    what: 'No page has this address.',
    steps: ['Check the address, or start from the list of your roles.'],
  },
  'too-many-requests': {
    title: 'Too many requests',
    what: 'There were more requests than anybody makes by hand, so we make a pause.',
    steps: ['Wait a little, then try again.'],
  },
  'pass-unusable': {
    title: 'This pass cannot be used',
    what: 'It does not exist, has not begun, has ended, is used up, or was taken back.',
    steps: ['Ask the person who gave it to you for a new one.'],
  },
  'pass-locked': {
    title: 'This pass is locked',
    what: 'The PIN was wrong five times, so the pass cannot be used any more.',
    steps: ['Ask the person who gave it to you for a new one.'],
  },
  'pass-sponsor-away': {
    title: 'This pass is on hold',
    what: 'The person who gave it to you has not signed in for a week. Until they do, it opens nothing.',
    steps: ['Ask them to sign in here once. The same link works again from then on.'],
  },
  'pass-wrong-pin': (facts) => ({
    title: 'That is not the PIN',
    what:
      facts.text('triesLeft') === null
        ? 'The PIN does not belong to this pass.'
        : `The PIN does not belong to this pass. Tries left: ${facts.text('triesLeft')}.`,
    steps: ['Go back and enter the PIN that your sponsor sent you.'],
  }),
  'pass-wrong-person': {
    title: 'This pass is for somebody else',
    what: 'It is bound to another e-mail address than the one you signed in with.',
    steps: ['Sign in with the address that the pass was given to.'],
  },
  'pass-not-allowed': {
    title: 'This pass cannot be given',
    what: 'You may give only what you may open yourself, for as long as the rules allow.',
    steps: ['Choose another role or an earlier end.'],
  },
  unexpected: {
    title: 'Something broke on our side',
    what: 'This should not happen. It is in the log, with the request ID below.',
    steps: ['Try again.', sendRequestId],
  },
  'trail-unavailable': {
    title: 'The audit trail cannot be written',
    what: 'Nothing is opened that cannot be recorded, so your role was not opened.',
    steps: ['Try again in a minute.', sendRequestId],
  },
  'store-unavailable': {
    title: 'The database does not answer',
    what: 'Sekisho cannot read who is signed in or what was opened.',
    steps: ['Try again in a minute.', sendRequestId],
  },
  'aws-refused': {
    title: 'AWS refused the role',
    what: 'You may use this role, but AWS did not let Sekisho open it. The role in that account may be missing, or may not trust Sekisho.',
    steps: [
      'Send the request ID to the contact below.',
      'Need it now? Try another role of that account.',
    ],
  },
  'aws-misconfigured': {
    title: 'AWS cannot open the role as it is set up',
    what: 'You may use this role, but AWS does not accept something in how Sekisho asks for it.',
    steps: ['Send the request ID to the contact below. An operator has to mend it.'],
  },
  'aws-unavailable': {
    title: 'AWS did not answer',
    what: 'AWS could not be reached in time in any configured Region. Nothing was opened.',
    steps: ['Try again.', sendRequestId],
  },
  'aws-busy': {
    title: 'AWS asks for a pause',
    what: 'AWS got too many requests of this kind and lets none through at the moment.',
    steps: ['Wait a minute, then try again.'],
  },
}
