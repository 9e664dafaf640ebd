/**
 * `/pass/…`: the guest's way in, open to anyone with the link. Owns: looking never uses a pass up,
 * and the order from form to console. Leaves to others: what a pass is worth (domain), AWS
 * (ConsoleOpener).
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { verifiedEmail } from '#domain/access.ts'
import { returnPath } from '#domain/return-target.ts'
import { languageOf } from '#plugins/language.ts'
import { requireOwnOrigin } from '#plugins/own-forms.ts'
import { requireNavigation } from '#plugins/signed-in-guard.ts'
import type { Routes } from '#plugins/typebox-routes.ts'
import type { IdentityProviders, OnceOnly } from '#ports'
import { languages } from '../../words/language-choice.ts'
import { wordsFor } from '../../words/words.ts'
import { guestTerms } from './guest-terms.ts'
import {
  areClaimsStale,
  checkPin,
  isHolder,
  requireHolder,
  requirePass,
  requireUsable,
  type FoundPass,
} from './pass-desk.ts'
import { openPass, type PassOpeningOptions } from './pass-opening.ts'
import { hashOfToken } from './pass-secrets.ts'
import { passReadyView, passView, type PassFault, type PassViewer } from './pass-view.ts'
import { createRedemptionTokens } from './redemption-token.ts'

export interface PassOptions extends PassOpeningOptions {
  readonly providers: IdentityProviders
  readonly onceOnly: OnceOnly
  readonly attemptsPerMinute: number
}

const Params = Type.Object({ token: Type.String({ maxLength: 128 }) })
const Redemption = Type.Object({
  pin: Type.Optional(Type.String({ maxLength: 64 })),
  terms: Type.Optional(Type.String({ maxLength: 16 })),
  /** Mark of the terms that stood above the tick. */
  shown: Type.Optional(Type.String({ maxLength: 32 })),
})
const Continuation = Type.Object({ continue: Type.Optional(Type.String({ maxLength: 128 })) })

/** A guest's pages carry nothing of the portal around them: see page-frame.ts. */
const config = { isBare: true }

export const passRoutes: Routes<PassOptions> = async (app, options) => {
  const { session, passes } = options
  const redemptions = createRedemptionTokens(session.seal, options.onceOnly, session.clock)
  app.addHook('onRequest', app.limit(options.attemptsPerMinute))
  // Many addresses at one pass: guesses must not come faster from a thousand places.
  app.addHook('onRequest', app.limit(options.attemptsPerMinute, passOf))

  app.get('/pass/:token', { config, schema: { params: Params } }, async (request, reply) => {
    const { token } = request.params
    const found = await requirePass(options, token)
    const { visitor } = request
    const mustRenew =
      visitor !== null &&
      found.pass.kind === 'email' &&
      isHolder(found.pass, request) &&
      areClaimsStale(session, request)
    if (!mustRenew) return show(request, reply, token, found, null)
    const query = new URLSearchParams({ to: pathOf(token), silent: '1' })
    return reply.redirect(`/sign-in/${visitor.principal.provider}?${query.toString()}`, 303)
  })

  app.post(
    '/pass/:token',
    { config, schema: { params: Params, body: Redemption } },
    async (request, reply) => {
      requireOwnOrigin(request, session.config.current().server.publicUrl)
      const { token } = request.params
      const found = await requireUsable(options, request, token)
      const fault = await faultOf(request, found, request.body)
      if (fault) return show(request, reply, token, found, fault)

      const holder = await requireHolder(options, request, found.pass)
      await passes.acceptTerms(found.pass.id, session.clock())
      const terms = request.body.shown ?? termsOf(request, found).mark
      const yes = redemptions.make({ passId: found.pass.id, holder, terms })
      const query = new URLSearchParams({ continue: yes })
      const href = `${pathOf(token)}/open?${query.toString()}`
      return reply
        .header('refresh', `0; url=${href}`)
        .page('pass-ready', passReadyView(wordsFor(languageOf(request)), found.entitlement, href))
    },
  )

  app.get(
    '/pass/:token/open',
    {
      config,
      onRequest: requireNavigation,
      schema: { params: Params, querystring: Continuation },
    },
    async (request, reply) => {
      const { token } = request.params
      const back = () => reply.redirect(pathOf(token), 303)
      if (isForeign(request)) return back()
      const found = await requireUsable(options, request, token)
      const holder = await requireHolder(options, request, found.pass)
      const yes = request.query.continue ?? ''
      const terms = await redemptions.take(yes, found.pass.id, holder)
      if (terms === null) return back()

      const opened = await openPass(options, request, { ...found, terms }, pathOf(token))
      return reply
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer')
        .redirect(opened.signInUrl.href, 303)
    },
  )

  /** Null where nothing is wrong. A PIN that is none was a slip of the finger, not a guess. */
  async function faultOf(
    request: FastifyRequest,
    found: FoundPass,
    { pin = '', terms = '', shown }: Static<typeof Redemption>,
  ): Promise<PassFault | null> {
    if (terms === '' || !areInForce(request, found, shown)) return { fault: 'terms' }
    if (found.pass.kind === 'email') return null
    // Japanese keyboards type full-width digits.
    const digits = pin.normalize('NFKC').replace(/[\s-]/g, '')
    if (!/^[0-9]{6}$/.test(digits)) return { fault: 'pin-malformed' }
    const check = await checkPin(options, request, found, digits)
    return check.outcome === 'wrong' ? { fault: 'wrong-pin', triesLeft: check.triesLeft } : null
  }

  function termsOf(request: FastifyRequest, found: FoundPass, language = languageOf(request)) {
    const { guestPasses } = session.config.current()
    const sponsor = found.pass.sponsor.displayName
    return guestTerms(wordsFor(language), guestPasses?.terms ?? null, sponsor)
  }

  /** In any language: the page may have been switched in another tab. False once the config says others. */
  function areInForce(request: FastifyRequest, found: FoundPass, shown: string | undefined) {
    if (shown === undefined) return true
    return languages.some((language) => termsOf(request, found, language).mark === shown)
  }

  function show(
    request: FastifyRequest,
    reply: FastifyReply,
    token: string,
    found: FoundPass,
    fault: PassFault | null,
  ): FastifyReply {
    const { pass, entitlement, hasBegun } = found
    const view = passView({
      words: wordsFor(languageOf(request)),
      pass,
      entitlement,
      hasBegun,
      viewer: viewerOf(request, pass),
      sponsorEmail: verifiedEmail(pass.sponsor),
      terms: termsOf(request, found),
      action: pathOf(token),
      providers: options.providers.all.map(({ key, name }) => ({
        name,
        href: `/sign-in/${key}?${new URLSearchParams({ to: pathOf(token) }).toString()}`,
      })),
      fault,
    })
    const status = fault === null ? 200 : fault.fault === 'wrong-pin' ? 403 : 400
    return reply.page('pass', view, { status })
  }
}

function viewerOf(request: FastifyRequest, pass: FoundPass['pass']): PassViewer {
  if (pass.kind === 'link-and-pin' || isHolder(pass, request)) return { kind: 'holder' }
  const principal = request.visitor?.principal
  return principal
    ? { kind: 'other', name: principal.email ?? principal.displayName }
    : { kind: 'stranger' }
}

function pathOf(token: string): string {
  return returnPath({ kind: 'pass', token: encodeURIComponent(token) })
}

function passOf({ params }: FastifyRequest): string {
  const token: unknown =
    typeof params === 'object' && params !== null ? Reflect.get(params, 'token') : ''
  return hashOfToken(typeof token === 'string' ? token : '')
}

/** Nobody is sent into somebody else's console by a link on another site. */
function isForeign(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site']
  return site === 'cross-site' || site === 'same-site'
}
