import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { configText, problemsOf, warningsOf } from './config-text.ts'

const statement = (sid: number) =>
  `{ Version: "2012-10-17", Statement: [{ Sid: ${'x'.repeat(sid)}, Effect: Allow, Action: "*", Resource: "*" }] }`
const arns = (count: number) =>
  Array.from({ length: count }, (_, n) => `"arn:aws:iam::aws:policy/P${n}"`).join(', ')
const tags = (count: number, value: string) =>
  Array.from({ length: count }, (_, n) => `key${n}: "${value}"`).join(', ')
const withSet = (settings: string, accounts = 'prod: { id: "111122223333" }') =>
  configText({
    accounts: `{ ${accounts} }`,
    permissionSets: `{ admin: { roleName: R, ${settings} } }`,
    environments: '',
  })

describe('the check of what goes into a session', () => {
  const warned: readonly (readonly [string, string, string])[] = [
    ['a long inline policy', `sessionPolicy: ${statement(700)}`, 'sessionPolicy'],
    [
      'a long policy as text',
      `sessionPolicy: '${JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'x'.repeat(700), Effect: 'Allow', Action: '*', Resource: '*' }] })}'`,
      'sessionPolicy',
    ],
    [
      'managed policies with many tags',
      `sessionPolicyArns: [${arns(10)}], sessionTags: { ${tags(10, '{person.name}')} }`,
      'sessionPolicyArns',
    ],
    ['tags alone', `sessionTags: { ${tags(12, '{person.email}')} }`, 'sessionTags'],
  ]
  for (const [what, settings, key] of warned) {
    it(`warns of ${what} that AWS may not pack, and calls it an estimate`, async () => {
      const [warning, ...more] = await warningsOf(withSet(settings))
      assert.equal(warning?.path, `/permissionSets/admin/${key}`)
      assert.match(warning.message, /may fill \d+% .* an estimate/)
      assert.deepEqual(more, [])
    })
  }

  it('counts tags of accounts by the longest that any account has', async () => {
    const set = `sessionTags: { ${tags(15, '{account.tags.team}')} }`
    const account = (team: string) => `prod: { id: "111122223333", tags: { team: "${team}" } }`
    assert.deepEqual(await warningsOf(withSet(set, account('short'))), [])
    const other = `other: { id: "111122224444", tags: { team: "${'long'.repeat(15)}" } }`
    assert.equal((await warningsOf(withSet(set, `${account('short')}, ${other}`))).length, 1)
  })

  it('has nothing to say about a small policy, a managed one and a few tags', async () => {
    const set = `sessionPolicy: ${statement(20)}, sessionPolicyArns: [${arns(2)}], sessionTags: { ${tags(3, '{person.email}')} }`
    assert.deepEqual(await warningsOf(withSet(set)), [])
  })

  const refused: readonly (readonly [string, string, RegExp])[] = [
    [
      'a policy that fits by itself and not with the end of a session',
      `sessionPolicy: ${statement(1_900)}`,
      /^2\d{3} characters with ARNs and the end of a session; AWS takes 2048/,
    ],
    ['eleven managed policies', `sessionPolicyArns: [${arns(11)}]`, /at most 10 policy ARNs/],
    ['51 tags', `sessionTags: { ${tags(51, 'x')} }`, /at most 50 session tags/],
    ['a tag value of 257', `sessionTags: { team: ${'x'.repeat(257)} }`, /longer than 256/],
  ]
  for (const [what, settings, message] of refused) {
    it(`refuses ${what}: AWS documents that limit`, async () => {
      const problems = await problemsOf(withSet(settings))
      assert.equal(problems.length, 1, JSON.stringify(problems))
      assert.match(problems[0]?.message ?? '', message)
    })
  }
})
