/**
 * What AWS's refusals mean. One table, first match wins: by code, and by a fragment of the message
 * where one code has several meanings. Codes match with and without the suffix `Exception`, which
 * the SDK adds to modelled errors. Messages are never matched whole: AWS changes their wording.
 */
import type { ProblemCode } from './problem.ts'

export interface AwsError {
  /** `error.name` of the SDK: AWS's code, or `Unknown` for an answer that was not AWS's XML. */
  readonly code: string
  /** Null where there was no answer at all. */
  readonly status: number | null
  readonly message: string
}

/** Keys of the explanations for operators: one per row of the table, and a few of our own. */
export const awsFindings = [
  'source-identity-refused',
  'tags-refused',
  'explicit-deny',
  'broker-policy-refuses',
  'trust-policy-refuses',
  'assume-role-refused',
  'duration-over-role-maximum',
  'duration-over-chaining-cap',
  'duration-out-of-range',
  'session-name-malformed',
  'source-identity-already-set',
  'role-arn-malformed',
  'tag-keys-duplicate',
  'transitive-tag-missing',
  'transitive-tag-conflict',
  'request-malformed',
  'session-policy-malformed',
  'packed-policy-too-large',
  'region-disabled',
  'broker-credentials-expired',
  'broker-credentials-unknown',
  'broker-credentials-missing',
  'clock-skew',
  'signature-mismatch',
  'throttled',
  'aws-fault',
  'answer-unreadable',
  'timed-out',
  'unreachable',
  'refused-otherwise',
  'session-duration-refused',
  'federation-refused',
  'federation-redirected',
  'console-host-unknown',
] as const

export type AwsFinding = (typeof awsFindings)[number]

export interface AwsRefusal {
  readonly finding: AwsFinding
  readonly problem: Extract<
    ProblemCode,
    'aws-refused' | 'aws-misconfigured' | 'aws-busy' | 'aws-unavailable'
  >
  /** The DurationSeconds that will pass instead: every role allows an hour. */
  readonly clampToSeconds: number | null
  /** What a lenient permission set goes on without. */
  readonly leaveOut: 'source-identity' | 'tags' | null
  /** Whether another Region may do better. */
  readonly failsOver: boolean
}

type Row = Pick<AwsRefusal, 'finding' | 'problem'> &
  Partial<AwsRefusal> & {
    readonly codes?: readonly string[]
    /** Lower case. */
    readonly fragment?: string
  }

const denied = ['AccessDenied']
const invalid = ['ValidationError', 'InvalidParameterValue', 'InvalidParameterCombination']
const refused = 'aws-refused'
const misconfigured = 'aws-misconfigured'
const oneHour = 3600

// Codes: STS API Reference, common errors and AssumeRole. Fragments: as seen on live STS.
const rows: readonly Row[] = [
  {
    codes: denied,
    fragment: 'sts:setsourceidentity',
    finding: 'source-identity-refused',
    problem: refused,
    leaveOut: 'source-identity',
  },
  {
    codes: denied,
    fragment: 'sts:tagsession',
    finding: 'tags-refused',
    problem: refused,
    leaveOut: 'tags',
  },
  { codes: denied, fragment: 'with an explicit deny', finding: 'explicit-deny', problem: refused },
  {
    codes: denied,
    fragment: 'because no identity-based policy allows',
    finding: 'broker-policy-refuses',
    problem: refused,
  },
  {
    codes: denied,
    fragment: 'because no role trust policy allows',
    finding: 'trust-policy-refuses',
    problem: refused,
  },
  // No such role, trust, identity policy, external id: AWS says the same to all of them.
  { codes: denied, finding: 'assume-role-refused', problem: refused },
  {
    codes: invalid,
    fragment: 'exceeds the maxsessionduration set for this role',
    finding: 'duration-over-role-maximum',
    problem: misconfigured,
    clampToSeconds: oneHour,
  },
  {
    codes: invalid,
    fragment: 'exceeds the 1 hour session limit for roles assumed by role chaining',
    finding: 'duration-over-chaining-cap',
    problem: misconfigured,
    clampToSeconds: oneHour,
  },
  {
    codes: invalid,
    fragment: "at 'durationseconds' failed to satisfy constraint",
    finding: 'duration-out-of-range',
    problem: misconfigured,
  },
  {
    codes: invalid,
    fragment: "at 'rolesessionname' failed to satisfy constraint",
    finding: 'session-name-malformed',
    problem: misconfigured,
  },
  {
    codes: invalid,
    fragment: 'source identity is already set',
    finding: 'source-identity-already-set',
    problem: misconfigured,
    leaveOut: 'source-identity',
  },
  {
    codes: invalid,
    fragment: 'duplicate tag keys found',
    finding: 'tag-keys-duplicate',
    problem: misconfigured,
  },
  {
    codes: invalid,
    fragment: 'transitive tag key must be included in the requested tags',
    finding: 'transitive-tag-missing',
    problem: misconfigured,
  },
  {
    codes: invalid,
    fragment: 'conflicts with a transitive tag key',
    finding: 'transitive-tag-conflict',
    problem: misconfigured,
  },
  {
    codes: invalid,
    fragment: ' is invalid',
    finding: 'role-arn-malformed',
    problem: misconfigured,
  },
  {
    codes: ['PackedPolicyTooLarge'],
    finding: 'packed-policy-too-large',
    problem: misconfigured,
  },
  {
    fragment: 'packed policy consumes',
    finding: 'packed-policy-too-large',
    problem: misconfigured,
  },
  {
    codes: ['MalformedPolicyDocument'],
    finding: 'session-policy-malformed',
    problem: misconfigured,
  },
  {
    codes: ['RegionDisabled', 'OptInRequired'],
    finding: 'region-disabled',
    problem: misconfigured,
  },
  {
    fragment: 'sts is not activated in this region',
    finding: 'region-disabled',
    problem: misconfigured,
  },
  {
    codes: ['ExpiredToken', 'RequestExpired'],
    finding: 'broker-credentials-expired',
    problem: misconfigured,
  },
  {
    codes: ['InvalidClientTokenId', 'UnrecognizedClient', 'MissingAuthenticationToken'],
    finding: 'broker-credentials-unknown',
    problem: misconfigured,
  },
  {
    codes: ['SignatureDoesNotMatch'],
    fragment: 'signature expired',
    finding: 'clock-skew',
    problem: misconfigured,
  },
  {
    codes: ['SignatureDoesNotMatch'],
    fragment: 'signature not yet current',
    finding: 'clock-skew',
    problem: misconfigured,
  },
  { codes: ['RequestTimeTooSkewed'], finding: 'clock-skew', problem: misconfigured },
  {
    codes: ['SignatureDoesNotMatch', 'IncompleteSignature', 'InvalidSignature'],
    finding: 'signature-mismatch',
    problem: misconfigured,
  },
  // Each regional endpoint counts by itself, so that another one may still answer.
  {
    codes: ['Throttling', 'Throttled', 'TooManyRequests', 'RequestLimitExceeded', 'SlowDown'],
    finding: 'throttled',
    problem: 'aws-busy',
    failsOver: true,
  },
  {
    codes: ['InternalFailure', 'InternalError', 'ServiceUnavailable', 'IDPCommunicationError'],
    finding: 'aws-fault',
    problem: 'aws-unavailable',
    failsOver: true,
  },
  {
    codes: ['CredentialsProviderError', 'TokenProviderError'],
    finding: 'broker-credentials-missing',
    problem: misconfigured,
  },
  {
    codes: ['TimeoutError', 'AbortError', 'RequestTimeout'],
    finding: 'timed-out',
    problem: 'aws-unavailable',
    failsOver: true,
  },
  {
    codes: [...invalid, 'MalformedInput', 'InvalidAction', 'MissingParameter'],
    finding: 'request-malformed',
    problem: misconfigured,
  },
]

/** Total: what no row knows is judged by its status alone. */
export function classifyAwsError({ code, status, message }: AwsError): AwsRefusal {
  const bare = code.replace(/Exception$/, '')
  const lowerMessage = message.toLowerCase()
  const row = rows.find(
    ({ codes, fragment }) =>
      (codes === undefined || codes.includes(bare)) &&
      (fragment === undefined || lowerMessage.includes(fragment)),
  )
  const { finding, problem, ...advice } = row ?? byStatus(status, bare)
  return {
    finding,
    problem,
    clampToSeconds: advice.clampToSeconds ?? null,
    leaveOut: advice.leaveOut ?? null,
    failsOver: advice.failsOver ?? false,
  }
}

function byStatus(status: number | null, code: string): Row {
  const unavailable = 'aws-unavailable'
  if (status === null) return { finding: 'unreachable', problem: unavailable, failsOver: true }
  if (status === 429) return { finding: 'throttled', problem: 'aws-busy', failsOver: true }
  if (status >= 500) return { finding: 'aws-fault', problem: unavailable, failsOver: true }
  // A 200 that cannot be read was cut off on its way.
  if (status < 300) return { finding: 'answer-unreadable', problem: unavailable, failsOver: true }
  return code === 'Unknown'
    ? { finding: 'answer-unreadable', problem: unavailable }
    : { finding: 'refused-otherwise', problem: refused }
}

/**
 * AWS's message without what may be secret in it: for a wrong signature some services repeat the
 * canonical request, session token and all. One line, at most 600 characters.
 */
export function safeAwsMessage(message: string): string {
  const [beforeCanonical = ''] = message.split(/the canonical string|the string-to-sign/i)
  return beforeCanonical
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 600)
}

/** The broker's own ARN, where an AccessDenied names it. */
export function callerArnIn(message: string): string | null {
  return /\bUser: (arn:[\w+=,.@:/-]+)/.exec(message)?.[1] ?? null
}
