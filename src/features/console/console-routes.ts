/**
 * `/go/…`: from a link to the AWS console. Owns: the order of checks and when a person is asked once
 * more. Leaves to others: the decision (domain), the calls to AWS and the trail (ConsoleOpener).
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { decideAccess, type Entitlement } from '#domain/access.ts'
import type { Account } from '#domain/access-policy.ts'
import { consoleOverrideOf } from '#domain/console-override.ts'
import { judgeNavigation } from '#domain/navigation.ts'
import { planOpening, type OpeningPlan } from '#domain/opening-plan.ts'
import { isRegionOf } from '#domain/partition.ts'
import { principalKey, type Principal } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import {
  longestDestination,
  openingPath,
  slugPattern,
  type OpeningTarget,
} from '#domain/return-target.ts'
import { roleSessionName, sourceIdentityOf } from '#domain/role-session-name.ts'
import { tagsFor } from '#domain/session-tags.ts'
import { actorOf } from '#plugins/audit-events.ts'
import { requireVisitor, type BrowserSessionOptions } from '#plugins/browser-session.ts'
import type { ConsoleOpener } from '#plugins/console-opener.ts'
import { languageOf } from '#plugins/language.ts'
import type { Metrics } from '#plugins/metrics.ts'
import { openingTokenParameter, type OpeningTokens } from '#plugins/opening-token.ts'
import { requireNavigation } from '#plugins/signed-in-guard.ts'
import { Slug, type Routes } from '#plugins/typebox-routes.ts'
import type { AuditTrail, IdentityProviders, Preferences } from '#ports'
import { wordsFor } from '../../words/words.ts'
import { requireFreshClaims } from './claims-recheck.ts'
import { confirmView } from './confirm-view.ts'
import { refuse } from './opening-refusal.ts'

export interface ConsoleOptions {
  readonly session: BrowserSessionOptions
  readonly providers: IdentityProviders
  readonly opener: ConsoleOpener
  readonly tokens: OpeningTokens
  readonly trail: AuditTrail
  readonly preferences: Preferences
  readonly metrics: Metrics
  readonly openingsPerMinute: number
}

/** A form sends the fields that nobody filled in as empty: they ask for nothing. */
const Option = Type.Optional(Type.String({ pattern: `^$|${slugPattern}` }))
const Wish = {
  to: Type.Optional(Type.String({ maxLength: longestDestination })),
  region: Option,
  for: Option,
}
const Target = Type.Object({ account: Slug, permissionSet: Slug })
const GoQuery = Type.Object({
  ...Wish,
  [openingTokenParameter]: Type.Optional(Type.String({ maxLength: 128 })),
})

export const consoleRoutes: Routes<ConsoleOptions> = async (app, options) => {
  app.addHook('onRequest', requireNavigation)
  app.addHook(
    'onRequest',
    app.limit(options.openingsPerMinute, (request) => {
      return principalKey(requireVisitor(request).principal)
    }),
  )

  app.get(
    '/go/:account/:permissionSet',
    { schema: { params: Target, querystring: GoQuery } },
    (request, reply) => {
      const target = targetFrom(request.params, request.query)
      return go(options, request, reply, target, request.query[openingTokenParameter] ?? null)
    },
  )

  /** The form of the portal's options: leads to the same page that a foreign link does. */
  app.get(
    '/open/:account/:permissionSet',
    { schema: { params: Target, querystring: Type.Object(Wish) } },
    (request, reply) =>
      go(options, request, reply, targetFrom(request.params, request.query), 'ask'),
  )

  app.get('/to/:link', { schema: { params: Type.Object({ link: Slug }) } }, (request, reply) => {
    const link = options.session.config.current().links.get(request.params.link)
    if (!link) throw new Problem('not-found')
    const { to, region } = link
    return go(
      options,
      request,
      reply,
      { kind: 'opening', ...link.target, to, region, for: null },
      null,
    )
  })
}

/** `yes` is the token of an earlier yes, or `ask` where the person must be asked in any case. */
async function go(
  options: ConsoleOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  target: OpeningTarget,
  yes: string | null,
): Promise<unknown> {
  const renewal = await requireFreshClaims(options, request, target)
  if (renewal !== null) return reply.redirect(renewal, 303)

  const visitor = requireVisitor(request)
  const { policy, aws } = options.session.config.current()
  const now = options.session.clock()
  const decision = decideAccess(policy, visitor.principal, target, now)
  if (decision.outcome === 'denied') return refuse(options, request, reply, target, decision)

  const { entitlement } = decision
  const plan = requirePlan(entitlement, target, consoleOverrideOf(aws), now)
  const granted = { principal: visitor.principal, target, entitlement, plan }
  const isConfirmed = yes !== null && options.tokens.holds(request, target, yes)
  const mustAsk =
    yes === 'ask' ||
    entitlement.permissionSet.caution !== null ||
    judgeNavigation(request.headers) !== 'own'
  if (mustAsk && !isConfirmed) return ask(options, request, reply, granted)
  return open(options, request, reply, granted)
}

/** What was decided, and for whom. */
interface GrantedOpening {
  readonly principal: Principal
  readonly target: OpeningTarget
  readonly entitlement: Entitlement
  readonly plan: OpeningPlan
}

async function open(
  options: ConsoleOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  { principal, target, entitlement, plan }: GrantedOpening,
): Promise<FastifyReply> {
  const { account, permissionSet } = entitlement
  const { server, fingerprint } = options.session.config.current()
  const key = principalKey(principal)
  const settings = await options.preferences.settingsOf(key)
  const signOutFirst = settings.get('signOutFirst') === 'true'

  const opened = await options.opener.open(request, {
    actor: actorOf(principal),
    entitlement,
    plan: { ...plan, region: plan.region ?? ownRegion(settings, account) },
    roleSessionName: roleSessionName(principal),
    sourceIdentity: permissionSet.sourceIdentity ? sourceIdentityOf(principal) : null,
    tags: tagsFor(permissionSet, { account, principal, pass: null }),
    signInPage: new URL(openingPath(target, {}), server.publicUrl),
    signOutFirst,
    details: { config: fingerprint.slice(0, 12) },
  })
  // The person is on the way already: what they opened lately is nothing to wait for.
  const role = { account: account.slug, permissionSet: permissionSet.slug }
  const openedAt = options.session.clock()
  void options.preferences
    .noteOpening(key, role, { openedAt, endsAt: opened.endsAt, endsOthers: signOutFirst })
    .catch((error: unknown) => request.log.warn({ err: error }, 'recent roles could not be kept'))
  return reply
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .redirect(opened.signInUrl.href, 303)
}

function ask(
  options: ConsoleOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  { principal, target, entitlement, plan }: GrantedOpening,
): FastifyReply {
  const endsAt = new Date(options.session.clock().getTime() + plan.wantedSeconds * 1000)
  return reply.page(
    'confirm',
    confirmView({
      words: wordsFor(languageOf(request)),
      principal,
      entitlement,
      destination: plan.destination,
      region: plan.region,
      wantedSeconds: plan.wantedSeconds,
      endsAt,
      continueUrl: options.tokens.addressOf(request, target),
      cameFrom: cameFrom(request),
      ownHost: options.session.config.current().server.publicUrl.host,
    }),
  )
}

/** Throws where a wish cannot be met: a page that says which one, and nothing is opened. */
function requirePlan(
  entitlement: Entitlement,
  target: OpeningTarget,
  consoleOverride: URL | null,
  now: Date,
): OpeningPlan {
  const planning = planOpening(entitlement, target, consoleOverride, now)
  if (planning.outcome === 'plan') return planning.plan
  const { reason, given } = planning
  if (planning.reason === 'destination') {
    throw new Problem('destination-refused', { facts: { host: given, why: planning.why } })
  }
  throw new Problem('invalid-request', { facts: { what: reason, given } })
}

function targetFrom(
  params: { readonly account: string; readonly permissionSet: string },
  wish: { readonly to?: string; readonly region?: string; readonly for?: string },
): OpeningTarget {
  return {
    kind: 'opening',
    ...params,
    to: wish.to || null,
    region: wish.region || null,
    for: wish.for || null,
  }
}

/** The person's own default, where neither link nor config names a Region. */
function ownRegion(settings: ReadonlyMap<string, string>, { partition }: Account): string | null {
  const region = settings.get('region') ?? ''
  return isRegionOf(partition, region) ? region : null
}

/** Shown, never believed. */
function cameFrom(request: FastifyRequest): string | null {
  const { referer } = request.headers
  return referer !== undefined && URL.canParse(referer) ? new URL(referer).host : null
}
