/**
 * What every step of a redemption asks: which pass this is, whether it is worth anything now, and
 * whether its guest is here. Refusals are recorded; the guest learns only what they must.
 */
import type { FastifyRequest } from 'fastify'
import { verifiedEmail, type Entitlement } from '#domain/access.ts'
import { mostWrongPins, passKey, type GuestPass } from '#domain/guest-pass.ts'
import { usePass, type PassRefusal } from '#domain/pass-giving.ts'
import { principalKey } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import { actorOf, eventOf, systemActor } from '#plugins/audit-events.ts'
import type { BrowserSessionOptions } from '#plugins/browser-session.ts'
import type { AuditTrail, GuestPasses } from '#ports'
import { hashOfToken, isPin } from './pass-secrets.ts'

export interface PassDeskOptions {
  readonly session: BrowserSessionOptions
  readonly passes: GuestPasses
  readonly trail: AuditTrail
}

/** A pass as found by its token, and what it is worth now. */
export interface FoundPass {
  readonly pass: GuestPass
  readonly pinHash: string | null
  readonly entitlement: Entitlement
  readonly hasBegun: boolean
}

type Refused = { readonly pass: GuestPass | null; readonly reason: Reason }
type Reason = PassRefusal | 'unknown' | 'not-yet' | 'wrong-pin' | 'too-many-tries' | 'wrong-person'

export async function findPass(
  { session, passes }: PassDeskOptions,
  token: string,
): Promise<FoundPass | Refused> {
  const found = await passes.byTokenHash(hashOfToken(token))
  if (!found) return { pass: null, reason: 'unknown' }
  const use = usePass(session.config.current(), found.pass, session.clock())
  if (use.outcome === 'refused') return { pass: found.pass, reason: use.reason }
  return { ...found, entitlement: use.entitlement, hasBegun: use.outcome === 'usable' }
}

/** To look at: throws for passes that are worth nothing, and records nothing. */
export async function requirePass(options: PassDeskOptions, token: string): Promise<FoundPass> {
  const found = await findPass(options, token)
  if ('reason' in found) throw problemOf(found.reason)
  return found
}

/** To use: throws after recording why not. Whatever the reason, it took the time of a PIN. */
export async function requireUsable(
  options: PassDeskOptions,
  request: FastifyRequest,
  token: string,
): Promise<FoundPass> {
  const found = await findPass(options, token)
  const isUsable = 'entitlement' in found && found.hasBegun
  if (isUsable) return found
  await isPin('', null)
  const reason = 'reason' in found ? found.reason : 'not-yet'
  await recordRefusal(options, request, { pass: found.pass, reason })
  throw problemOf(reason)
}

export type PinCheck =
  { readonly outcome: 'right' } | { readonly outcome: 'wrong'; readonly triesLeft: number }

/**
 * Counts first and looks then: of any number of guesses at once, five are looked at. What was not
 * looked at is not held against the pass, so that somebody who presses twenty times is not locked out.
 */
export async function checkPin(
  options: PassDeskOptions,
  request: FastifyRequest,
  { pass, pinHash }: FoundPass,
  pin: string,
): Promise<PinCheck> {
  const tries = await options.passes.countWrongPin(pass.id)
  if (tries > mostWrongPins) {
    await options.passes.forgivePin(pass.id)
    await recordRefusal(options, request, { pass, reason: 'too-many-tries' })
    throw new Problem('too-many-requests', { retryAfterSeconds: 1 })
  }
  if (await isPin(pin, pinHash)) {
    await options.passes.forgivePin(pass.id)
    return { outcome: 'right' }
  }
  await recordRefusal(options, request, { pass, reason: 'wrong-pin' })
  if (tries === mostWrongPins) throw problemOf('locked')
  return { outcome: 'wrong', triesLeft: mostWrongPins - tries }
}

/** True for the person whose verified e-mail the pass names, at whichever provider. */
export function isHolder(pass: GuestPass, request: FastifyRequest): boolean {
  const email = request.visitor ? verifiedEmail(request.visitor.principal) : null
  return email !== null && email === pass.guestEmail
}

/** `principalKey` of the signed-in guest; null for link and PIN. Throws after recording why not. */
export async function requireHolder(
  options: PassDeskOptions,
  request: FastifyRequest,
  pass: GuestPass,
): Promise<string | null> {
  if (pass.kind === 'link-and-pin') return null
  if (!request.visitor) throw new Problem('sign-in-required')
  if (!isHolder(pass, request)) {
    await recordRefusal(options, request, { pass, reason: 'wrong-person' })
    throw new Problem('pass-wrong-person')
  }
  if (areClaimsStale(options.session, request)) throw new Problem('sign-in-expired')
  return principalKey(request.visitor.principal)
}

/** Older than `recheck`: whoever left the other company must not come in with yesterday's claims. */
export function areClaimsStale(
  { config, clock }: BrowserSessionOptions,
  request: FastifyRequest,
): boolean {
  const { recheckSeconds } = config.current().server.sessions
  const claimsAt = request.session.signIn?.claimsAt ?? 0
  return clock().getTime() - claimsAt >= recheckSeconds * 1000
}

export function guestActor(pass: GuestPass) {
  return { kind: 'guest', key: passKey(pass), name: pass.guestName } as const
}

/** For the trail, in every event of a pass. */
export function passDetails(pass: GuestPass) {
  return { pass: pass.id, guest: pass.guestName, sponsor: actorOf(pass.sponsor).name }
}

export async function recordRefusal(
  { trail }: PassDeskOptions,
  request: FastifyRequest,
  { pass, reason }: Refused,
): Promise<void> {
  const subject = pass
    ? {
        account: pass.target.account,
        permissionSet: pass.target.permissionSet,
        details: passDetails(pass),
      }
    : {}
  const actor = pass ? guestActor(pass) : systemActor
  await trail.record(eventOf(request, 'pass.refused', actor, { ...subject, reason }))
}

/** One page for everything that a finder of the link should not be able to tell apart. */
export function problemOf(reason: Reason): Problem {
  if (reason === 'locked') return new Problem('pass-locked')
  return new Problem(reason === 'sponsor-away' ? 'pass-sponsor-away' : 'pass-unusable')
}
