import { createHash, timingSafeEqual } from 'node:crypto'
import {
  createRemoteJWKSet,
  customFetch,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type ProtectedHeaderParameters,
} from 'jose'
import type { Clock } from '#ports'
import { boundedFetch } from '../bounded-fetch.ts'

export interface ExpectedToken {
  readonly issuer: string
  readonly clientId: string
  /** From our config, never from the provider's metadata or the token's header (RFC 8725, 3.1). */
  readonly algorithms: readonly string[]
}

/** Which check a token failed: for the operator's log. Holds nothing of the token. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
}

const toleranceSeconds = 30
const maxAgeSeconds = 600

/** Keys of the provider: refetched at most every 5 s for an unknown `kid`, trusted for 10 minutes. */
export function remoteKeys(jwksUri: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUri), {
    cooldownDuration: 5_000,
    cacheMaxAge: 600_000,
    [customFetch]: async (url) => {
      const answer = await boundedFetch(new URL(url), {
        timeoutMilliseconds: 4_000,
        maxBytes: 256 * 1024,
      })
      return new Response(answer.text, { status: answer.status })
    },
  })
}

/**
 * OpenID Connect Core 1.0, section 3.1.3.7, and stricter where it leaves a choice: one audience,
 * a fresh `iat`, a printable subject, no token of another kind. Rejects with `TokenRefused`.
 * `nonce` null: a refreshed token, which need not hold one (section 12.2).
 */
export async function verifyIdToken(
  idToken: string,
  expected: ExpectedToken,
  keys: JWTVerifyGetKey,
  binding: { readonly nonce: string | null; readonly accessToken: string | null },
  clock: Clock,
): Promise<JWTPayload> {
  const { payload, protectedHeader } = await verifySignature(idToken, expected, keys, clock, [
    'exp',
    'iat',
    'sub',
    ...(binding.nonce === null ? [] : ['nonce']),
  ])
  const { sub, azp, nonce } = payload
  refuseUnless(protectedHeader.typ === undefined || protectedHeader.typ === 'JWT', 'typ')
  requireClient(payload, expected.clientId)
  refuseUnless(typeof sub === 'string' && /^[\x21-\x7e]{1,255}$/.test(sub), 'sub')
  refuseUnless(azp === undefined || azp === expected.clientId, 'azp')
  if (binding.nonce !== null) {
    refuseUnless(typeof nonce === 'string' && sameText(nonce, binding.nonce), 'nonce')
  }
  requireAccessTokenHash(payload, protectedHeader, binding.accessToken)
  return payload
}

/** Signature, issuer, times and presence of claims; what kind of token it is, the caller checks. */
export async function verifySignature(
  token: string,
  expected: ExpectedToken,
  keys: JWTVerifyGetKey,
  clock: Clock,
  requiredClaims: string[],
): Promise<{ payload: JWTPayload; protectedHeader: ProtectedHeaderParameters }> {
  return jwtVerify(token, keys, {
    issuer: expected.issuer,
    audience: expected.clientId,
    algorithms: [...expected.algorithms],
    requiredClaims,
    clockTolerance: toleranceSeconds,
    maxTokenAge: maxAgeSeconds,
    currentDate: clock(),
  }).catch((error: unknown) => {
    throw new TokenRefused(
      error instanceof Error ? `${error.name}: ${error.message}` : 'unreadable',
    )
  })
}

/** Exactly one audience, and it is us. */
export function requireClient({ aud }: JWTPayload, clientId: string): void {
  const audiences = Array.isArray(aud) ? aud : [aud]
  refuseUnless(audiences.length === 1 && audiences[0] === clientId, 'aud')
}

function requireAccessTokenHash(
  { at_hash }: JWTPayload,
  header: ProtectedHeaderParameters,
  accessToken: string | null,
): void {
  if (at_hash === undefined) return
  refuseUnless(typeof at_hash === 'string' && accessToken !== null, 'at_hash')
  const hash = createHash(hashOf(header.alg)).update(accessToken).digest()
  refuseUnless(
    sameText(at_hash, hash.subarray(0, hash.length / 2).toString('base64url')),
    'at_hash',
  )
}

/** Section 3.1.3.6: the hash of the `alg` in the header; EdDSA with Ed25519 means SHA-512. */
function hashOf(alg: string | undefined): string {
  if (alg === 'EdDSA' || alg === 'Ed25519') return 'sha512'
  return `sha${/(256|384|512)$/.exec(alg ?? '')?.[1] ?? '256'}`
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

export function refuseUnless(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new TokenRefused(`the token's ${claim} is not acceptable`)
}
