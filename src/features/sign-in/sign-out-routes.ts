import { Type } from 'typebox'
import { Problem } from '#domain/problem.ts'
import { principalKey } from '#domain/principal.ts'
import { actorOf, eventOf, systemActor } from '#plugins/audit-events.ts'
import { endSession, requireVisitor, type BrowserSessionOptions } from '#plugins/browser-session.ts'
import { Slug, type Routes } from '#plugins/typebox-routes.ts'
import type { AuditTrail, IdentityProviders, OnceOnly } from '#ports'

export interface SignOutOptions {
  readonly providers: IdentityProviders
  readonly trail: AuditTrail
  readonly onceOnly: OnceOnly
  readonly session: BrowserSessionOptions
  readonly attemptsPerMinute: number
}

/** Ends our session, then the provider's where it has an end-session endpoint. */
export const signOutRoutes: Routes<SignOutOptions> = async (app, options) => {
  app.post('/sign-out', async (request, reply) => {
    const { principal } = requireVisitor(request)
    const { publicUrl } = options.session.config.current().server
    const sealed = request.session.signIn?.idToken ?? ''
    const idToken = await options.session.seal.decrypt('id token', sealed)

    await endSession(request, reply, options.session)
    await options.trail.record(eventOf(request, 'sign-out.completed', actorOf(principal)))
    const returnTo = new URL('/signed-out', publicUrl)
    const provider = options.providers.byKey(principal.provider)
    return reply.redirect(provider?.signOutUrl(idToken, returnTo)?.href ?? returnTo.href, 303)
  })
}

/** OpenID Connect Back-Channel Logout 1.0, section 2.5 to 2.8: 200 or 400, never stored. */
export const backchannelLogoutRoutes: Routes<SignOutOptions> = async (app, options) => {
  const { sessions, clock } = options.session
  app.addHook('onRequest', app.limit(options.attemptsPerMinute))

  app.post(
    '/sign-in/:provider/backchannel-logout',
    {
      schema: {
        params: Type.Object({ provider: Slug }),
        body: Type.Object({ logout_token: Type.String({ maxLength: 8_192 }) }),
      },
    },
    async (request, reply) => {
      const provider = options.providers.byKey(request.params.provider)
      if (!provider) throw new Problem('not-found')
      const token = await provider.verifyLogoutToken(request.body.logout_token)
      const seenUntil = new Date(clock().getTime() + 3_600_000)
      const isFirst = await options.onceOnly.take(`jti ${provider.key} ${token.tokenId}`, seenUntil)
      if (!isFirst) throw new Problem('sign-in-replayed')

      const ended = await endMeant(provider.key, token)
      const details = { provider: provider.key, sessions: ended }
      await options.trail.record(
        eventOf(request, 'sign-out.by-provider', systemActor, { reason: token.subject, details }),
      )
      return reply.code(200).send()
    },
  )

  /** A `sid` means that one session; a `sub` alone, all of that person's. */
  async function endMeant(
    provider: string,
    { subject, providerSession }: { subject: string | null; providerSession: string | null },
  ): Promise<number> {
    if (providerSession !== null) {
      return sessions.endOfProviderSession(`${provider} ${providerSession}`, clock())
    }
    const issuer = options.session.config.current().identityProviders.get(provider)?.issuer
    if (subject === null || issuer === undefined) return 0
    return sessions.endOfPrincipal(principalKey({ provider, issuer, subject }), clock())
  }
}
