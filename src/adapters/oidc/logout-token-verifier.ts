import type { JWTVerifyGetKey } from 'jose'
import type { Clock } from '#ports'
import {
  refuseUnless,
  requireClient,
  verifySignature,
  type ExpectedToken,
} from './id-token-verifier.ts'

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

export interface LogoutClaims {
  readonly subject: string | null
  /** The provider's `sid`. */
  readonly providerSession: string | null
  readonly tokenId: string
}

/**
 * OpenID Connect Back-Channel Logout 1.0, section 2.6. That its `jti` was not seen before, the caller
 * checks. Rejects with `TokenRefused`.
 */
export async function verifyLogoutToken(
  token: string,
  expected: ExpectedToken,
  keys: JWTVerifyGetKey,
  clock: Clock,
): Promise<LogoutClaims> {
  const required = ['iat', 'exp', 'jti', 'events']
  const { payload, protectedHeader } = await verifySignature(token, expected, keys, clock, required)
  const { sub, jti, sid, events, nonce } = payload

  refuseUnless(/^(application\/)?logout\+jwt$/i.test(protectedHeader.typ ?? ''), 'typ')
  requireClient(payload, expected.clientId)
  refuseUnless(nonce === undefined, 'nonce')
  refuseUnless(typeof events === 'object' && events !== null, 'events')
  refuseUnless(Object.hasOwn(events, logoutEvent), 'events')
  refuseUnless(typeof jti === 'string' && jti !== '', 'jti')
  refuseUnless(typeof sub === 'string' || typeof sid === 'string', 'sub and sid')
  return {
    subject: typeof sub === 'string' ? sub : null,
    providerSession: typeof sid === 'string' ? sid : null,
    tokenId: jti,
  }
}
