import type { DemoPerson } from './identity-provider.ts'

/** One password for all: it protects nothing, and the demo prints it. */
export const demoPassword = 'open-sesame'

interface Described extends DemoPerson {
  /** What this person is there to show. */
  readonly shows: string
}

const person = (
  username: string,
  name: string,
  domain: string,
  groups: readonly string[] | null,
  shows: string,
): Described => ({
  username,
  password: demoPassword,
  subject: `u-${username}`,
  name,
  email: `${username}@${domain}`,
  emailVerified: true,
  ...(groups ? { groups } : {}),
  shows,
})

export const companyPeople: readonly Described[] = [
  person(
    'alice',
    'Alice Aoki',
    'example.com',
    ['staff', 'platform'],
    'all accounts, operator, sponsor',
  ),
  person('bob', 'Bob Brandt', 'example.com', ['staff', 'payments'], 'a developer with a few roles'),
  person('chika', '千佳 Chika Endo', 'example.com', ['staff', 'data'], 'a data analyst'),
  person('dmitri', 'Dmitri Volkov', 'example.com', ['staff', 'security'], 'an auditor'),
  person('erin', 'Erin Walsh', 'example.com', null, 'nobody gave her a group'),
]

export const partnerPeople: readonly Described[] = [
  person('mei', 'Mei Lin', 'acme.example', ['acme-migration'], 'a contractor with a last day'),
  person('pat', 'Pat Pender', 'acme.example', ['platform'], 'a group that only sounds like ours'),
]
