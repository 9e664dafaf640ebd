import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { awsFindings, callerArnIn, classifyAwsError, safeAwsMessage } from '#domain/aws-refusal.ts'
import type { AwsFinding } from '#domain/aws-refusal.ts'

const arn = 'arn:aws:iam::111122223333:role/sekisho/ViewOnlyAccess'
const user = 'User: arn:aws:iam::999988887777:user/broker is not authorized to perform:'

/** Status, code, message; and what it means. */
const table: readonly (readonly [number | null, string, string, AwsFinding, string])[] = [
  [
    403,
    'AccessDenied',
    `${user} sts:AssumeRole on resource: ${arn}`,
    'assume-role-refused',
    'aws-refused',
  ],
  [
    403,
    'AccessDenied',
    `${user} sts:SetSourceIdentity on resource: ${arn}`,
    'source-identity-refused',
    'aws-refused',
  ],
  [
    403,
    'AccessDenied',
    `${user} STS:TAGSESSION on resource: ${arn}`,
    'tags-refused',
    'aws-refused',
  ],
  [
    403,
    'AccessDenied',
    `${user} sts:AssumeRole on resource: ${arn} with an explicit deny in a service control policy`,
    'explicit-deny',
    'aws-refused',
  ],
  [
    403,
    'AccessDenied',
    `${user} sts:AssumeRole because no identity-based policy allows the sts:AssumeRole action`,
    'broker-policy-refuses',
    'aws-refused',
  ],
  [
    403,
    'AccessDenied',
    `${user} sts:AssumeRole because no role trust policy allows the sts:AssumeRole action`,
    'trust-policy-refuses',
    'aws-refused',
  ],
  [
    400,
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    'duration-over-role-maximum',
    'aws-misconfigured',
  ],
  [
    400,
    'ValidationError',
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    'duration-over-chaining-cap',
    'aws-misconfigured',
  ],
  [
    400,
    'ValidationError',
    "1 validation error detected: Value '1' at 'durationSeconds' failed to satisfy constraint: …",
    'duration-out-of-range',
    'aws-misconfigured',
  ],
  [
    400,
    'ValidationError',
    "1 validation error detected: Value 'ä' at 'roleSessionName' failed to satisfy constraint: …",
    'session-name-malformed',
    'aws-misconfigured',
  ],
  [400, 'ValidationError', `${arn} is invalid`, 'role-arn-malformed', 'aws-misconfigured'],
  [
    400,
    'ValidationError',
    'The source identity is already set for this assume role session.',
    'source-identity-already-set',
    'aws-misconfigured',
  ],
  [400, 'ValidationError', 'something else', 'request-malformed', 'aws-misconfigured'],
  [
    400,
    'InvalidParameterValue',
    'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    'tag-keys-duplicate',
    'aws-misconfigured',
  ],
  [
    400,
    'InvalidParameterValue',
    'The specified transitive tag key must be included in the requested tags.',
    'transitive-tag-missing',
    'aws-misconfigured',
  ],
  [
    400,
    'InvalidParameterValue',
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    'transitive-tag-conflict',
    'aws-misconfigured',
  ],
  [
    400,
    'MalformedPolicyDocument',
    'Syntax errors in policy.',
    'session-policy-malformed',
    'aws-misconfigured',
  ],
  [
    400,
    'PackedPolicyTooLarge',
    'Packed policy consumes 157% of allotted space',
    'packed-policy-too-large',
    'aws-misconfigured',
  ],
  [
    400,
    'ValidationError',
    'PACKED POLICY CONSUMES 118% of allotted space',
    'packed-policy-too-large',
    'aws-misconfigured',
  ],
  [
    403,
    'RegionDisabled',
    'STS is not activated in this region for account:111122223333.',
    'region-disabled',
    'aws-misconfigured',
  ],
  [
    403,
    'ExpiredToken',
    'The security token included in the request is expired',
    'broker-credentials-expired',
    'aws-misconfigured',
  ],
  [
    403,
    'InvalidClientTokenId',
    'The security token included in the request is invalid',
    'broker-credentials-unknown',
    'aws-misconfigured',
  ],
  [
    403,
    'SignatureDoesNotMatch',
    'Signature expired: 20261125T000000Z is now earlier than …',
    'clock-skew',
    'aws-misconfigured',
  ],
  [
    403,
    'SignatureDoesNotMatch',
    'Signature not yet current: 20261125T000000Z is still later than …',
    'clock-skew',
    'aws-misconfigured',
  ],
  [
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match',
    'signature-mismatch',
    'aws-misconfigured',
  ],
  [400, 'Throttling', 'Rate exceeded', 'throttled', 'aws-busy'],
  [500, 'InternalFailure', '', 'aws-fault', 'aws-unavailable'],
  [503, 'ServiceUnavailable', '', 'aws-fault', 'aws-unavailable'],
  [
    null,
    'CredentialsProviderError',
    'Could not load credentials from any providers',
    'broker-credentials-missing',
    'aws-misconfigured',
  ],
]

describe('what a refusal of AWS means', () => {
  for (const [status, code, message, finding, problem] of table) {
    it(`is ${finding} for ${status} ${code}: ${message.slice(0, 70)}`, () => {
      for (const name of [code, `${code}Exception`]) {
        const refusal = classifyAwsError({ code: name, status, message })
        assert.deepEqual([refusal.finding, refusal.problem], [finding, problem])
      }
    })
  }

  const byStatus: readonly (readonly [number | null, string, AwsFinding, boolean])[] = [
    [null, 'Error', 'unreachable', true],
    [null, 'TimeoutError', 'timed-out', true],
    [null, 'AbortError', 'timed-out', true],
    [200, 'SyntaxError', 'answer-unreadable', true],
    [413, 'Unknown', 'answer-unreadable', false],
    [418, 'Teapot', 'refused-otherwise', false],
    [429, 'Unknown', 'throttled', true],
    [502, 'Unknown', 'aws-fault', true],
  ]
  for (const [status, code, finding, failsOver] of byStatus) {
    it(`is ${finding} for an unknown ${code} with ${status ?? 'no answer'}`, () => {
      const refusal = classifyAwsError({ code, status, message: '<html>' })
      assert.deepEqual([refusal.finding, refusal.failsOver], [finding, failsOver])
    })
  }

  it('sends nobody to another Region for a refusal: the answer would be the same', () => {
    for (const [status, code, message] of table) {
      const { failsOver, problem } = classifyAwsError({ code, status, message })
      assert.equal(failsOver, problem === 'aws-busy' || problem === 'aws-unavailable', code)
    }
  })

  it('says what to do with less, for durations, source identity and tags only', () => {
    const advised = table
      .map(([status, code, message]) => classifyAwsError({ code, status, message }))
      .filter(({ clampToSeconds, leaveOut }) => clampToSeconds !== null || leaveOut !== null)
    assert.deepEqual(
      advised.map(({ finding, clampToSeconds, leaveOut }) => [finding, clampToSeconds, leaveOut]),
      [
        ['source-identity-refused', null, 'source-identity'],
        ['tags-refused', null, 'tags'],
        ['duration-over-role-maximum', 3600, null],
        ['duration-over-chaining-cap', 3600, null],
        ['source-identity-already-set', null, 'source-identity'],
      ],
    )
  })

  it('has a name of its own for each finding', () => {
    assert.equal(new Set(awsFindings).size, awsFindings.length)
  })
})

describe("AWS's message", () => {
  it('loses the canonical request, in which services repeat the session token', () => {
    const message =
      "The request signature does not match.\n\nThe Canonical String for this request should have been\n'x-amz-security-token:SECRET'"
    assert.equal(safeAwsMessage(message), 'The request signature does not match.')
  })

  it('is one line of bounded length', () => {
    assert.equal(safeAwsMessage('a\nb\u0000c'), 'a b c')
    assert.equal(safeAwsMessage('x'.repeat(5000)).length, 600)
  })

  it('names the broker where it was refused', () => {
    assert.equal(callerArnIn(`${user} sts:AssumeRole`), 'arn:aws:iam::999988887777:user/broker')
    assert.equal(callerArnIn('Rate exceeded'), null)
  })
})
