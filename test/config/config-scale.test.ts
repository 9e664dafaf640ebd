import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sessionKey, settingsOf } from './config-text.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('a config of the size that is planned for', () => {
  it('is taken whole: 5,000 accounts, 200 permission sets, 20,000 assignments', async () => {
    const text = [
      'publicUrl: https://aws.example.com',
      `sessions: { keys: ["${sessionKey}"] }`,
      'identityProviders: { company: { issuer: "https://login.example.com", clientId: a, clientSecret: b } }',
      'accounts:',
      ...numbers(5_000).map(
        (n) => `  account-${n}: { id: "${100_000_000_000 + n}", tags: { team: t${n % 50} } }`,
      ),
      'permissionSets:',
      ...numbers(200).map((n) => `  set-${n}: { roleName: sekisho/Role${n} }`),
      'assignments:',
      ...numbers(20_000).map(
        (n) =>
          `  - { name: rule ${n}, groups: [g${n}], accounts: [account-${n % 5_000}, "tag:team=t${n % 50}"], permissionSets: [set-${n % 200}] }`,
      ),
    ].join('\n')

    const { policy } = await settingsOf(text)

    assert.equal(policy.accounts.size, 5_000)
    assert.equal(policy.permissionSets.size, 200)
    assert.equal(policy.assignments.get('company')?.byGroup.size, 20_000)
  })
})
