import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { demoCaller } from '#demo/demo-aws.ts'
import { demoPassword } from '#demo/demo-people.ts'
import type { AwsFinding } from '#domain/aws-refusal.ts'
import { enFindings } from '../../src/words/en-findings.ts'
import { createVisitor, type Visitor } from '../support/cookie-jar.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'

const roleArn = 'arn:aws:iam::111122220101:role/sekisho/ReadOnlyAccess'
const denied = (action: string, more = '') =>
  `User: ${demoCaller.arn} is not authorized to perform: sts:${action} on resource: ${roleArn}${more}`
const constraint = (field: string) =>
  `1 validation error detected: Value 'x' at '${field}' failed to satisfy constraint: Member must …`

/** How often the fault meets the same opening: the SDK asks twice where AWS is at fault, and two Regions. */
const always = Infinity

type Row = readonly [
  status: number,
  code: string,
  message: string,
  finding: AwsFinding,
  page: 'aws-refused' | 'aws-misconfigured' | 'aws-busy' | 'aws-unavailable',
  times?: number,
]

/** Every error that STS is known to give for AssumeRole, code by code and message by message. */
const rows: readonly Row[] = [
  [403, 'AccessDenied', denied('AssumeRole'), 'assume-role-refused', 'aws-refused'],
  [
    403,
    'AccessDenied',
    denied('AssumeRole', ' because no identity-based policy allows the sts:AssumeRole action'),
    'broker-policy-refuses',
    'aws-refused',
  ],
  [
    403,
    'AccessDenied',
    denied('AssumeRole', ' because no role trust policy allows the sts:AssumeRole action'),
    'trust-policy-refuses',
    'aws-refused',
  ],
  [
    403,
    'AccessDenied',
    denied('AssumeRole', ' with an explicit deny in a service control policy'),
    'explicit-deny',
    'aws-refused',
  ],
  [403, 'AccessDenied', denied('TagSession'), 'tags-refused', 'aws-refused'],
  [403, 'AccessDenied', denied('SetSourceIdentity'), 'source-identity-refused', 'aws-refused'],
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
    constraint('durationSeconds'),
    'duration-out-of-range',
    'aws-misconfigured',
  ],
  [
    400,
    'ValidationError',
    constraint('roleSessionName'),
    'session-name-malformed',
    'aws-misconfigured',
  ],
  [400, 'ValidationError', `${roleArn} is invalid`, 'role-arn-malformed', 'aws-misconfigured'],
  [
    400,
    'ValidationError',
    'The source identity is already set for this assume role session.',
    'source-identity-already-set',
    'aws-misconfigured',
  ],
  [400, 'ValidationError', constraint('externalId'), 'request-malformed', 'aws-misconfigured'],
  [400, 'MalformedInput', 'An integer was expected', 'request-malformed', 'aws-misconfigured'],
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
    'Packed policy consumes 118% of allotted space, please use smaller policy.',
    'packed-policy-too-large',
    'aws-misconfigured',
  ],
  [
    403,
    'RegionDisabledException',
    'STS is not activated in this region for account:111122220101. Your account administrator can activate STS in this region using the IAM Console.',
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
    400,
    'ExpiredTokenException',
    'Token expired: current date/time must be before the expiration date/time',
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
    'The request signature we calculated does not match the signature you provided.',
    'signature-mismatch',
    'aws-misconfigured',
  ],
  [
    403,
    'SignatureDoesNotMatch',
    'Signature expired: 20261125T000000Z is now earlier than 20261125T010000Z (20261125T011500Z - 15 min.)',
    'clock-skew',
    'aws-misconfigured',
    always,
  ],
  [400, 'Throttling', 'Rate exceeded', 'throttled', 'aws-busy', always],
  [
    500,
    'InternalFailure',
    'We encountered an internal error.',
    'aws-fault',
    'aws-unavailable',
    always,
  ],
  [503, 'ServiceUnavailable', 'Service Unavailable', 'aws-fault', 'aws-unavailable', always],
]

let demo: TestDemo
let operator: Visitor
let person: Visitor
const cleanups: (() => unknown)[] = []
const suite = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }

before(async () => {
  demo = await startTestDemo(
    suite,
    // An opening that AWS made wait must not change where the next one goes.
    { timeouts: { regionRestSeconds: 0 } },
  )
  operator = await signedIn('alice')
  person = await signedIn('bob')
})
after(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

describe('the page for a refusal of STS', () => {
  for (const [status, code, message, finding, page, times = 1] of rows) {
    it(`${status} ${code} (${finding}) is plain for people and exact for operators`, async () => {
      const fault = { kind: 'sts-error', status, code, message } as const
      demo.aws.faults.set('sts', fault, { times })
      const seen = await person.open('/go/payments-prod/ReadOnly')
      demo.aws.faults.clear()
      demo.aws.faults.set('sts', fault, { times })
      const explained = await operator.open('/go/payments-prod/ReadOnly')
      demo.aws.faults.clear()

      const expected = page === 'aws-busy' ? 503 : 502
      for (const answer of [seen, explained]) {
        assert.equal(answer.status, expected, answer.body)
        assert.ok(answer.body.includes(`<code>${page}</code>`), answer.body)
        assert.match(answer.body, /<code>[0-9A-Z]{4}(-[0-9A-Z]{4}){3}<\/code>/)
        assert.equal(answer.headers['retry-after'] !== undefined, page === 'aws-busy')
      }
      assert.doesNotMatch(textOf(seen.body), /arn:aws|sts:|AWS said|For operators/)
      assert.ok(!textOf(seen.body).includes(message))

      const text = textOf(explained.body)
      assert.ok(text.includes(enFindings[finding]), `${finding} is not explained: ${text}`)
      assert.ok(text.includes(message.replaceAll('\n', ' ')))
      assert.ok(text.includes(roleArn))
      assert.equal(
        text.includes('"sts:ExternalId": "sekisho-payments-prod-7f3a"'),
        page === 'aws-refused',
      )
      const isAboutCaller = /^(broker-credentials|clock|signature)/.test(finding)
      if (page === 'aws-misconfigured' && !isAboutCaller) assert.ok(text.includes(demoCaller.arn))
      if (page === 'aws-refused') assert.ok(text.includes(`"AWS": "${demoCaller.arn}"`))
    })
  }

  it('is one for each row: none has been left out of the words', () => {
    const tested = new Set(rows.map(([, , , finding]) => finding))
    assert.ok(tested.size >= 24)
    for (const finding of tested) assert.notEqual(enFindings[finding], enFindings.unknown)
  })
})

async function signedIn(name: string): Promise<Visitor> {
  const visitor = createVisitor(demo.url)
  await visitor.signIn('/sign-in/company', name, demoPassword)
  return visitor
}

/** As people read it. */
function textOf(html: string): string {
  return html
    .replace(/<(style|script)\b.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
