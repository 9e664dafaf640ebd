/**
 * From a pasted address and a choice to a link. Pure and total: nothing is said of accounts that
 * the person holds no role in, beyond the number that they pasted themselves.
 */
import type { Entitlement } from '#domain/access.ts'
import type { Account } from '#domain/access-policy.ts'
import {
  readConsoleUrl,
  type ConsoleAddress,
  type ConsoleUrlReading,
} from '#domain/console-link.ts'
import { isRegionOf } from '#domain/partition.ts'
import { openingPath } from '#domain/return-target.ts'

export interface LinkWish {
  readonly url: string
  /** Slug; empty: the account that the address names. */
  readonly account: string
  /** Permission set's slug; empty: the first one held that needs no caution. */
  readonly role: string
}

export interface LinkMaking {
  /** Null where nothing was pasted. */
  readonly reading: ConsoleUrlReading | null
  readonly account: Account | null
  /** Held in the account; without one, one of each role that is held anywhere. */
  readonly roles: readonly Entitlement[]
  readonly chosen: Entitlement | null
  /** `/go/…`; null where something is missing. */
  readonly path: string | null
}

export function makeLink(
  entitlements: readonly Entitlement[],
  wish: LinkWish,
  consoleOverride: URL | null,
): LinkMaking {
  const partitions = new Set(entitlements.map(({ account }) => account.partition))
  const url = wish.url.trim()
  const reading =
    url === ''
      ? null
      : readConsoleUrl(url, partitions.size > 0 ? [...partitions] : ['aws'], consoleOverride)
  const address = reading?.outcome === 'console-page' ? reading : null
  const account = accountFor(entitlements, wish, address)
  const roles = account === null ? oneOfEach(entitlements) : heldIn(entitlements, account)
  const chosen = account === null ? null : roleFor(roles, wish)
  return { reading, account, roles, chosen, path: pathFor(chosen, address) }
}

export function isOtherPartition(address: ConsoleAddress, { partition }: Account): boolean {
  return address.partition !== null && address.partition !== partition
}

function accountFor(
  entitlements: readonly Entitlement[],
  wish: LinkWish,
  address: ConsoleAddress | null,
): Account | null {
  const find = (isMeant: (account: Account) => boolean) =>
    entitlements.find(({ account }) => isMeant(account))?.account ?? null
  const chosen = find(({ slug }) => slug === wish.account)
  if (chosen !== null || address === null) return chosen
  if (address.accountId !== null) return find(({ id }) => id === address.accountId)
  const isOnlyOne = new Set(entitlements.map(({ account }) => account.slug)).size === 1
  return isOnlyOne ? find(() => true) : null
}

function roleFor(roles: readonly Entitlement[], wish: LinkWish): Entitlement | null {
  return (
    roles.find(({ permissionSet }) => permissionSet.slug === wish.role) ??
    roles.find(({ permissionSet }) => permissionSet.caution === null) ??
    roles[0] ??
    null
  )
}

function pathFor(chosen: Entitlement | null, address: ConsoleAddress | null): string | null {
  if (chosen === null || address === null) return null
  const { account, permissionSet } = chosen
  if (isOtherPartition(address, account)) return null
  const { to, region } = address
  const isItsRegion = region !== null && isRegionOf(account.partition, region)
  return openingPath(
    {
      account: account.slug,
      permissionSet: permissionSet.slug,
      to,
      region: isItsRegion ? region : null,
      for: null,
    },
    {},
  )
}

function heldIn(entitlements: readonly Entitlement[], { slug }: Account): Entitlement[] {
  return entitlements.filter(({ account }) => account.slug === slug)
}

function oneOfEach(entitlements: readonly Entitlement[]): Entitlement[] {
  const bySlug = new Map<string, Entitlement>()
  for (const entitlement of entitlements) {
    const { slug } = entitlement.permissionSet
    if (!bySlug.has(slug)) bySlug.set(slug, entitlement)
  }
  return [...bySlug.values()]
}
