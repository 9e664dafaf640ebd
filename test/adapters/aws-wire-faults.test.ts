import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Fault, FaultTarget } from '#demo/aws-double.ts'
import type { ProblemCode } from '#domain/problem.ts'
import {
  anOpening,
  assertNoSecrets,
  chained,
  haste,
  problemOf,
  setUpAws,
} from '../support/aws-openings.ts'

/** Whatever comes over the wire, in all Regions at once: an answer in time, and never a stray error. */
const wire: readonly (readonly [FaultTarget, Fault, ProblemCode, string])[] = [
  ['sts', { kind: 'status', status: 503 }, 'aws-unavailable', 'aws-fault'],
  ['sts', { kind: 'status', status: 403 }, 'aws-unavailable', 'answer-unreadable'],
  ['sts', { kind: 'status', status: 413, body: '' }, 'aws-unavailable', 'answer-unreadable'],
  ['sts', { kind: 'hang' }, 'aws-unavailable', 'timed-out'],
  ['sts', { kind: 'drip' }, 'aws-unavailable', 'timed-out'],
  ['sts', { kind: 'truncated' }, 'aws-unavailable', 'answer-unreadable'],
  ['sts', { kind: 'json', body: { SigninToken: 'x' } }, 'aws-unavailable', 'answer-unreadable'],
  ['sts', { kind: 'oversized' }, 'aws-unavailable', 'answer-unreadable'],
  ['federation', { kind: 'status', status: 503 }, 'aws-unavailable', 'aws-fault'],
  ['federation', { kind: 'status', status: 429 }, 'aws-busy', 'throttled'],
  ['federation', { kind: 'status', status: 403 }, 'aws-refused', 'federation-refused'],
  [
    'federation',
    { kind: 'status', status: 302, headers: { location: '/elsewhere' } },
    'aws-unavailable',
    'federation-redirected',
  ],
  ['federation', { kind: 'status', status: 200 }, 'aws-unavailable', 'answer-unreadable'],
  ['federation', { kind: 'hang' }, 'aws-unavailable', 'timed-out'],
  ['federation', { kind: 'drip' }, 'aws-unavailable', 'timed-out'],
  ['federation', { kind: 'reset' }, 'aws-unavailable', 'unreachable'],
  ['federation', { kind: 'truncated' }, 'aws-unavailable', 'answer-unreadable'],
  [
    'federation',
    { kind: 'json', body: { signinToken: 'x' } },
    'aws-unavailable',
    'answer-unreadable',
  ],
  [
    'federation',
    { kind: 'json', body: { SigninToken: '' } },
    'aws-unavailable',
    'answer-unreadable',
  ],
  ['federation', { kind: 'json', body: [] }, 'aws-unavailable', 'answer-unreadable'],
  ['federation', { kind: 'oversized' }, 'aws-unavailable', 'answer-unreadable'],
]

describe('an answer that is none', () => {
  for (const [target, fault, code, finding] of wire) {
    it(`(${target}: ${JSON.stringify(fault).slice(1, 60)}) becomes ${code}: ${finding}`, async (t) => {
      const isEndless = fault.kind === 'hang' || fault.kind === 'drip'
      const { aws, federation, logged } = await setUpAws(
        t,
        isEndless ? { federation: { timeouts: haste } } : {},
      )
      aws.faults.set(target, fault)
      const startedAt = performance.now()
      const problem = await problemOf(federation.openConsole(anOpening()))

      assert.ok(!isEndless || performance.now() - startedAt < 3_000)
      assert.deepEqual([problem.code, problem.operatorNote?.finding], [code, finding])
      const sessions = aws.requests.map(({ body }) => new URLSearchParams(body).get('Session'))
      assertNoSecrets(problem, logged(), ...sessions.flatMap(secretsIn))
    })
  }

  it('becomes aws-unavailable for a connection that STS cuts off', async (t) => {
    const { aws, federation } = await setUpAws(t)
    aws.faults.set('sts', { kind: 'reset' })
    assert.equal((await problemOf(federation.openConsole(anOpening()))).code, 'aws-unavailable')
  })

  it('of one moment only is not noticed: a connection cut off is tried once more', async (t) => {
    const { aws, federation } = await setUpAws(t)
    aws.faults.set('federation', { kind: 'reset' }, { times: 1 })
    aws.faults.set('sts', { kind: 'reset' }, { times: 1 })
    const opened = await federation.openConsole(anOpening())
    assert.deepEqual([opened.region, opened.notices], ['eu-west-1', []])
  })

  it('of a clock an hour off does no harm: the SDK signs by the time that AWS says', async (t) => {
    const double = { clock: () => new Date(Date.now() + 3_600_000) }
    const { federation } = await setUpAws(t, { double, caller: chained })
    const opened = await federation.openConsole(anOpening())
    assert.equal(opened.sessionSeconds, 3600)
  })

  it('under a wrong Date fails nobody, neither this opening nor the next ones', async (t) => {
    const { aws, federation } = await setUpAws(t)
    aws.faults.set('sts', { kind: 'wrong-date' }, { times: 1 })
    for (let opening = 0; opening < 3; opening += 1) {
      assert.equal((await federation.openConsole(anOpening())).region, 'eu-west-1')
    }
  })
})

function secretsIn(session: string | null): string[] {
  const { sessionKey, sessionToken } = JSON.parse(session ?? '{}')
  return [sessionKey, sessionToken].filter((text) => typeof text === 'string')
}
