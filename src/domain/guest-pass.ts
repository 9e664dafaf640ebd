/** A pass and its standing at a moment. Pure: tokens and PINs are checked elsewhere, by hash. */
import type { AccessRequest } from './access.ts'

export interface GuestPass {
  readonly id: string
  readonly kind: 'email' | 'link-and-pin'
  readonly guestName: string
  /** Folded, for kind `email`: the verified e-mail the guest must sign in with. */
  readonly guestEmail: string | null
  /** `principalKey` of who gave it. */
  readonly sponsorKey: string
  readonly sponsorName: string
  readonly sponsorEmail: string | null
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

/** Wrong PINs after which a pass is locked for good: six digits give 5 in 1,000,000. */
export const mostWrongPins = 5

export function standingOf(pass: GuestPass, now: Date): PassStanding {
  if (pass.revokedAt !== null) return 'revoked'
  if (pass.wrongPins >= mostWrongPins) return 'locked'
  if (now >= pass.until) return 'ended'
  if (pass.openings !== null && pass.openingsUsed >= pass.openings) return 'used-up'
  return now < pass.from ? 'not-yet' : 'usable'
}
