/** A pass and its standing at a moment. Pure: tokens and PINs are checked elsewhere, by hash. */
import type { AccessRequest } from './access.ts'
import type { Principal } from './principal.ts'

export interface GuestPass {
  /** Twelve of Crockford's base 32 in lower case: stands in AWS's session name. */
  readonly id: string
  readonly kind: 'email' | 'link-and-pin'
  readonly guestName: string
  /**
   * Folded. For kind `email`: the verified e-mail the guest must sign in with. For kind
   * `link-and-pin`: where mail goes; null where the sponsor sends the link.
   */
  readonly guestEmail: string | null
  /** Who gave it, with the claims of their latest sign-in: a lost group takes the pass along. */
  readonly sponsor: Principal
  /** When the sponsor's provider vouched for these claims last, to the hour. */
  readonly sponsorSeenAt: Date
  readonly target: AccessRequest
  readonly destination: string | null
  readonly reason: string
  readonly from: Date
  readonly until: Date
  /** Null: any number within the time. */
  readonly openings: number | null
  readonly openingsUsed: number
  readonly wrongPins: number
  readonly termsAcceptedAt: Date | null
  readonly revokedAt: Date | null
  readonly givenAt: Date
}

export type PassStanding = 'usable' | 'not-yet' | 'ended' | 'used-up' | 'revoked' | 'locked'

/**
 * A sponsor whom nobody has seen for longer may have left: what they gave waits until they sign in
 * again. Long enough for a week off, shorter than the fortnight that a pass usually lasts at most.
 */
export const longestSponsorAbsenceSeconds = 7 * 86_400

export function isSponsorAway({ sponsorSeenAt }: Pick<GuestPass, 'sponsorSeenAt'>, now: Date) {
  return now.getTime() - sponsorSeenAt.getTime() > longestSponsorAbsenceSeconds * 1000
}

/** Wrong PINs after which a pass is locked for good: six digits give 5 in 1,000,000. */
export const mostWrongPins = 5

export function standingOf(pass: GuestPass, now: Date): PassStanding {
  if (pass.revokedAt !== null) return 'revoked'
  if (pass.wrongPins >= mostWrongPins) return 'locked'
  if (now >= pass.until) return 'ended'
  if (pass.openings !== null && pass.openingsUsed >= pass.openings) return 'used-up'
  return now < pass.from ? 'not-yet' : 'usable'
}

/** Key of the guest in the trail, and the reason of each opening. */
export function passKey(pass: Pick<GuestPass, 'id'>): string {
  return `pass ${pass.id}`
}

/** A guest without an account anywhere, where session tags ask for a person. */
export function guestPrincipal(pass: Pick<GuestPass, 'id' | 'guestName'>): Principal {
  return {
    provider: 'guest-pass',
    issuer: 'guest-pass',
    subject: pass.id,
    displayName: pass.guestName,
    username: null,
    email: null,
    emailVerified: false,
    groups: new Set(),
  }
}
