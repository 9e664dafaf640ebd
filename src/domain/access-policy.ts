/**
 * Accounts, permission sets, assignments and denials, and the indexes that make a decision cheap.
 * Owns: the words of the policy and its compiled form. Leaves to others: the file (config), the
 * decision (access.ts).
 */
import type { PartitionName } from './partition.ts'

export type EnvironmentColour = 'red' | 'amber' | 'green' | 'violet'

export interface Environment {
  readonly slug: string
  readonly name: string
  readonly colour: EnvironmentColour
}

export interface Account {
  readonly slug: string
  /** Twelve digits. */
  readonly id: string
  readonly name: string
  readonly environment: Environment | null
  readonly tags: ReadonlyMap<string, string>
  readonly partition: PartitionName
  readonly region: string | null
  /** Console page to land on: a path or an https URL under the partition's console domain. */
  readonly destination: string | null
  readonly externalId: string | null
  /** Whom to ask about this account. */
  readonly contact: string | null
}

export interface PermissionSet {
  readonly slug: string
  readonly name: string
  readonly description: string | null
  /** Path and name without the leading slash: `sekisho/ViewOnlyAccess`. */
  readonly roleName: string
  readonly consoleSeconds: number
  readonly region: string | null
  readonly destination: string | null
  readonly caution: string | null
  readonly sourceIdentity: boolean
  /** Session tag key to template, such as `{account.tags.team}`. */
  readonly sessionTags: ReadonlyMap<string, string>
  readonly transitiveTags: readonly string[]
  /** Inline session policy as compact JSON. */
  readonly sessionPolicy: string | null
  readonly sessionPolicyArns: readonly string[]
  /** What happens where the role's trust refuses source identity or tags. */
  readonly attribution: 'strict' | 'lenient'
}

/**
 * Whom a rule speaks of. Groups and e-mails count only for the people of `providers`: a partner's
 * directory must not be able to name its group, or verify an e-mail, as ours.
 */
export interface PrincipalSelector {
  readonly providers: readonly string[]
  readonly groups: readonly string[]
  /** Lower-cased (ASCII) and verified. */
  readonly emails: readonly string[]
  /** Each names its own provider. */
  readonly users: readonly { readonly provider: string; readonly subject: string }[]
}

/** `accounts` holds slugs, `tag:key=value`, `environment:slug` or `*`; ids were turned into slugs. */
export interface Assignment {
  readonly name: string
  readonly who: PrincipalSelector
  readonly accounts: readonly string[]
  readonly permissionSets: readonly string[]
  readonly from: Date | null
  readonly until: Date | null
}

/** Stronger than any assignment. An empty list of accounts or permission sets means all of them. */
export interface Denial extends Assignment {}

export interface PolicySource {
  readonly accounts: readonly Account[]
  readonly permissionSets: readonly PermissionSet[]
  readonly assignments: readonly Assignment[]
  readonly denials: readonly Denial[]
}

export interface CompiledRule {
  readonly rule: Assignment
  /** Place in the file: the first match is the reason. */
  readonly order: number
  readonly accounts: ReadonlySet<string>
  readonly permissionSets: ReadonlySet<string>
}

/** Rules by the way they name people, for one provider. */
export interface RulesByPrincipal {
  readonly everyone: CompiledRule[]
  readonly byGroup: Map<string, CompiledRule[]>
  readonly byEmail: Map<string, CompiledRule[]>
  readonly bySubject: Map<string, CompiledRule[]>
}

type RulesByProvider = ReadonlyMap<string, RulesByPrincipal>

export interface AccessPolicy {
  readonly accounts: ReadonlyMap<string, Account>
  readonly accountsById: ReadonlyMap<string, Account>
  /** `slug`, `tag:…`, `environment:…` and `*` to the accounts meant, in the order of the file. */
  readonly accountsBySelector: ReadonlyMap<string, readonly Account[]>
  readonly permissionSets: ReadonlyMap<string, PermissionSet>
  readonly assignments: RulesByProvider
  readonly assignmentsByPermissionSet: ReadonlyMap<string, RulesByProvider>
  readonly denials: RulesByProvider
}

/** Costs what the file holds, once per load, so that a decision costs what one person holds. */
export function compileAccessPolicy(source: PolicySource): AccessPolicy {
  const assignments = source.assignments.map(compileRule)
  const byPermissionSet = new Map<string, CompiledRule[]>()
  for (const compiled of assignments) {
    for (const slug of compiled.permissionSets) listAt(byPermissionSet, slug).push(compiled)
  }
  return {
    accounts: new Map(source.accounts.map((account) => [account.slug, account])),
    accountsById: new Map(source.accounts.map((account) => [account.id, account])),
    accountsBySelector: accountsBySelector(source.accounts),
    permissionSets: new Map(source.permissionSets.map((set) => [set.slug, set])),
    assignments: rulesByProvider(assignments),
    assignmentsByPermissionSet: new Map(
      [...byPermissionSet].map(([slug, rules]) => [slug, rulesByProvider(rules)]),
    ),
    denials: rulesByProvider(source.denials.map(compileRule)),
  }
}

/** Every selector that means this account. */
export function selectorsOf(account: Account): readonly string[] {
  return [
    account.slug,
    ...[...account.tags].map(([key, value]) => `tag:${key}=${value}`),
    ...(account.environment ? [`environment:${account.environment.slug}`] : []),
    '*',
  ]
}

function compileRule(rule: Assignment, order: number): CompiledRule {
  return {
    rule,
    order,
    accounts: new Set(rule.accounts),
    permissionSets: new Set(rule.permissionSets),
  }
}

function accountsBySelector(accounts: readonly Account[]): Map<string, Account[]> {
  const found = new Map<string, Account[]>()
  for (const account of accounts) {
    for (const selector of selectorsOf(account)) listAt(found, selector).push(account)
  }
  return found
}

function rulesByProvider(rules: readonly CompiledRule[]): Map<string, RulesByPrincipal> {
  const found = new Map<string, RulesByPrincipal>()
  for (const compiled of rules) addRule(found, compiled)
  return found
}

function addRule(found: Map<string, RulesByPrincipal>, compiled: CompiledRule): void {
  const { providers, groups, emails, users } = compiled.rule.who
  const namesNobody = groups.length === 0 && emails.length === 0 && users.length === 0
  for (const provider of providers) {
    const rules = rulesAt(found, provider)
    if (namesNobody) rules.everyone.push(compiled)
    for (const group of groups) listAt(rules.byGroup, group).push(compiled)
    for (const email of emails) listAt(rules.byEmail, email).push(compiled)
  }
  for (const { provider, subject } of users) {
    listAt(rulesAt(found, provider).bySubject, subject).push(compiled)
  }
}

function rulesAt(found: Map<string, RulesByPrincipal>, provider: string): RulesByPrincipal {
  const existing = found.get(provider)
  if (existing) return existing
  const rules: RulesByPrincipal = {
    everyone: [],
    byGroup: new Map(),
    byEmail: new Map(),
    bySubject: new Map(),
  }
  found.set(provider, rules)
  return rules
}

function listAt<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const existing = lists.get(key)
  if (existing) return existing
  const list: Item[] = []
  lists.set(key, list)
  return list
}
