/** From a wish (`to`, `region`, `for`) and an entitlement to what is opened exactly. Pure and total. */
import type { Entitlement } from './access.ts'
import { consoleDuration } from './console-duration.ts'
import { readDestination } from './destination.ts'
import { isRegionOf, partitionOf } from './partition.ts'
import type { OpeningTarget } from './return-target.ts'
import { readSpan } from './span.ts'

export interface OpeningPlan {
  readonly destination: string
  /** Null: whichever Region answers. */
  readonly region: string | null
  readonly wantedSeconds: number
  readonly deniedAfter: Date | null
}

export type Planning =
  | { readonly outcome: 'plan'; readonly plan: OpeningPlan }
  | { readonly outcome: 'refused'; readonly reason: 'span' | 'region'; readonly given: string }
  | {
      readonly outcome: 'refused'
      readonly reason: 'destination'
      readonly given: string
      readonly why: string
    }

export const defaultDestination = '/console/home'

type Wish = Pick<OpeningTarget, 'to' | 'region' | 'for'>

export function planOpening(
  { account, permissionSet, endsAt }: Entitlement,
  wish: Wish,
  consoleOverride: URL | null,
  now: Date,
): Planning {
  const partition = partitionOf(account.partition)
  const askedSeconds = wish.for === null ? null : readSpan(wish.for)
  if (wish.for !== null && askedSeconds === null) {
    return { outcome: 'refused', reason: 'span', given: wish.for }
  }
  if (wish.region !== null && !isRegionOf(account.partition, wish.region)) {
    return { outcome: 'refused', reason: 'region', given: wish.region }
  }

  const to = wish.to ?? permissionSet.destination ?? account.destination ?? defaultDestination
  const read = readDestination(to, partition, consoleOverride)
  if (read.outcome === 'refused') {
    return { outcome: 'refused', reason: 'destination', given: read.host ?? '', why: read.reason }
  }
  const { consoleSeconds } = permissionSet
  return {
    outcome: 'plan',
    plan: {
      destination: read.destination,
      region: wish.region ?? read.region ?? permissionSet.region ?? account.region,
      ...consoleDuration({
        permissionSetSeconds: consoleSeconds,
        askedSeconds,
        accessEndsAt: endsAt,
        now,
      }),
    },
  }
}
