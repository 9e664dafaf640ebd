import type { FastifyRequest } from 'fastify'
import { Problem } from '#domain/problem.ts'
import { returnPath, type OpeningTarget } from '#domain/return-target.ts'
import { judgeNavigation } from '#domain/navigation.ts'
import {
  renewClaims,
  requireVisitor,
  type BrowserSessionOptions,
} from '#plugins/browser-session.ts'
import type { IdentityProviders } from '#ports'

export interface RecheckOptions {
  readonly session: BrowserSessionOptions
  readonly providers: IdentityProviders
}

/**
 * Rights are decided on claims no older than `recheck`: renewed by refresh token where there is one,
 * else by a silent round trip, whose address this gives. Null: the claims are fresh now. A provider
 * that says no ends the session.
 */
export async function requireFreshClaims(
  { session, providers }: RecheckOptions,
  request: FastifyRequest,
  target: OpeningTarget,
): Promise<string | null> {
  const { principal } = requireVisitor(request)
  const kept = request.session.signIn
  const { recheckSeconds } = session.config.current().server.sessions
  const ageMilliseconds = session.clock().getTime() - (kept?.claimsAt ?? 0)
  if (ageMilliseconds < recheckSeconds * 1000) return null

  const provider = providers.byKey(principal.provider)
  const sealed = kept?.refreshToken ?? null
  const refreshToken = sealed === null ? null : await session.seal.decrypt('refresh token', sealed)
  if (!provider || refreshToken === null) return silentStart(request, principal.provider, target)
  try {
    const renewed = await provider.refresh(refreshToken, principal.subject)
    await renewClaims(request, renewed, session)
    return null
  } catch (error) {
    const isOutage = error instanceof Problem && error.code === 'identity-provider-unavailable'
    if (isOutage) throw error
    return silentStart(request, principal.provider, target)
  }
}

/** The browser's word about this very request decides whether the person is asked afterwards. */
function silentStart(request: FastifyRequest, provider: string, target: OpeningTarget): string {
  const query = new URLSearchParams({ to: returnPath(target), silent: '1' })
  if (judgeNavigation(request.headers) !== 'own') query.set('intent', 'ask')
  return `/sign-in/${provider}?${query.toString()}`
}
