import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

import type { Call } from './double-listener.ts'
import { StsRefusal } from './sts-answer.ts'

const algorithm = 'AWS4-HMAC-SHA256'

/** STS allows a quarter of an hour either way, other services often five minutes. */
const skewSeconds = 900

/** What the Authorization header says, before anything of it is believed. */
export interface Authorization {
  readonly accessKeyId: string
  /** `20261122` */
  readonly scopeDate: string
  readonly region: string
  readonly service: string
  readonly terminator: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** `20261122T101112Z`, from X-Amz-Date. */
  readonly signedAt: string
}

/** @throws {StsRefusal} MissingAuthenticationToken or IncompleteSignature */
export function parseAuthorization(headers: Call['headers']): Authorization {
  const header = headers['authorization']
  if (header === undefined) {
    throw new StsRefusal(
      403,
      'MissingAuthenticationToken',
      'Request is missing Authentication Token',
    )
  }
  const credential = /\bCredential=([^,\s]+)/.exec(header)?.[1]?.split('/') ?? []
  const signedHeaders = /\bSignedHeaders=([^,\s]+)/.exec(header)?.[1]?.split(';') ?? []
  const signature = /\bSignature=([0-9a-f]{64})(?![0-9a-f])/.exec(header)?.[1]
  const signedAt = headers['x-amz-date']
  const [accessKeyId, scopeDate, region, service, terminator] = credential

  const isComplete = header.startsWith(`${algorithm} `) && credential.length === 5 && signature
  if (!isComplete || !accessKeyId || !scopeDate || !region || !service || !terminator) {
    throw incomplete('Authorization header requires Credential, SignedHeaders and Signature.')
  }
  if (!signedAt || !/^\d{8}T\d{6}Z$/.test(signedAt)) {
    throw incomplete("Authorization header requires existence of an 'X-Amz-Date' header.")
  }
  if (!signedHeaders.includes('host')) {
    throw incomplete("'Host' must be a 'SignedHeader' in the AWS Authorization.")
  }
  return { accessKeyId, scopeDate, region, service, terminator, signedHeaders, signature, signedAt }
}

/**
 * The Region must be the host's, where the path names one, and otherwise look like one.
 * @throws {StsRefusal} SignatureDoesNotMatch
 */
export function requireScope(authorization: Authorization, hostRegion: string | undefined): void {
  const { region, service, terminator, scopeDate, signedAt } = authorization
  const isRegion = hostRegion ? region === hostRegion : /^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(region)
  if (!isRegion) throw mismatch('Credential should be scoped to a valid region.')
  if (service !== 'sts') throw mismatch("Credential should be scoped to correct service: 'sts'.")
  if (terminator !== 'aws4_request') {
    throw mismatch("Credential should be scoped with a valid terminator: 'aws4_request'.")
  }
  if (!signedAt.startsWith(scopeDate)) {
    throw mismatch(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
    )
  }
}

/** @throws {StsRefusal} SignatureDoesNotMatch, with both times in the message */
export function requireFreshSignature({ signedAt }: Authorization, now: Date): void {
  const signedMs = instantOf(signedAt)
  const earliest = new Date(now.getTime() - skewSeconds * 1000)
  const latest = new Date(now.getTime() + skewSeconds * 1000)
  const current = compactTime(now)
  if (signedMs < Math.floor(earliest.getTime() / 1000) * 1000) {
    const limit = compactTime(earliest)
    throw mismatch(
      `Signature expired: ${signedAt} is now earlier than ${limit} (${current} - 15 min.)`,
    )
  }
  if (signedMs > latest.getTime()) {
    const limit = compactTime(latest)
    throw mismatch(
      `Signature not yet current: ${signedAt} is still later than ${limit} (${current} + 15 min.)`,
    )
  }
}

/**
 * Signs the request as it arrived and compares. The body is hashed anew: a client's own
 * X-Amz-Content-Sha256 counts only as one more signed header.
 * @throws {StsRefusal} SignatureDoesNotMatch
 */
export function requireSignature(
  call: Call,
  authorization: Authorization,
  secretAccessKey: string,
): void {
  const { scopeDate, region, service, terminator, signedAt, signature } = authorization
  const scope = [scopeDate, region, service, terminator].join('/')
  const canonical = canonicalRequest(call, authorization.signedHeaders)
  const stringToSign = [algorithm, signedAt, scope, sha256(canonical)].join('\n')
  const signingKey = [scopeDate, region, service, terminator].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  )
  if (timingSafeEqual(hmac(signingKey, stringToSign), Buffer.from(signature, 'hex'))) return
  throw mismatch(
    'The request signature we calculated does not match the signature you provided. Check your ' +
      'AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )
}

/** AWS General Reference, "Create a signed AWS API request", step 1. */
function canonicalRequest(call: Call, signedHeaders: readonly string[]): string {
  const [path = '/', ...search] = call.url.split('?')
  const headers = signedHeaders.map((name) => {
    const value = call.headers[name.toLowerCase()] ?? ''
    return `${name.toLowerCase()}:${value.trim().replace(/\s+/g, ' ')}\n`
  })
  return [
    call.method,
    // Every service but S3 encodes the path once more than it was sent.
    path.split('/').map(encodeRfc3986).join('/'),
    canonicalQuery(search.join('?')),
    headers.join(''),
    signedHeaders.join(';'),
    sha256(call.body),
  ].join('\n')
}

function canonicalQuery(search: string): string {
  return [...new URLSearchParams(search)]
    .map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)] as const)
    .toSorted(([a, x], [b, y]) => byCodeUnit(a, b) || byCodeUnit(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function instantOf(compact: string): number {
  return Date.parse(
    compact.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  )
}

function compactTime(at: Date): string {
  return at.toISOString().replace(/[-:]|\.\d{3}/g, '')
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

function incomplete(message: string): StsRefusal {
  return new StsRefusal(400, 'IncompleteSignature', message)
}

function mismatch(message: string): StsRefusal {
  return new StsRefusal(403, 'SignatureDoesNotMatch', message)
}
