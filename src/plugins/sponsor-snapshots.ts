import type { Principal } from '#domain/principal.ts'
import type { Clock, GuestPasses, RunningConfig } from '#ports'

export interface SponsorSnapshotOptions {
  readonly config: RunningConfig
  readonly clock: Clock
  readonly passes: Pick<GuestPasses, 'refreshSponsor'>
}

/**
 * To be called with every set of verified claims, before a session takes them: passes are redeemed
 * without their sponsor, by the claims known last, so a lost group must reach the passes too, and
 * claims that nobody brought for a week count for nothing (docs/decisions/0006). Where they cannot be
 * kept there is no sign-in: rejects with `store-unavailable`.
 */
export async function keepSponsorSnapshot(
  { config, clock, passes }: SponsorSnapshotOptions,
  principal: Principal,
): Promise<void> {
  if (config.current().guestPasses === null) return
  await passes.refreshSponsor(principal, clock())
}
