import {
  classifyAwsError,
  safeAwsMessage,
  type AwsFinding,
  type AwsRefusal,
} from '#domain/aws-refusal.ts'

/**
 * What is left of an error of the SDK or of an HTTP exchange: nothing in it was part of a request,
 * so that it can be logged as the cause of a `Problem`.
 */
export class AwsFailure extends Error {
  override readonly name = 'AwsFailure'
  readonly refusal: AwsRefusal
  /** AWS's code, or the error's name. */
  readonly code: string
  readonly status: number | null

  constructor(
    refusal: AwsRefusal,
    details: { readonly code: string; readonly status: number | null; readonly message: string },
  ) {
    super(`${refusal.finding}: ${safeAwsMessage(details.message)}`)
    this.refusal = refusal
    this.code = details.code
    this.status = details.status
  }

  get finding(): AwsFinding {
    return this.refusal.finding
  }

  /** AWS's own words. */
  get awsMessage(): string {
    return this.message.slice(this.finding.length + 2)
  }
}

export function failureOf(error: unknown): AwsFailure {
  if (error instanceof AwsFailure) return error
  const code = error instanceof Error ? error.name : 'Unknown'
  const message = error instanceof Error ? error.message : ''
  const details = { code, status: statusOf(error), message }
  const refusal = classifyAwsError(details)
  // A parser's message may quote the answer, and with it credentials.
  const isParsers = refusal.finding === 'answer-unreadable'
  return new AwsFailure(refusal, isParsers ? { ...details, message: unreadable } : details)
}

const unreadable = 'the answer could not be read'

/** Our own findings: no answer of AWS says so by itself. */
export function ownFailure(
  finding: AwsFinding,
  problem: AwsRefusal['problem'],
  message: string,
  {
    status = null,
    failsOver = false,
  }: { readonly status?: number | null; readonly failsOver?: boolean } = {},
): AwsFailure {
  const refusal = { finding, problem, failsOver, clampToSeconds: null, leaveOut: null }
  return new AwsFailure(refusal, { code: finding, status, message })
}

/** Null where there was no answer. An answer that is no AWS XML has a status and no code. */
function statusOf(error: unknown): number | null {
  const metadata = property(error, '$metadata')
  const status =
    property(metadata, 'httpStatusCode') ?? property(property(error, '$response'), 'statusCode')
  return typeof status === 'number' ? status : null
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
