import { consoleOverrideOf } from '#domain/console-override.ts'
import type { FastifyRequest } from 'fastify'
import { guestPrincipal, passKey, type GuestPass } from '#domain/guest-pass.ts'
import { guestSessionName } from '#domain/guest-session-name.ts'
import { planOpening, type OpeningPlan } from '#domain/opening-plan.ts'
import { principalKey } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import { tagsFor } from '#domain/session-tags.ts'
import { eventOf } from '#plugins/audit-events.ts'
import type { ConsoleOpener, WantedOpening } from '#plugins/console-opener.ts'
import type { OpenedConsole } from '#ports'
import {
  guestActor,
  passDetails,
  problemOf,
  recordRefusal,
  type FoundPass,
  type PassDeskOptions,
} from './pass-desk.ts'

/** `terms`: mark of those accepted. */
export type AcceptedPass = FoundPass & { readonly terms: string }

export interface PassOpeningOptions extends PassDeskOptions {
  readonly opener: ConsoleOpener
}

/**
 * One use is one use: the opening is taken before AWS is asked, and given back where AWS, or the
 * trail, refused. Throws a `Problem`, recorded.
 */
export async function openPass(
  options: PassOpeningOptions,
  request: FastifyRequest,
  found: AcceptedPass,
  page: string,
): Promise<OpenedConsole> {
  const { session, passes } = options
  const { pass } = found
  const wanted = wantedOpening(options, request, found, page)
  if (!(await passes.takeOpening(pass.id, session.clock()))) {
    await recordRefusal(options, request, { pass, reason: 'used-up' })
    throw problemOf('used-up')
  }
  try {
    await recordRedemption(options, request, found)
    return await options.opener.open(request, wanted)
  } catch (problem) {
    await passes.returnOpening(pass.id)
    throw problem
  }
}

function wantedOpening(
  { session }: PassOpeningOptions,
  request: FastifyRequest,
  { pass, entitlement }: FoundPass,
  page: string,
): WantedOpening {
  const { account, permissionSet } = entitlement
  const { server, fingerprint } = session.config.current()
  const name = guestSessionName(pass)
  const principal = request.visitor && pass.kind === 'email' ? request.visitor.principal : null
  const details = passDetails(pass)
  return {
    actor: guestActor(pass),
    entitlement,
    plan: requirePlan(session, pass, entitlement),
    roleSessionName: name,
    sourceIdentity: permissionSet.sourceIdentity ? name : null,
    tags: tagsFor(permissionSet, {
      account,
      principal: principal ?? guestPrincipal(pass),
      pass: { id: pass.id, sponsor: details.sponsor },
    }),
    signInPage: new URL(page, server.publicUrl),
    signOutFirst: false,
    details: { ...details, config: fingerprint.slice(0, 12) },
  }
}

function requirePlan(
  { config, clock }: PassOpeningOptions['session'],
  pass: GuestPass,
  entitlement: FoundPass['entitlement'],
): OpeningPlan {
  const wish = { to: pass.destination, region: null, for: null }
  const override = consoleOverrideOf(config.current().aws)
  const planning = planOpening(entitlement, wish, override, clock())
  if (planning.outcome === 'plan') return planning.plan
  // It was good when the pass was given: the config has changed since.
  throw new Problem('destination-refused', { facts: { host: planning.given } })
}

async function recordRedemption(
  { trail }: PassOpeningOptions,
  request: FastifyRequest,
  { pass, entitlement, terms }: AcceptedPass,
): Promise<void> {
  const { account, permissionSet } = entitlement
  const principal = pass.kind === 'email' ? request.visitor?.principal : undefined
  await trail.record(
    eventOf(request, 'pass.redeemed', guestActor(pass), {
      accountId: account.id,
      account: account.slug,
      permissionSet: permissionSet.slug,
      reason: passKey(pass),
      details: {
        ...passDetails(pass),
        kind: pass.kind,
        person: principal ? principalKey(principal) : null,
        termsAcceptedAt: pass.termsAcceptedAt?.toISOString() ?? null,
        terms,
      },
    }),
  )
}
