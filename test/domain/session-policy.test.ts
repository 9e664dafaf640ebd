import fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { policyProblems, sessionPolicyFor } from '#domain/session-policy.ts'

const noPolicy = { sessionPolicy: null, sessionPolicyArns: [] }
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const fence = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
}
const end = new Date('2026-12-01T12:00:00.900Z')
const denyAtEnd = {
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { DateGreaterThan: { 'aws:CurrentTime': '2026-12-01T12:00:00Z' } },
}

const parsed = (text: string | null) => JSON.parse(text ?? 'null')

describe('the session policy', () => {
  it('is what the config says, byte for byte, where the session has no exact end', () => {
    const text = JSON.stringify(fence)
    assert.deepEqual(
      sessionPolicyFor({ sessionPolicy: text, sessionPolicyArns: [readOnly] }, null),
      { policy: text, policyArns: [readOnly] },
    )
    assert.deepEqual(sessionPolicyFor(noPolicy, null), { policy: null, policyArns: [] })
  })

  it('denies everything after the end, in whole seconds and never later', () => {
    const { policy } = sessionPolicyFor({ ...noPolicy, sessionPolicy: JSON.stringify(fence) }, end)
    assert.deepEqual(parsed(policy).Statement, [fence.Statement, denyAtEnd])
  })

  it('allows everything until then where the role is not narrowed: a lone Deny would allow nothing', () => {
    assert.deepEqual(parsed(sessionPolicyFor(noPolicy, end).policy), {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }, denyAtEnd],
    })
  })

  it('adds no Allow beside managed policies, which it would widen to the whole role', () => {
    const { policy, policyArns } = sessionPolicyFor(
      { ...noPolicy, sessionPolicyArns: [readOnly] },
      end,
    )
    assert.deepEqual(parsed(policy).Statement, [denyAtEnd])
    assert.deepEqual(policyArns, [readOnly])
  })

  it('opens nothing where the end cannot be added', () => {
    assert.throws(() => sessionPolicyFor({ ...noPolicy, sessionPolicy: 'no JSON' }, end), {
      code: 'aws-misconfigured',
    })
  })
})

describe('the check of a session policy', () => {
  it('has nothing to say about good ones', () => {
    assert.deepEqual(policyProblems(JSON.stringify(fence), [readOnly]), [])
    assert.deepEqual(policyProblems(null, []), [])
  })

  const refused: readonly (readonly [string, object | string, RegExp])[] = [
    ['text that is no JSON', '{', /JSON/],
    ['a list', '[]', /JSON object/],
    ['no statement', {}, /no Statement/],
    ['an unknown version', { ...fence, Version: '2020-01-01' }, /Version/],
    ['an effect in lower case', withStatement({ Effect: 'allow' }), /Effect/],
    ['no action', withStatement({ Action: undefined }), /Action/],
    ['both Action and NotAction', withStatement({ NotAction: 's3:*' }), /Action/],
    ['no resource', withStatement({ Resource: undefined }), /Resource/],
    ['a principal', withStatement({ Principal: '*' }), /Principal/],
    ['characters that STS does not take', withStatement({ Sid: '関所' }), /U\+00FF/],
  ]
  for (const [what, policy, complaint] of refused) {
    it(`refuses ${what} before AWS does so at somebody's sign-in`, () => {
      const text = typeof policy === 'string' ? policy : JSON.stringify(policy)
      assert.match(policyProblems(text, []).join('\n'), complaint)
    })
  }

  it('refuses ARNs that name no policy, too many of them, and twins', () => {
    assert.match(policyProblems(null, ['arn:aws:iam::aws:role/x']).join(), /no policy ARN/)
    assert.match(policyProblems(null, [readOnly, readOnly]).join(), /twice/)
    const eleven = Array.from({ length: 11 }, (_, index) => `${readOnly}${index}`)
    assert.match(policyProblems(null, eleven).join(), /at most 10/)
  })

  it('leaves room for the end of a session: what it passes fits AWS with an end as well', () => {
    const lengths = fc.tuple(fc.integer({ min: 1, max: 2100 }), fc.integer({ min: 0, max: 3 }))
    fc.assert(
      fc.property(lengths, ([length, arns]) => {
        const policy = JSON.stringify(withStatement({ Sid: 'x'.repeat(length) }))
        const policyArns = Array.from({ length: arns }, (_, index) => `${readOnly}${index}`)
        const sent = sessionPolicyFor({ sessionPolicy: policy, sessionPolicyArns: policyArns }, end)
        const characters = (sent.policy ?? '').length + policyArns.join('').length
        assert.equal(policyProblems(policy, policyArns).length === 0, characters <= 2048)
      }),
    )
  })
})

function withStatement(changes: object): object {
  return { ...fence, Statement: [{ ...fence.Statement, ...changes }] }
}
