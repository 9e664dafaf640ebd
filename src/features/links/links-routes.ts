/** `/links`: a console address becomes a link for others, and the links that have a name already. */
import { consoleOverrideOf } from '#domain/console-override.ts'
import { Type } from 'typebox'
import { linksWordsFor } from '../../words/links-words.ts'
import { decideAccess, entitlementsOf, type Entitlement } from '#domain/access.ts'
import type { Principal } from '#domain/principal.ts'
import type { NamedLink, Settings } from '#domain/settings.ts'
import { requireVisitor, type BrowserSessionOptions } from '#plugins/browser-session.ts'
import { languageOf } from '#plugins/language.ts'
import type { Routes } from '#plugins/typebox-routes.ts'
import { makeLink } from './link-making.ts'
import { linksView } from './links-view.ts'

export interface LinksOptions {
  readonly session: BrowserSessionOptions
}

/** Longer than any link can be, so that a long address is refused in words and not as a request. */
const LinksQuery = Type.Object({
  url: Type.Optional(Type.String({ maxLength: 8_000 })),
  account: Type.Optional(Type.String({ maxLength: 64 })),
  role: Type.Optional(Type.String({ maxLength: 64 })),
})

export const linksRoutes: Routes<LinksOptions> = async (app, { session }) => {
  app.get('/links', { schema: { querystring: LinksQuery } }, (request, reply) => {
    const { principal } = requireVisitor(request)
    const settings = session.config.current()
    const now = session.clock()
    const { url = '', account = '', role = '' } = request.query
    const wish = { url, account, role }
    const entitlements = entitlementsOf(settings.policy, principal, now)
    return reply.page(
      'links',
      linksView({
        links: linksWordsFor(languageOf(request)),
        entitlements,
        wish,
        making: makeLink(entitlements, wish, consoleOverrideOf(settings.aws)),
        named: openableLinks(settings, principal, now),
        publicUrl: settings.server.publicUrl,
      }),
    )
  })
}

function openableLinks({ links, policy }: Settings, principal: Principal, now: Date) {
  return [...links.values()].flatMap((link): { link: NamedLink; entitlement: Entitlement }[] => {
    const decision = decideAccess(policy, principal, link.target, now)
    return decision.outcome === 'granted' ? [{ link, entitlement: decision.entitlement }] : []
  })
}
