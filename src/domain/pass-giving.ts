/**
 * May this sponsor give this pass, and may it be used now: the same question, asked at giving and at
 * each redemption. A pass is never worth more than what its sponsor may open at that moment.
 */
import { decideAccess, entitlementsOf, selects, type Entitlement } from './access.ts'
import { selectorsOf, type Account } from './access-policy.ts'
import { readDestination } from './destination.ts'
import {
  isSponsorAway,
  passKey,
  standingOf,
  type GuestPass,
  type PassStanding,
} from './guest-pass.ts'
import { partitionOf } from './partition.ts'
import type { FieldProblem, PassWish } from './pass-form.ts'
import type { Principal } from './principal.ts'
import type { GuestPassSettings, Settings } from './settings.ts'

type GivingSettings = Pick<Settings, 'guestPasses' | 'policy'>

export type GivingRefusal =
  'no-guest-passes' | 'not-a-sponsor' | 'not-for-guests' | 'kind-not-allowed' | 'sponsor-lacks-role'

export type GivingDecision =
  | { readonly outcome: 'granted'; readonly entitlement: Entitlement }
  | { readonly outcome: 'refused'; readonly reason: GivingRefusal }

/** The sponsor's own entitlement, where it may be shared with a guest. */
export function decideGiving(
  { guestPasses, policy }: GivingSettings,
  { sponsor, kind, target }: Pick<GuestPass, 'sponsor' | 'kind' | 'target'>,
  now: Date,
): GivingDecision {
  if (guestPasses === null) return { outcome: 'refused', reason: 'no-guest-passes' }
  if (!selects(guestPasses.sponsors, sponsor))
    return { outcome: 'refused', reason: 'not-a-sponsor' }
  if (kind === 'link-and-pin' && !guestPasses.linkAndPin) {
    return { outcome: 'refused', reason: 'kind-not-allowed' }
  }
  const decision = decideAccess(policy, sponsor, target, now)
  if (decision.outcome === 'denied') return { outcome: 'refused', reason: 'sponsor-lacks-role' }
  return isForGuests(guestPasses, decision.entitlement)
    ? decision
    : { outcome: 'refused', reason: 'not-for-guests' }
}

/** What this sponsor may give, accounts and permission sets in the order of the file. */
export function offersOf(
  { guestPasses, policy }: GivingSettings,
  sponsor: Principal,
  now: Date,
): readonly Entitlement[] {
  if (guestPasses === null || !selects(guestPasses.sponsors, sponsor)) return []
  return entitlementsOf(policy, sponsor, now).filter((offer) => isForGuests(guestPasses, offer))
}

export type WishJudgement =
  | { readonly outcome: 'granted'; readonly entitlement: Entitlement }
  | { readonly outcome: 'refused'; readonly problems: readonly FieldProblem[] }

/** All that keeps a well-formed wish from becoming a pass. `consoleOverride`: as in planOpening. */
export function judgeWish(
  settings: GivingSettings,
  sponsor: Principal,
  wish: PassWish,
  consoleOverride: URL | null,
  now: Date,
): WishJudgement {
  const decision = decideGiving(settings, { ...wish, sponsor }, now)
  if (decision.outcome === 'refused') {
    const field = decision.reason === 'kind-not-allowed' ? 'kind' : 'role'
    const problems = timeProblems(settings, wish, null, now)
    return { outcome: 'refused', problems: [...problems, { field, fault: 'not-allowed' }] }
  }
  const { account, endsAt } = decision.entitlement
  const problems = [
    ...timeProblems(settings, wish, endsAt, now),
    ...destinationProblems(wish, account, consoleOverride),
  ]
  return problems.length > 0 ? { outcome: 'refused', problems } : decision
}

/**
 * A new end, or number of openings, for a pass that is out: as much as a new one could have from the
 * same start, by what its sponsor may open now. No pass grows beyond `longest` bit by bit.
 */
export function judgeExtension(
  settings: GivingSettings,
  pass: GuestPass,
  sponsor: Principal,
  { until, openings }: Pick<PassWish, 'until' | 'openings'>,
  now: Date,
): WishJudgement {
  const decision = decideGiving(settings, { ...pass, sponsor }, now)
  if (decision.outcome === 'refused' || !isExtendable(pass, now)) {
    return { outcome: 'refused', problems: [{ field: 'until', fault: 'not-allowed' }] }
  }
  const times = { from: pass.from, until }
  const { openingsUsed } = pass
  const problems: FieldProblem[] = [
    ...timeProblems(settings, times, decision.entitlement.endsAt, now, pass.from),
    ...(openings !== null && openings < openingsUsed
      ? [{ field: 'openings', fault: 'below-used', openingsUsed } as const]
      : []),
  ]
  return problems.length > 0 ? { outcome: 'refused', problems } : decision
}

/** Not what ended: that needs a new link, and new terms. */
export function isExtendable(pass: GuestPass, now: Date): boolean {
  const standing = standingOf(pass, now)
  return standing === 'usable' || standing === 'not-yet' || standing === 'used-up'
}

export type PassUse =
  | { readonly outcome: 'usable'; readonly entitlement: Entitlement }
  | { readonly outcome: 'not-yet'; readonly entitlement: Entitlement }
  | { readonly outcome: 'refused'; readonly reason: PassRefusal }

export type PassRefusal =
  Exclude<PassStanding, 'usable' | 'not-yet'> | GivingRefusal | 'sponsor-away'

/** By the running config and the sponsor's latest known claims. */
export function usePass(settings: GivingSettings, pass: GuestPass, now: Date): PassUse {
  const standing = standingOf(pass, now)
  if (standing !== 'usable' && standing !== 'not-yet') {
    return { outcome: 'refused', reason: standing }
  }
  const decision = decideGiving(settings, pass, now)
  if (decision.outcome === 'refused') return decision
  if (isSponsorAway(pass, now)) return { outcome: 'refused', reason: 'sponsor-away' }
  const { endsAt, ...rest } = decision.entitlement
  const end = endsAt !== null && endsAt < pass.until ? endsAt : pass.until
  return { outcome: standing, entitlement: { ...rest, assignment: passKey(pass), endsAt: end } }
}

function isForGuests(guestPasses: GuestPassSettings, { account, permissionSet }: Entitlement) {
  const selectors = selectorsOf(account)
  return (
    guestPasses.permissionSets.includes(permissionSet.slug) &&
    guestPasses.accounts.some((selector) => selectors.includes(selector))
  )
}

function timeProblems(
  { guestPasses }: GivingSettings,
  { from, until }: Pick<PassWish, 'from' | 'until'>,
  ownEnd: Date | null,
  now: Date,
  countedFrom = new Date(Math.max(from.getTime(), now.getTime())),
): FieldProblem[] {
  if (until <= now) return [{ field: 'until', fault: 'over' }]
  if (until <= from) return [{ field: 'until', fault: 'before-from' }]
  const mostSeconds = guestPasses?.longestSeconds ?? 0
  if (until.getTime() - countedFrom.getTime() > mostSeconds * 1000) {
    return [{ field: 'until', fault: 'too-much-time', mostSeconds }]
  }
  return ownEnd !== null && until > ownEnd
    ? [{ field: 'until', fault: 'after-own-end', ownEnd }]
    : []
}

function destinationProblems(
  { destination }: PassWish,
  account: Account,
  consoleOverride: URL | null,
): FieldProblem[] {
  if (destination === null) return []
  const read = readDestination(destination, partitionOf(account.partition), consoleOverride)
  return read.outcome === 'refused' ? [{ field: 'to', fault: 'not-allowed' }] : []
}
