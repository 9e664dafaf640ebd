/** Roles by environment, team and account, as the page shows them. */
import type { Entitlement } from '#domain/access.ts'
import type { Account, Environment } from '#domain/access-policy.ts'

export interface EnvironmentRoles {
  /** Null for accounts without one, which come last. */
  readonly environment: Environment | null
  /** One without a name where the page is short, or no account says its team. */
  readonly teams: readonly TeamRoles[]
  readonly accountCount: number
  readonly roleCount: number
}

export interface TeamRoles {
  /** The tag `team`; null for the accounts without it, which come last. */
  readonly name: string | null
  readonly accounts: readonly AccountRoles[]
}

export interface AccountRoles {
  readonly account: Account
  readonly held: readonly Entitlement[]
}

/** Beyond this, nobody reads the page from its top: accounts are folded away by team. */
const mostUnfoldedAccounts = 300

/** `entitlements` are in the order of the file: those of one account stand together. */
export function rolesByEnvironment(
  entitlements: readonly Entitlement[],
): readonly EnvironmentRoles[] {
  const groups = new Map<string, Group>()
  let group: Group | undefined
  let accountCount = 0
  let last: { readonly account: Account; readonly held: Entitlement[] } | undefined
  for (const entitlement of entitlements) {
    const { account } = entitlement
    if (last?.account !== account) {
      group = groupAt(groups, account.environment)
      last = { account, held: [] }
      group.accounts.push(last)
      accountCount += 1
    }
    last.held.push(entitlement)
    if (group) group.roleCount += 1
  }
  const isFolded = accountCount > mostUnfoldedAccounts
  return [...groups.values()]
    .sort((a, b) => Number(a.environment === null) - Number(b.environment === null))
    .map(({ environment, accounts, roleCount }) => ({
      environment,
      teams: isFolded ? teamsAmong(accounts) : [{ name: null, accounts }],
      accountCount: accounts.length,
      roleCount,
    }))
}

/** In the order of the page. */
export function accountsOf(environments: readonly EnvironmentRoles[]): readonly AccountRoles[] {
  return environments.flatMap(({ teams }) => teams.flatMap(({ accounts }) => accounts))
}

function teamsAmong(accounts: readonly AccountRoles[]): readonly TeamRoles[] {
  const byTeam = Map.groupBy(accounts, ({ account }) => account.tags.get('team') ?? null)
  return [...byTeam]
    .sort(([a], [b]) => Number(a === null) - Number(b === null))
    .map(([name, held]) => ({ name, accounts: held }))
}

interface Group {
  readonly environment: Environment | null
  readonly accounts: { readonly account: Account; readonly held: Entitlement[] }[]
  roleCount: number
}

function groupAt(groups: Map<string, Group>, environment: Environment | null): Group {
  const slug = environment?.slug ?? ''
  const group = groups.get(slug) ?? { environment, accounts: [], roleCount: 0 }
  groups.set(slug, group)
  return group
}
