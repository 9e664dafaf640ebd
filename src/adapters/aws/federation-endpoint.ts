import { Type } from 'typebox'
import { Check } from 'typebox/schema'

import { urlUnder } from '#domain/partition.ts'
import type { AwsSettings } from '#domain/settings.ts'
import { boundedFetch, ExchangeFailed, type BoundedAnswer } from '../bounded-fetch.ts'
import { type AwsFailure, failureOf, ownFailure } from './aws-failure.ts'
import { queryOf } from './sign-in-url.ts'

export interface RoleCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

export interface SigninTokenRequest {
  /** The sign-in host; the login URL must be on the same one. */
  readonly signIn: URL
  readonly method: AwsSettings['federationMethod']
  readonly credentials: RoleCredentials
  /** Seconds, 900 to 43200; null: the session ends with the credentials. */
  readonly sessionDuration: number | null
  readonly userAgent: string
  /** For the whole exchange. */
  readonly timeoutMilliseconds: number
}

const SigninTokenAnswer = Type.Object({
  SigninToken: Type.String({ minLength: 1, maxLength: 16_384 }),
})

/** Tokens have some kilobytes; refusals are an HTML page. */
const maxBytes = 65_536

/**
 * `Action=getSigninToken` (IAM User Guide, "Enable custom identity broker access to the AWS console").
 * By POST, because a GET would write the secret access key into every URL log on the way.
 * @throws {AwsFailure} `federation-refused` with status 400 where AWS does not take it, for a cause
 *   that it does not tell: a SessionDuration with chained credentials is one
 */
export async function requestSigninToken(request: SigninTokenRequest): Promise<string> {
  const answer = await exchange(request).catch((error: unknown) => {
    throw exchangeFailure(error)
  })
  if (answer.status !== 200) throw refusalOf(answer.status)
  const content = parsed(answer.text)
  if (!Check(SigninTokenAnswer, content)) {
    const failsOver = true
    throw ownFailure('answer-unreadable', 'aws-unavailable', 'no SigninToken in the answer', {
      status: 200,
      failsOver,
    })
  }
  return content.SigninToken
}

async function exchange(request: SigninTokenRequest): Promise<BoundedAnswer> {
  const { credentials, sessionDuration, method, userAgent, timeoutMilliseconds } = request
  const session = {
    sessionId: credentials.accessKeyId,
    sessionKey: credentials.secretAccessKey,
    sessionToken: credentials.sessionToken,
  }
  const parameters: Record<string, string> = {
    Action: 'getSigninToken',
    ...(sessionDuration === null ? {} : { SessionDuration: String(sessionDuration) }),
    Session: JSON.stringify(session),
  }
  const url = urlUnder(request.signIn, '/federation')
  const headers = { 'user-agent': userAgent, accept: 'application/json' }
  const limits = { headers, timeoutMilliseconds, maxBytes }
  return method === 'GET'
    ? boundedFetch(new URL(`${url.href}?${queryOf(parameters)}`), limits)
    : boundedFetch(url, { ...limits, method: 'POST', body: new URLSearchParams(parameters) })
}

/** Refusals are HTML without a cause, so that only the status can be read. */
function refusalOf(status: number): AwsFailure {
  const message = `the federation endpoint answered ${status}`
  if (status >= 500 || status === 429) {
    return failureOf(Object.assign(new Error(message), { $metadata: { httpStatusCode: status } }))
  }
  return ownFailure('federation-refused', 'aws-refused', message, { status })
}

function exchangeFailure(error: unknown): AwsFailure {
  if (!(error instanceof ExchangeFailed)) return failureOf(error)
  const { reason, message } = error
  const unavailable = 'aws-unavailable'
  if (reason === 'redirected') return ownFailure('federation-redirected', unavailable, message)
  const finding = reason === 'too-large' ? 'answer-unreadable' : reason
  return ownFailure(finding, unavailable, message, { failsOver: true })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
