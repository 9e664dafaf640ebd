/**
 * May this person open this role now, and why. Pure and total: the policy, the person and the
 * instant are parameters, and every refusal has a reason.
 */
import {
  selectorsOf,
  type AccessPolicy,
  type Account,
  type Assignment,
  type CompiledRule,
  type PermissionSet,
  type PrincipalSelector,
  type RulesByPrincipal,
} from './access-policy.ts'
import { foldEmail, type Principal } from './principal.ts'

export interface AccessRequest {
  /** Slug or twelve digits. */
  readonly account: string
  readonly permissionSet: string
}

/** What this person may open now. */
export interface Entitlement {
  readonly account: Account
  readonly permissionSet: PermissionSet
  /** Name of the first assignment in the file that grants it: the reason in the audit trail. */
  readonly assignment: string
  /** When the last of the granting assignments ends; null where one of them has no end. */
  readonly endsAt: Date | null
}

export type AccessDecision =
  | { readonly outcome: 'granted'; readonly entitlement: Entitlement }
  | ({ readonly outcome: 'denied' } & DenialReason)

export type DenialReason =
  | { readonly reason: 'unknown-account' | 'unknown-permission-set' | 'not-assigned' }
  | { readonly reason: 'denied-by-rule'; readonly denial: string }
  | { readonly reason: 'not-yet'; readonly assignment: string; readonly startsAt: Date }
  | { readonly reason: 'ended'; readonly assignment: string; readonly endedAt: Date }

export function decideAccess(
  policy: AccessPolicy,
  principal: Principal,
  wanted: AccessRequest,
  now: Date,
): AccessDecision {
  const account = findAccount(policy, wanted.account)
  if (!account) return { outcome: 'denied', reason: 'unknown-account' }
  const permissionSet = policy.permissionSets.get(wanted.permissionSet)
  if (!permissionSet) return { outcome: 'denied', reason: 'unknown-permission-set' }

  const selectors = selectorsOf(account)
  const rules = policy.assignmentsByPermissionSet.get(permissionSet.slug)?.get(principal.provider)
  const matches = rulesFor(rules, principal).filter((rule) => meansAccount(rule, selectors))
  const active = matches.filter(({ rule }) => isActive(rule, now))
  if (active.length === 0) return { outcome: 'denied', ...whyInactive(matches, now) }

  const denial = denialOf(policy, principal, selectors, permissionSet.slug, now)
  if (denial) return { outcome: 'denied', reason: 'denied-by-rule', denial }
  return { outcome: 'granted', entitlement: { account, ...grantOf(permissionSet, active) } }
}

/** Everything this person may open now, accounts and permission sets in the order of the file. */
export function entitlementsOf(
  policy: AccessPolicy,
  principal: Principal,
  now: Date,
): readonly Entitlement[] {
  const rules = activeRules(policy.assignments.get(principal.provider), principal, now)
  const denials = activeRules(policy.denials.get(principal.provider), principal, now)
  const granting = rulesByAccount(policy, rules)
  const places = new Map([...policy.permissionSets.keys()].map((slug, place) => [slug, place]))
  const entitlements: Entitlement[] = []
  for (const account of policy.accounts.values()) {
    const met = granting.get(account)
    if (!met) continue
    const selectors = denials.length === 0 ? [] : selectorsOf(account)
    for (const grant of (met.grants ??= grantsOf(policy, places, rulesOf(met)))) {
      const { permissionSet, assignment, endsAt } = grant
      if (denials.some((denial) => denies(denial, selectors, permissionSet.slug))) continue
      entitlements.push({ account, permissionSet, assignment, endsAt })
    }
  }
  return entitlements
}

type Grant = Omit<Entitlement, 'account'>

/**
 * Rules that meet in an account, as one more than `before`. Thousands of accounts share one, and so
 * what it grants; most are followed by one other, which is looked at before any map.
 */
interface RulesTogether {
  readonly before: RulesTogether | null
  readonly rule: CompiledRule | null
  next: RulesTogether | null
  others: Map<CompiledRule, RulesTogether> | null
  grants: readonly Grant[] | null
}

function rulesByAccount(
  policy: AccessPolicy,
  rules: readonly CompiledRule[],
): ReadonlyMap<Account, RulesTogether> {
  const none = together(null, null)
  const found = new Map<Account, RulesTogether>()
  for (const compiled of rules) {
    for (const account of accountsMeant(policy, compiled)) {
      found.set(account, joined(found.get(account) ?? none, compiled))
    }
  }
  return found
}

function joined(before: RulesTogether, rule: CompiledRule): RulesTogether {
  if (before.next?.rule === rule) return before.next
  const known = before.others?.get(rule)
  if (known) return known
  const more = together(before, rule)
  if (before.next === null) before.next = more
  else (before.others ??= new Map()).set(rule, more)
  return more
}

function together(before: RulesTogether | null, rule: CompiledRule | null): RulesTogether {
  return { before, rule, next: null, others: null, grants: null }
}

/** In the order of the file. */
function rulesOf(last: RulesTogether): readonly CompiledRule[] {
  const rules: CompiledRule[] = []
  for (let one: RulesTogether | null = last; one !== null; one = one.before) {
    if (one.rule !== null) rules.push(one.rule)
  }
  return rules.reverse()
}

function grantsOf(
  { permissionSets }: AccessPolicy,
  places: ReadonlyMap<string, number>,
  rules: readonly CompiledRule[],
): readonly Grant[] {
  const byPermissionSet = new Map<string, CompiledRule[]>()
  for (const compiled of rules) {
    for (const slug of compiled.permissionSets) {
      const active = byPermissionSet.get(slug)
      if (active) active.push(compiled)
      else byPermissionSet.set(slug, [compiled])
    }
  }
  const placeOf = (slug: string) => places.get(slug) ?? places.size
  const held = [...byPermissionSet].sort(([a], [b]) => placeOf(a) - placeOf(b))
  return held.flatMap(([slug, active]) => {
    const permissionSet = permissionSets.get(slug)
    return permissionSet ? [grantOf(permissionSet, active)] : []
  })
}

/** The roles of one account that this person may open: none means they may not see the account. */
export function entitlementsIn(
  policy: AccessPolicy,
  principal: Principal,
  account: Account,
  now: Date,
): readonly Entitlement[] {
  return [...policy.permissionSets.keys()].flatMap((permissionSet) => {
    const wanted = { account: account.slug, permissionSet }
    const decision = decideAccess(policy, principal, wanted, now)
    return decision.outcome === 'granted' ? [decision.entitlement] : []
  })
}

export function findAccount(policy: AccessPolicy, slugOrId: string): Account | null {
  return policy.accounts.get(slugOrId) ?? policy.accountsById.get(slugOrId) ?? null
}

/** Is this person meant? Groups exactly, code point by code point; e-mail only where verified. */
export function selects(selector: PrincipalSelector, principal: Principal): boolean {
  const { providers, groups, emails, users } = selector
  const isNamed = users.some(
    ({ provider, subject }) => provider === principal.provider && subject === principal.subject,
  )
  if (isNamed) return true
  if (!providers.includes(principal.provider)) return false
  if (groups.length === 0 && emails.length === 0) return users.length === 0
  const email = verifiedEmail(principal)
  return (
    groups.some((group) => principal.groups.has(group)) ||
    (email !== null && emails.includes(email))
  )
}

export function verifiedEmail(principal: Principal): string | null {
  return principal.emailVerified && principal.email !== null ? foldEmail(principal.email) : null
}

/** Each rule once, in the order of the file. Walks the smaller of the person's and the rules' groups. */
function rulesFor(rules: RulesByPrincipal | undefined, principal: Principal): CompiledRule[] {
  if (!rules) return []
  const found = new Set(rules.everyone)
  const take = (list: readonly CompiledRule[] | undefined) =>
    list?.forEach((rule) => found.add(rule))

  take(rules.bySubject.get(principal.subject))
  const email = verifiedEmail(principal)
  if (email !== null) take(rules.byEmail.get(email))
  if (rules.byGroup.size < principal.groups.size) {
    for (const [group, list] of rules.byGroup) if (principal.groups.has(group)) take(list)
  } else {
    for (const group of principal.groups) take(rules.byGroup.get(group))
  }
  return [...found].sort((a, b) => a.order - b.order)
}

function denialOf(
  policy: AccessPolicy,
  principal: Principal,
  selectors: readonly string[],
  permissionSet: string,
  now: Date,
): string | null {
  const denial = rulesFor(policy.denials.get(principal.provider), principal).find(
    (compiled) => isActive(compiled.rule, now) && denies(compiled, selectors, permissionSet),
  )
  return denial?.rule.name ?? null
}

function denies(
  denial: CompiledRule,
  selectors: readonly string[],
  permissionSet: string,
): boolean {
  return (
    (denial.accounts.size === 0 || meansAccount(denial, selectors)) &&
    (denial.permissionSets.size === 0 || denial.permissionSets.has(permissionSet))
  )
}

function meansAccount({ accounts }: CompiledRule, selectors: readonly string[]): boolean {
  return selectors.some((selector) => accounts.has(selector))
}

function isActive({ from, until }: Assignment, now: Date): boolean {
  return (from === null || from <= now) && (until === null || now < until)
}

/** What is nearest to a yes is the kindest reason: one that will begin, then one that has ended. */
function whyInactive(matches: readonly CompiledRule[], now: Date): DenialReason {
  for (const { rule } of matches) {
    if (rule.from && rule.from > now) {
      return { reason: 'not-yet', assignment: rule.name, startsAt: rule.from }
    }
  }
  const ended = matches.find(({ rule }) => rule.until !== null)?.rule
  return ended?.until
    ? { reason: 'ended', assignment: ended.name, endedAt: ended.until }
    : { reason: 'not-assigned' }
}

function grantOf(permissionSet: PermissionSet, active: readonly CompiledRule[]): Grant {
  const ends = active.map(({ rule }) => rule.until)
  const latest = ends.reduce((a, b) => (a === null || b === null ? null : a < b ? b : a))
  return { permissionSet, assignment: active[0]?.rule.name ?? '', endsAt: latest }
}

function accountsMeant(policy: AccessPolicy, { accounts }: CompiledRule): Iterable<Account> {
  const meant = new Set<Account>()
  for (const selector of accounts) {
    const list = policy.accountsBySelector.get(selector) ?? []
    if (accounts.size === 1) return list
    for (const account of list) meant.add(account)
  }
  return meant
}

function activeRules(
  rules: RulesByPrincipal | undefined,
  principal: Principal,
  now: Date,
): readonly CompiledRule[] {
  return rulesFor(rules, principal).filter(({ rule }) => isActive(rule, now))
}
