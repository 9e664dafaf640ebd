/** All roles, by environment and account, in the order of the config. */
import type { Entitlement } from '#domain/access.ts'
import type { Account } from '#domain/access-policy.ts'
import type { NamedLink } from '#domain/settings.ts'
import { tileText, type FilterRow } from '#domain/tile-filter.ts'
import { accountNumber } from '../../words/account-number.ts'
import type { Words } from '../../words/words.ts'
import type { RoleMarks } from './role-marks.ts'
import type { Tile } from './tile-view.ts'

export interface EnvironmentRows {
  readonly id: string
  readonly name: string
  /** Empty where accounts have no environment. */
  readonly label: string
  readonly colour: string
  readonly counts: string
  readonly accounts: readonly AccountRow[]
}

export interface AccountRow {
  readonly id: string
  readonly name: string
  readonly number: string
  /** The page of this account alone, where tiles are slim. */
  readonly href: string | null
  /** What the filter finds beside names. */
  readonly words: string
  readonly tiles: readonly Tile[]
  readonly links: readonly { readonly name: string; readonly href: string }[]
}

export interface RowsInput {
  readonly words: Words
  readonly entitlements: readonly Entitlement[]
  readonly makeTile: (entitlement: Entitlement, slim: boolean) => Tile
  readonly isSlim: boolean
  /** By the account they name: slug or twelve digits. */
  readonly links: ReadonlyMap<string, readonly NamedLink[]>
  /** The portal's own path: `/` or `/portal/acme`. */
  readonly path: string
}

export function environmentRows(input: RowsInput): readonly EnvironmentRows[] {
  const byEnvironment = Map.groupBy(
    input.entitlements,
    ({ account }) => account.environment?.slug ?? '',
  )
  // Accounts without an environment come last.
  const slugs = [...byEnvironment.keys()].sort((a, b) => Number(a === '') - Number(b === ''))
  return slugs.map((slug) => environmentRow(input, slug, byEnvironment.get(slug) ?? []))
}

function environmentRow(
  input: RowsInput,
  slug: string,
  entitlements: readonly Entitlement[],
): EnvironmentRows {
  const { words } = input
  const environment = entitlements[0]?.account.environment ?? null
  const byAccount = Map.groupBy(entitlements, ({ account }) => account)
  const { portal } = words
  return {
    id: `env-${slug}`,
    name: environment?.name ?? portal.otherAccounts,
    label: environment?.name ?? '',
    colour: environment?.colour ?? 'none',
    counts: `${portal.accounts(byAccount.size)} · ${portal.roles(entitlements.length)}`,
    accounts: [...byAccount].map(([account, held]) => accountRow(input, account, held)),
  }
}

function accountRow(
  { makeTile, isSlim, links, path }: RowsInput,
  account: Account,
  held: readonly Entitlement[],
): AccountRow {
  return {
    id: `account-${account.slug}`,
    name: account.name,
    number: accountNumber(account.id),
    href: isSlim ? `${path}?account=${encodeURIComponent(account.slug)}` : null,
    words: accountWords(account),
    tiles: held.map((entitlement) => makeTile(entitlement, isSlim)),
    links: [account.slug, account.id]
      .flatMap((key) => links.get(key) ?? [])
      .map(({ name }) => ({ name, href: `/to/${encodeURIComponent(name)}` })),
  }
}

/** What `?q=` looks through; the script reads the same words off the page. */
export function filterRow(
  entitlement: Entitlement,
  favourites: RoleMarks<true>,
): FilterRow & { readonly entitlement: Entitlement } {
  const { account, permissionSet } = entitlement
  const names = [permissionSet.name, account.name, account.environment?.name ?? '']
  return {
    text: tileText(names, [accountWords(account), permissionSet.slug]),
    boost: favourites.of(entitlement) ? 0.5 : 0,
    entitlement,
  }
}

function accountWords({ slug, id, tags }: Account): string {
  let words = `${slug} ${id} ${accountNumber(id)}`
  for (const [key, value] of tags) words += ` ${key} ${value}`
  return words
}
