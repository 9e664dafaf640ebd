/**
 * All roles, by environment and account, in the order of the config. Rows and tiles are made when
 * the page comes to them: 5,000 that lived until its end would cost more to keep than to make.
 */
import type { Entitlement } from '#domain/access.ts'
import type { NamedLink } from '#domain/settings.ts'
import { accountNumber } from '../../words/account-number.ts'
import type { Words } from '../../words/words.ts'
import type { AccountRoles, EnvironmentRoles } from './role-groups.ts'
import type { Tile, TileMaker } from './tile-view.ts'

export interface EnvironmentRows {
  readonly id: string
  readonly name: string
  /** Empty where accounts have no environment. */
  readonly label: string
  readonly colour: string
  readonly counts: string
  readonly teams: readonly TeamRows[]
}

export interface TeamRows {
  /** Null where nothing is folded away. */
  readonly name: string | null
  readonly counts: string
  readonly accounts: readonly AccountRow[]
}

export interface AccountRow {
  readonly id: string
  readonly name: string
  readonly number: string
  /** The page of this account alone, where tiles are slim. */
  readonly href: string | null
  /** Why one holds all of its roles, where tiles are slim and it is one reason. */
  readonly because: string | null
  readonly tiles: readonly Tile[]
  readonly links: readonly { readonly name: string; readonly href: string }[]
}

export interface RowsInput {
  readonly words: Words
  readonly environments: readonly EnvironmentRoles[]
  readonly makeTile: TileMaker
  readonly isSlim: boolean
  /** By the account they name: slug or twelve digits. */
  readonly links: ReadonlyMap<string, readonly NamedLink[]>
  /** The portal's own path: `/` or `/portal/acme`. */
  readonly path: string
}

export function environmentRows(input: RowsInput): readonly EnvironmentRows[] {
  const { portal } = input.words
  return input.environments.map(({ environment, teams, accountCount, roleCount }) => ({
    id: `env-${environment?.slug ?? ''}`,
    name: environment?.name ?? portal.otherAccounts,
    label: environment?.name ?? '',
    colour: environment?.colour ?? 'none',
    counts: `${portal.accounts(accountCount)} · ${portal.roles(roleCount)}`,
    teams: teams.map(({ name, accounts }) => ({
      name: name ?? (teams.length > 1 ? portal.otherAccounts : null),
      counts: portal.accounts(accounts.length),
      get accounts() {
        return accounts.map((account) => accountRow(input, account))
      },
    })),
  }))
}

function accountRow(
  { words, makeTile, isSlim, links, path }: RowsInput,
  { account, held }: AccountRoles,
): AccountRow {
  const reason = isSlim ? onlyReasonOf(held) : null
  return {
    id: `account-${account.slug}`,
    name: account.name,
    number: accountNumber(account.id),
    href: isSlim ? `${path}?account=${encodeURIComponent(account.slug)}` : null,
    because: reason === null ? null : words.portal.tile.because(reason),
    get tiles() {
      const saysWhy = isSlim && reason === null
      return held.map((entitlement) => makeTile(entitlement, isSlim, saysWhy))
    },
    links: [account.slug, account.id]
      .flatMap((key) => links.get(key) ?? [])
      .map(({ name }) => ({ name, href: `/to/${encodeURIComponent(name)}` })),
  }
}

function onlyReasonOf(held: readonly Entitlement[]): string | null {
  const reason = held[0]?.assignment ?? null
  return held.every(({ assignment }) => assignment === reason) ? reason : null
}
