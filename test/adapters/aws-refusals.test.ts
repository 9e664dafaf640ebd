import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'

import type { ProblemCode } from '#domain/problem.ts'
import type { ConsoleOpening } from '#ports'
import {
  anOpening,
  assertNoSecrets,
  brokerArn,
  chained,
  chainedBrokerArn,
  haste,
  longTerm,
  problemOf,
  production,
  setUpAws,
  viewer,
  type SetUpOptions,
} from '../support/aws-openings.ts'

const roleArn = 'arn:aws:iam::111122223333:role/sekisho/ViewOnlyAccess'
const secret = longTerm.secretAccessKey

/** What AWS itself refuses, played by the double's own rules. */
const refusals: readonly (readonly [
  string,
  SetUpOptions,
  Partial<ConsoleOpening>,
  ProblemCode,
  string,
])[] = [
  [
    'a role that is missing',
    {},
    { account: { ...production, id: '222233334444' } },
    'aws-refused',
    'assume-role-refused',
  ],
  [
    'a trust policy without the broker',
    { trust: { principals: ['arn:aws:iam::999988887777:user/other'] } },
    {},
    'aws-refused',
    'assume-role-refused',
  ],
  [
    'a wrong external id',
    { trust: { externalId: 'another' } },
    {},
    'aws-refused',
    'assume-role-refused',
  ],
  [
    "the broker's own policy",
    { caller: { ...longTerm, allowed: { assumeRole: false } } },
    {},
    'aws-refused',
    'assume-role-refused',
  ],
  [
    'a source identity not allowed',
    {},
    { sourceIdentity: 'ada' },
    'aws-refused',
    'source-identity-refused',
  ],
  ['tags not allowed', {}, { tags: new Map([['team', 'x']]) }, 'aws-refused', 'tags-refused'],
  [
    'a source identity of its own',
    { caller: { ...chained, sourceIdentity: 'somebody' }, trust: { sourceIdentity: 'allowed' } },
    { sourceIdentity: 'ada' },
    'aws-misconfigured',
    'source-identity-already-set',
  ],
  [
    'an illegal session name',
    {},
    { roleSessionName: 'ä' },
    'aws-misconfigured',
    'session-name-malformed',
  ],
  [
    'tag keys that differ by case only',
    {},
    {
      tags: new Map([
        ['team', 'x'],
        ['Team', 'y'],
      ]),
    },
    'aws-misconfigured',
    'tag-keys-duplicate',
  ],
  [
    'a malformed session policy',
    {},
    { permissionSet: { ...viewer, sessionPolicy: '{"Statement":[{}]}' } },
    'aws-misconfigured',
    'session-policy-malformed',
  ],
  [
    'a session policy that is too large',
    {},
    { permissionSet: { ...viewer, sessionPolicy: longPolicy() } },
    'aws-misconfigured',
    'packed-policy-too-large',
  ],
  [
    'a Region in which STS is off',
    { regionsDisabled: ['eu-west-1'] },
    {},
    'aws-misconfigured',
    'region-disabled',
  ],
  [
    'expired credentials',
    { caller: { ...chained, accessKeyId: 'ASIAEXPIRED', expiresAt: new Date(0) } },
    {},
    'aws-misconfigured',
    'broker-credentials-expired',
  ],
  [
    'an unknown key',
    { federation: { credentials: { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: secret } } },
    {},
    'aws-misconfigured',
    'broker-credentials-unknown',
  ],
  [
    'a wrong secret',
    {
      federation: {
        credentials: { accessKeyId: longTerm.accessKeyId, secretAccessKey: `${secret}!` },
      },
    },
    {},
    'aws-misconfigured',
    'signature-mismatch',
  ],
]

describe('a refusal of AWS', () => {
  for (const [what, options, changes, code, finding] of refusals) {
    it(`for ${what} becomes ${code}, and tells the operator: ${finding}`, async (t) => {
      const { aws, federation, logged } = await setUpAws(t, options)
      const opening = anOpening(changes)
      const problem = await problemOf(federation.openConsole(opening))

      assert.deepEqual([problem.code, problem.operatorNote?.finding], [code, finding])
      assert.equal(problem.facts['accountName'], 'Production')
      assert.ok(problem.operatorNote?.message)
      assert.deepEqual(new Set(aws.requests.map(({ region }) => region)), new Set(['eu-west-1']))
      assertNoSecrets(problem, logged())
    })
  }

  it('is not repeated: AWS said no', async (t) => {
    const { aws, federation } = await setUpAws(t, { trust: { principals: [] } })
    await problemOf(federation.openConsole(anOpening()))
    assert.equal(aws.requests.length, 1)
  })

  it('comes with the trust policy that should be there, for the broker that was refused', async (t) => {
    const { federation } = await setUpAws(t, { caller: chained, trust: { principals: [] } })
    const { operatorNote } = await problemOf(federation.openConsole(anOpening()))

    assert.equal(operatorNote?.callerArn, chainedBrokerArn)
    assert.equal(operatorNote.roleArn, roleArn)
    const [statement] = JSON.parse(operatorNote.trustPolicy ?? '').Statement
    assert.equal(statement.Principal.AWS, 'arn:aws:iam::999988887777:role/console-broker')
    assert.equal(statement.Condition.StringEquals['sts:ExternalId'], 'sekisho-prod-4711')
  })

  it('says who the broker is even where AWS does not, and asks that once', async (t) => {
    const { aws, federation } = await setUpAws(t)
    aws.faults.set('federation', { kind: 'status', status: 403 })
    const first = await problemOf(federation.openConsole(anOpening()))
    const second = await problemOf(federation.openConsole(anOpening()))

    assert.equal(first.operatorNote?.callerArn, brokerArn)
    assert.equal(second.operatorNote?.callerArn, brokerArn)
    // A 403 is not the 400 of chained credentials: nothing is asked again without SessionDuration.
    assert.equal(aws.requests.filter((request) => request.at === 'federation').length, 2)
    const asked = aws.requests.filter(({ body }) => body.includes('GetCallerIdentity'))
    assert.equal(asked.length, 1)
  })

  it('never carries the canonical request, in which the session token stands', async (t) => {
    const { aws, federation } = await setUpAws(t, { caller: chained })
    const message = `No match.\nThe Canonical String for this request should have been\n${chained.sessionToken}`
    aws.faults.set('sts', {
      kind: 'sts-error',
      status: 403,
      code: 'SignatureDoesNotMatch',
      message,
    })
    const problem = await problemOf(federation.openConsole(anOpening()))
    assert.equal(problem.operatorNote?.message, 'No match.')
    assertNoSecrets(problem)
  })
})

describe("the broker's own credentials", () => {
  it('are a fault of the set-up where no provider finds any', async (t) => {
    const credentials = () => Promise.reject(new Error('Could not load credentials'))
    const { aws, federation } = await setUpAws(t, { federation: { credentials } })
    const problem = await problemOf(federation.openConsole(anOpening()))

    assert.equal(problem.code, 'aws-misconfigured')
    assert.equal(problem.operatorNote?.finding, 'broker-credentials-missing')
    assert.equal(aws.requests.length, 0)
  })

  it('do not keep people waiting where their provider hangs', async (t) => {
    const { promise: never } = Promise.withResolvers<typeof longTerm>()
    const { federation } = await setUpAws(t, {
      federation: { credentials: () => never, timeouts: haste },
    })
    const problem = await problemOf(federation.openConsole(anOpening()))
    assert.equal(problem.code, 'aws-unavailable')
  })
})

/** Errors in AWS's exact XML, which nothing but a fault brings about. */
const stsErrors: readonly (readonly [number, string, string, ProblemCode, string])[] = [
  [
    403,
    'SignatureDoesNotMatch',
    'Signature expired: 20261125T000000Z is now earlier than 20261125T010000Z',
    'aws-misconfigured',
    'clock-skew',
  ],
  [
    403,
    'AccessDenied',
    `User: ${brokerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn} because no identity-based policy allows the sts:AssumeRole action`,
    'aws-refused',
    'broker-policy-refuses',
  ],
  [
    403,
    'AccessDenied',
    `User: ${brokerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn} because no role trust policy allows the sts:AssumeRole action`,
    'aws-refused',
    'trust-policy-refuses',
  ],
  [
    403,
    'AccessDenied',
    `User: ${brokerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn} with an explicit deny in a resource control policy`,
    'aws-refused',
    'explicit-deny',
  ],
  [
    400,
    'ValidationError',
    "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
    'aws-misconfigured',
    'duration-out-of-range',
  ],
  [
    400,
    'ValidationError',
    'arn:aws:iam::111122223333:rôle/x is invalid',
    'aws-misconfigured',
    'role-arn-malformed',
  ],
  [
    400,
    'InvalidParameterValue',
    'The specified transitive tag key must be included in the requested tags.',
    'aws-misconfigured',
    'transitive-tag-missing',
  ],
  [
    400,
    'InvalidParameterValue',
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    'aws-misconfigured',
    'transitive-tag-conflict',
  ],
  [400, 'MalformedInput', 'An integer was expected', 'aws-misconfigured', 'request-malformed'],
  [400, 'Throttling', 'Rate exceeded', 'aws-busy', 'throttled'],
  [500, 'InternalFailure', 'We had a problem', 'aws-unavailable', 'aws-fault'],
  [503, 'ServiceUnavailable', '', 'aws-unavailable', 'aws-fault'],
]

describe('an error in the XML of STS', () => {
  for (const [status, code, message, problemCode, finding] of stsErrors) {
    it(`${code}, "${message.slice(-60)}", becomes ${finding}`, async (t) => {
      const { aws, federation } = await setUpAws(t)
      aws.faults.set('sts', { kind: 'sts-error', status, code, message })
      const problem = await problemOf(federation.openConsole(anOpening()))

      assert.deepEqual([problem.code, problem.operatorNote?.finding], [problemCode, finding])
      assert.equal(problem.retryAfterSeconds !== null, problemCode === 'aws-busy')
    })
  }
})

/** Short enough for 2,048 characters, too varied for AWS's packing. */
function longPolicy(): string {
  const noise = createHash('shake256', { outputLength: 800 }).update('policy').digest('base64url')
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: `arn:aws:s3:::${noise}` }],
  })
}
