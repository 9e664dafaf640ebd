/** The page of tiles: what this person may open now, in whole or in the part that a portal shows. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { decideAccess, entitlementsOf, type Entitlement } from '#domain/access.ts'
import { selectorsOf } from '#domain/access-policy.ts'
import { homePortalOf, portalFor } from '#domain/home-portal.ts'
import { principalKey } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import type { NamedLink, PortalSettings } from '#domain/settings.ts'
import { requireVisitor, type BrowserSessionOptions } from '#plugins/browser-session.ts'
import { languageOf } from '#plugins/language.ts'
import { formToken } from '#plugins/own-forms.ts'
import { Slug, type Routes } from '#plugins/typebox-routes.ts'
import type { ConsoleFederation, Preferences } from '#ports'
import { wordsFor } from '../../words/words.ts'
import { portalView } from './portal-view.ts'

export interface PortalOptions {
  readonly session: BrowserSessionOptions
  readonly preferences: Preferences
  readonly federation: Pick<ConsoleFederation, 'longestSeconds'>
}

const PortalQuery = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 200 })),
  /** Slug of the one account to show with all its tools. */
  account: Type.Optional(Slug),
  hidden: Type.Optional(Type.Literal('1')),
})
type PortalQuery = { readonly q?: string; readonly account?: string; readonly hidden?: '1' }

export const portalRoutes: Routes<PortalOptions> = async (app, options) => {
  const { session } = options

  app.get('/', { schema: { querystring: PortalQuery } }, (request, reply) => {
    const home = homePortalOf(session.config.current(), requireVisitor(request).principal)
    return home
      ? reply.redirect(`/portal/${home.slug}`, 303)
      : show(options, request, reply, null, request.query)
  })

  app.get(
    '/portal/:portal',
    { schema: { params: Type.Object({ portal: Slug }), querystring: PortalQuery } },
    (request, reply) => {
      const { principal } = requireVisitor(request)
      const portal = portalFor(session.config.current(), principal, request.params.portal)
      if (!portal) throw new Problem('not-found')
      return show(options, request, reply, portal, request.query)
    },
  )
}

async function show(
  options: PortalOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  portal: PortalSettings | null,
  query: PortalQuery,
): Promise<FastifyReply> {
  const { session, preferences, federation } = options
  const { principal } = requireVisitor(request)
  const { policy, links, aws } = session.config.current()
  const now = session.clock()
  const entitlements = entitlementsOf(policy, principal, now).filter(
    (entitlement) => isIn(portal, entitlement) && isWanted(query.account, entitlement),
  )
  const openable = [...links.values()].filter(({ target }: NamedLink) => {
    const decision = decideAccess(policy, principal, target, now)
    return decision.outcome === 'granted' && isIn(portal, decision.entitlement)
  })
  return reply.page(
    'portal',
    portalView({
      words: wordsFor(languageOf(request)),
      principal,
      entitlements,
      preferences: await preferences.of(principalKey(principal)),
      longestSeconds: ({ account, permissionSet }) =>
        federation.longestSeconds(account, permissionSet),
      now,
      query: query.q ?? '',
      account: query.account ?? null,
      showHidden: query.hidden === '1',
      csrfToken: formToken(reply),
      regions: [aws.region, ...aws.failoverRegions],
      portal,
      links: openable,
    }),
  )
}

function isIn(portal: PortalSettings | null, { account }: Entitlement): boolean {
  if (portal === null) return true
  const selectors = new Set(selectorsOf(account))
  return portal.accounts.some((selector) => selectors.has(selector))
}

function isWanted(slug: string | undefined, { account }: Entitlement): boolean {
  return slug === undefined || account.slug === slug
}
