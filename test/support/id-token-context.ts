import type { KeyObject } from 'node:crypto'
import type { Claims, Header, SigningKey } from './forged-jwt.ts'

/** What an ID token has to fit, and what it can be signed with. */
export interface IdTokenContext {
  issuer: string
  clientId: string
  clientSecret: string
  /** That of the authorization request; null after a refresh. */
  nonce: string | null
  /** What `at_hash` is the hash of. */
  accessToken: string
  now: Date
  /** Signs with RS256, typ `JWT` and the published key unless told otherwise. */
  sign(claims: Claims, header?: Header, key?: KeyObject | string): string
  /** `other` is not published, and has the kid of the one that is. */
  keys: { signing: SigningKey; other: SigningKey }
  /** Claims about the person, beyond those that the specification requires. */
  extraClaims?: Claims
}

/** The claims of a correct ID token that is valid for five minutes. */
export function honestClaims(context: IdTokenContext): Record<string, unknown> {
  const nowSeconds = Math.floor(context.now.getTime() / 1000)
  return {
    iss: context.issuer,
    aud: context.clientId,
    sub: 'person-1',
    iat: nowSeconds,
    exp: nowSeconds + 300,
    // After a refresh there is no nonce (OpenID Connect Core, 12.2).
    ...(context.nonce !== null && { nonce: context.nonce }),
    ...context.extraClaims,
  }
}
