import type { PersonWords } from './person-words.ts'

export const enPerson: PersonWords = {
  title: (name) => `Report on ${name}`,
  toReport: 'Report on this person, and how to end their sessions',
  toPass: 'Report on this guest pass',
  backToAudit: 'Back to the audit',
  facts: 'The person',
  provider: 'Identity provider',
  issuer: 'Issuer',
  subject: 'Subject',
  endedBefore: 'Ended by an operator',
  endedBy: (operator, sessions) =>
    `by ${operator}, ${sessions === 1 ? '1 session' : `${sessions} sessions`}`,
  events: 'What happened',
  passesApart: 'What this person opened with a guest pass is in the report on that pass.',
  csv: 'Download as CSV',
  allEntries: 'Search these entries',
  end: 'End every session at Sekisho',
  endHint:
    'Signs this person out of Sekisho in every browser, from this moment. AWS consoles that are open already stay open: cut them as described below.',
  endNow: 'End all sessions',
  endOnlyOperators: 'Only operators can do this.',
  denialHint:
    'They can sign in again while their provider lets them. To keep them out, add this to the denials in the config:',
  cut: 'Cut AWS sessions that are open',
  cutNothing: 'As far as the audit trail tells, this person holds no AWS session now.',
  cutHint:
    'AWS keeps what it gave until its time ends. To cut it sooner, add this as an inline policy to each of these roles, and remove it after the last session has ended.',
  role: 'Role',
  sessionName: 'Session name',
  endsBy: 'Ends by',
  cutReaches: [
    'It reaches every request of sessions with these names in those roles, within a few minutes. New sessions of the same name are denied too, until you remove it.',
    'It also reaches whoever shares the name there: the same email at another provider, or a session that was named so without Sekisho.',
    'It does not reach sessions of another role that the person assumed from there, unless a statement names the source identity and stands in that role too, or in a service control policy.',
    'It does not undo what was done, stop what runs on by itself, or close access that a resource policy gives to the session by name.',
  ],
  copyPolicy: 'Copy the policy',
  copyDenial: 'Copy the denial',
}
