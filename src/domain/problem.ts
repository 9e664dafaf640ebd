/**
 * What can go wrong for a visitor. The code is the contract (RFC 9457 `type`): the words for it, in
 * each language, are in src/words. `facts` is for the visitor, `cause` for the operator's log.
 */

const catalogue = {
  'invalid-request': 400,
  'body-too-large': 413,
  'connection-not-https': 400,
  'destination-refused': 400,
  'sign-in-failed': 400,
  'sign-in-expired': 400,
  'sign-in-replayed': 400,
  'sign-in-refused': 403,
  'sign-in-cancelled': 400,
  'groups-overage': 403,
  'identity-provider-unavailable': 503,
  'sign-in-required': 401,
  'forged-request': 403,
  'embedded-request': 403,
  'access-denied': 403,
  'access-not-yet': 403,
  'access-ended': 403,
  'role-not-held': 403,
  'not-found': 404,
  'too-many-requests': 429,
  'pass-unusable': 404,
  'pass-locked': 403,
  'pass-sponsor-away': 403,
  'pass-wrong-pin': 403,
  'pass-wrong-person': 403,
  'pass-not-allowed': 403,
  unexpected: 500,
  'trail-unavailable': 503,
  'store-unavailable': 503,
  'aws-refused': 502,
  'aws-misconfigured': 502,
  'aws-unavailable': 502,
  'aws-busy': 503,
} as const satisfies Record<string, number>

export type ProblemCode = keyof typeof catalogue

export type ProblemFacts = Readonly<Record<string, string | number | null>>

export interface ProblemDetails {
  /** Safe for the visitor: placed into the words of the page. */
  readonly facts?: ProblemFacts
  /** For people listed as operators only: what to mend, ready to paste. */
  readonly operatorNote?: OperatorNote
  readonly cause?: unknown
  readonly retryAfterSeconds?: number
}

export interface OperatorNote {
  /** Key of the explanation in the words: one per row of AWS's refusals. */
  readonly finding: string
  readonly callerArn: string | null
  readonly roleArn: string | null
  /** AWS's own message, which names ARNs and no secret. */
  readonly message: string | null
  /** Trust policy that should be there, as indented JSON. */
  readonly trustPolicy: string | null
}

export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly status: number
  readonly facts: ProblemFacts
  readonly operatorNote: OperatorNote | null
  readonly retryAfterSeconds: number | null

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(code, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.status = catalogue[code]
    this.facts = details.facts ?? {}
    this.operatorNote = details.operatorNote ?? null
    this.retryAfterSeconds = details.retryAfterSeconds ?? null
  }
}

export const problemCodes: readonly ProblemCode[] = Object.keys(catalogue).filter(
  (code): code is ProblemCode => Object.hasOwn(catalogue, code),
)
