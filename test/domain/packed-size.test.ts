import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { estimatedPackedPercent } from '#domain/packed-size.ts'

const plain = { sessionPolicy: null, sessionPolicyArns: [], sessionTags: new Map() }
const arn = (index: number) => `arn:aws:iam::aws:policy/ReadOnlyAccess${index}`
const arns = (count: number) => Array.from({ length: count }, (_, index) => arn(index))
const policyOf = (characters: number) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'x'.repeat(characters), Effect: 'Allow', Action: '*', Resource: '*' }],
  })
const tags = (count: number, template: string) =>
  new Map(Array.from({ length: count }, (_, index) => [`key${index}`, template]))
const accountPart = (name: string) => (name.startsWith('account.') ? 20 : null)

describe('the estimate of what AWS packs into a session', () => {
  const cases: readonly (readonly [string, Partial<typeof plain> | object, number, number])[] = [
    ['nothing but an end', {}, 20, 30],
    ['one managed policy and an end', { sessionPolicyArns: arns(1) }, 20, 30],
    ['ten managed policies', { sessionPolicyArns: arns(10) }, 50, 65],
    ['a policy of 400 characters', { sessionPolicy: policyOf(320) }, 50, 65],
    ['a policy of 700 characters', { sessionPolicy: policyOf(620) }, 80, 90],
    ['a policy that fills what AWS takes in text', { sessionPolicy: policyOf(1_800) }, 180, 200],
    ['ten tags of the account', { sessionTags: tags(10, '{account.tags.team}') }, 40, 50],
    ['ten tags of the person', { sessionTags: tags(10, '{person.email}') }, 80, 90],
    ['fifty tags', { sessionTags: tags(50, '{account.id}') }, 125, 140],
  ]
  for (const [what, permissionSet, least, most] of cases) {
    it(`is between ${least} and ${most} % for ${what}`, () => {
      const percent = estimatedPackedPercent({ ...plain, ...permissionSet }, accountPart)
      assert.ok(percent >= least && percent <= most, `${percent} %`)
    })
  }

  it('grows with policies, ARNs and tags together: they share one room', () => {
    const sessionPolicy = policyOf(100)
    const together = { sessionPolicy, sessionPolicyArns: arns(3), sessionTags: tags(5, 'x') }
    const each = [
      { sessionPolicy },
      { sessionPolicyArns: arns(3) },
      { sessionTags: tags(5, 'x') },
    ].map((part) => estimatedPackedPercent({ ...plain, ...part }, accountPart))
    const percent = estimatedPackedPercent({ ...plain, ...together }, accountPart)
    assert.ok(each.every((one) => one < percent))
  })

  it('counts no more of a value than AWS takes', () => {
    const endless = estimatedPackedPercent(
      { ...plain, sessionTags: tags(1, '{account.name}') },
      () => 9_999,
    )
    const longest = estimatedPackedPercent(
      { ...plain, sessionTags: tags(1, '{account.name}') },
      () => 256,
    )
    assert.equal(endless, longest)
  })
})
