/**
 * Start and end of a sign-in. Owns: the order of the steps and what the trail says of them. Leaves to
 * others: the protocol (IdentityProvider), the attempt's cookie (sign-in-transactions), the session.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { judgeNavigation } from '#domain/navigation.ts'
import { principalKey } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import {
  homeTarget,
  readReturnTarget,
  returnPath,
  type ReturnTarget,
} from '#domain/return-target.ts'
import { actorOf, eventOf, systemActor } from '#plugins/audit-events.ts'
import {
  beginSession,
  endSession,
  renewClaims,
  type BrowserSessionOptions,
} from '#plugins/browser-session.ts'
import type { Metrics } from '#plugins/metrics.ts'
import type { OpeningTokens } from '#plugins/opening-token.ts'
import type { Intent, SignInAttempt, SignInTransactions } from '#plugins/sign-in-transactions.ts'
import { LocalPath, Slug, type Routes } from '#plugins/typebox-routes.ts'
import { languageOf } from '#plugins/language.ts'
import type { AuditTrail, IdentityProvider, IdentityProviders, VerifiedSignIn } from '#ports'
import { wordsFor } from '../../words/words.ts'
import { signInView } from './sign-in-view.ts'

export interface SignInOptions {
  readonly providers: IdentityProviders
  readonly transactions: SignInTransactions
  readonly tokens: OpeningTokens
  readonly trail: AuditTrail
  readonly session: BrowserSessionOptions
  readonly metrics: Metrics
}

const StartQuery = Type.Object({
  to: Type.Optional(LocalPath),
  /** `ask` is kept by the links of our choice page; nothing in an address can make it `own`. */
  intent: Type.Optional(Type.Literal('ask')),
  silent: Type.Optional(Type.Literal('1')),
})
const One = Type.Optional(Type.String({ minLength: 1, maxLength: 4_096 }))
const CallbackQuery = Type.Object({ state: One, code: One, iss: One, error: One })

/** The provider wants to show a form (OpenID Connect Core 1.0, section 3.1.2.6). */
const needsPerson = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
])

export const signInRoutes: Routes<SignInOptions> = async (app, options) => {
  const { providers, transactions, session } = options
  const config = session.config
  app.get('/sign-in', { schema: { querystring: StartQuery } }, async (request, reply) => {
    const target = targetOf(request.query.to)
    const only = onlyProvider(options, target)
    const intent = intentOf(request, request.query.intent)
    if (only) return reply.redirect(startPath(only, target, intent), 303)
    return reply.page(
      'sign-in',
      signInView({
        words: wordsFor(languageOf(request)),
        settings: config.current(),
        target,
        choices: providers.all.map((provider) => ({
          name: provider.name,
          href: startPath(provider, target, intent),
        })),
      }),
    )
  })

  app.get('/signed-out', async (_request, reply) => reply.page('signed-out', { signInHref: '/' }))

  app.get(
    '/sign-in/:provider',
    { schema: { params: Type.Object({ provider: Slug }), querystring: StartQuery } },
    async (request, reply) => {
      const provider = requireProvider(providers, request.params.provider)
      const { to, intent, silent } = request.query
      return start(request, reply, provider, {
        target: targetOf(to),
        intent: intentOf(request, intent),
        isSilent: silent === '1' && request.visitor !== null,
      })
    },
  )

  app.get(
    '/sign-in/:provider/callback',
    { schema: { params: Type.Object({ provider: Slug }), querystring: CallbackQuery } },
    async (request, reply) => {
      const provider = requireProvider(providers, request.params.provider)
      const { state, code, iss, error } = request.query
      const attempt = await requireAttempt(request, reply, provider, state)
      try {
        provider.checkIssuer(iss ?? null)
        if (error !== undefined) return await answerError(request, reply, provider, attempt, error)
        if (code === undefined) throw new Problem('sign-in-failed')
        const answer = { code, issuer: iss ?? null }
        const signIn = await provider.completeSignIn(attempt.transaction, answer)
        return await complete(request, reply, attempt, signIn)
      } catch (problem) {
        await recordRefusal(request, provider, problem)
        throw problem
      }
    },
  )

  async function start(
    request: FastifyRequest,
    reply: FastifyReply,
    provider: IdentityProvider,
    wanted: Omit<SignInAttempt, 'transaction'>,
  ) {
    const transaction = await transactions.start(request, reply, {
      ...wanted,
      provider: provider.key,
    })
    const url = await provider.authorizationUrl(transaction, wanted.isSilent ? 'none' : null)
    return reply.redirect(url.href, 303)
  }

  async function requireAttempt(
    request: FastifyRequest,
    reply: FastifyReply,
    provider: IdentityProvider,
    state: string | undefined,
  ): Promise<SignInAttempt> {
    if (state === undefined) throw new Problem('sign-in-failed')
    const found = await transactions.take(request, reply, state)
    if (found.outcome === 'expired') throw new Problem('sign-in-expired')
    if (found.outcome === 'replayed') throw new Problem('sign-in-replayed')
    const isOwn = found.outcome === 'attempt' && found.attempt.transaction.provider === provider.key
    if (!isOwn) throw new Problem('sign-in-failed')
    return found.attempt
  }

  /** A silent renewal that needs the person ends the session: whoever left cannot come back in. */
  async function answerError(
    request: FastifyRequest,
    reply: FastifyReply,
    provider: IdentityProvider,
    { target, intent, isSilent }: SignInAttempt,
    error: string,
  ) {
    if (!isSilent || !needsPerson.has(error)) {
      throw new Problem(error === 'access_denied' ? 'sign-in-cancelled' : 'sign-in-refused', {
        facts: { provider: provider.name },
      })
    }
    if (request.visitor) await endSession(request, reply, session)
    return start(request, reply, provider, { target, intent, isSilent: false })
  }

  async function complete(
    request: FastifyRequest,
    reply: FastifyReply,
    { target, intent, isSilent }: SignInAttempt,
    signIn: VerifiedSignIn,
  ) {
    const { principal } = signIn
    const details = {
      provider: principal.provider,
      groups: principal.groups.size,
      renewed: isSilent,
    }
    await options.trail.record(
      eventOf(request, 'sign-in.completed', actorOf(principal), { details }),
    )
    options.metrics.signIns.inc({ provider: principal.provider, outcome: 'completed' })
    const current = request.visitor?.principal
    const isSamePerson = current !== undefined && principalKey(current) === principalKey(principal)
    if (isSilent && isSamePerson) await renewClaims(request, signIn, session)
    else await beginSession(request, signIn, session)
    const isOwnOpening = target.kind === 'opening' && intent === 'own'
    const next = isOwnOpening ? options.tokens.addressOf(request, target) : returnPath(target)
    return reply.redirect(next, 303)
  }

  async function recordRefusal(
    request: FastifyRequest,
    provider: IdentityProvider,
    problem: unknown,
  ): Promise<void> {
    const reason = problem instanceof Problem ? problem.code : 'unexpected'
    options.metrics.signIns.inc({ provider: provider.key, outcome: reason })
    const details = { provider: provider.key }
    await options.trail.record(
      eventOf(request, 'sign-in.refused', systemActor, { reason, details }),
    )
  }
}

function requireProvider(providers: IdentityProviders, key: string): IdentityProvider {
  const provider = providers.byKey(key)
  if (!provider) throw new Problem('not-found')
  return provider
}

function targetOf(to: string | undefined): ReturnTarget {
  return (to === undefined ? null : readReturnTarget(to)) ?? homeTarget
}

function intentOf(request: FastifyRequest, kept: 'ask' | undefined): Intent {
  return kept === undefined && judgeNavigation(request.headers) === 'own' ? 'own' : 'ask'
}

/** Where there is no choice, nobody is asked: one provider, or a portal that names its own. */
function onlyProvider(
  { providers, session }: SignInOptions,
  target: ReturnTarget,
): IdentityProvider | null {
  const [first, second] = providers.all
  if (first && !second) return first
  const slug = target.kind === 'portal' ? target.portal : null
  const key = slug === null ? null : session.config.current().portals.get(slug)?.provider
  return key ? providers.byKey(key) : null
}

function startPath(provider: IdentityProvider, target: ReturnTarget, intent: Intent): string {
  const query = new URLSearchParams({ to: returnPath(target) })
  if (intent === 'ask') query.set('intent', intent)
  return `/sign-in/${provider.key}?${query.toString()}`
}
