import { decideAccess, entitlementsOf, type AccessDecision } from '#domain/access.ts'
import type { Assignment, CompiledRule } from '#domain/access-policy.ts'
import type { Settings } from '#domain/settings.ts'
import { readSpan } from '#domain/span.ts'
import { principalNamed } from './command-principal.ts'
import { loadOrReport, type Command, type CommandInput } from './command.ts'

export const explain: Command = {
  synopsis: 'PRINCIPAL [ACCOUNT/PERMISSION_SET] [--groups A,B]',
  summary: 'why a person has, or has not, a role; --ending 30d: what ends when',
  async run(input) {
    const settings = await loadOrReport(input)
    if (!settings) return 1
    if (input.options.ending !== undefined) return listEnding(settings, input.options.ending, input)

    const [name, role] = input.arguments
    if (name === undefined) {
      input.err('explain: name a person: company:SUBJECT or an e-mail\n')
      return 2
    }
    const groups = (input.options.groups ?? '').split(',').filter((group) => group !== '')
    const principal = principalNamed(settings, name, groups)
    input.out(
      `${name} at ${principal.provider}, in ${groups.length === 0 ? 'no group' : `groups ${groups.join(', ')}`}\n`,
    )
    const now = new Date()
    if (role === undefined) {
      const held = entitlementsOf(settings.policy, principal, now)
      if (held.length === 0) input.out('  holds no role now\n')
      for (const { account, permissionSet, assignment, endsAt } of held) {
        const until = endsAt ? `, until ${endsAt.toISOString()}` : ''
        input.out(
          `  ${account.slug}/${permissionSet.slug}: by assignment "${assignment}"${until}\n`,
        )
      }
      return 0
    }
    const [account = '', permissionSet = ''] = role.split('/')
    const decision = decideAccess(settings.policy, principal, { account, permissionSet }, now)
    input.out(`  ${role}: ${inWords(decision)}\n`)
    if (decision.outcome === 'denied' && decision.reason === 'not-assigned') {
      for (const line of whatWouldGrant(settings, account, permissionSet)) input.out(`  ${line}\n`)
    }
    return 0
  },
}

function inWords(decision: AccessDecision): string {
  if (decision.outcome === 'granted') {
    const { assignment, endsAt } = decision.entitlement
    return `granted by assignment "${assignment}"${endsAt ? `, until ${endsAt.toISOString()}` : ''}`
  }
  switch (decision.reason) {
    case 'unknown-account':
      return 'denied: the config has no such account'
    case 'unknown-permission-set':
      return 'denied: the config has no such permission set'
    case 'not-assigned':
      return 'denied: no assignment names this person or one of these groups'
    case 'denied-by-rule':
      return `denied by denial "${decision.denial}", which is stronger than any assignment`
    case 'not-yet':
      return `not yet: assignment "${decision.assignment}" begins ${decision.startsAt.toISOString()}`
    case 'ended':
      return `ended: assignment "${decision.assignment}" ended ${decision.endedAt.toISOString()}`
    default:
      return decision satisfies never
  }
}

/** Groups and people that the assignments of this role name. */
function whatWouldGrant({ policy }: Settings, account: string, permissionSet: string): string[] {
  const found = policy.accounts.get(account) ?? policy.accountsById.get(account)
  if (!found) return []
  return allRules(policy.assignmentsByPermissionSet.get(permissionSet)?.values() ?? [])
    .filter(({ accounts }) =>
      [...accounts].some((selector) => policy.accountsBySelector.get(selector)?.includes(found)),
    )
    .map(({ rule }) => `would be granted by "${rule.name}" to ${whoInWords(rule)}`)
}

function allRules(
  providers: Iterable<{
    everyone: CompiledRule[]
    byGroup: Map<string, CompiledRule[]>
    byEmail: Map<string, CompiledRule[]>
    bySubject: Map<string, CompiledRule[]>
  }>,
): CompiledRule[] {
  const all = [...providers].flatMap(({ everyone, byGroup, byEmail, bySubject }) => [
    ...everyone,
    ...[byGroup, byEmail, bySubject].flatMap((rules) => [...rules.values()].flat()),
  ])
  return [...new Set(all)].sort((a, b) => a.order - b.order)
}

function whoInWords({ who }: Assignment): string {
  const parts = [
    ...who.groups.map((group) => `group ${group}`),
    ...who.emails,
    ...who.users.map(({ provider, subject }) => `${provider}:${subject}`),
  ]
  const people = parts.length === 0 ? 'everybody' : parts.join(', ')
  return `${people} (at ${who.providers.join(', ')})`
}

function listEnding({ policy }: Settings, span: string, input: CommandInput): number {
  const seconds = readSpan(span)
  if (seconds === null) {
    input.err(`explain: "${span}" is no span such as 30d\n`)
    return 2
  }
  const now = new Date()
  const horizon = now.getTime() + seconds * 1000
  const ending = allRules(policy.assignments.values())
    .flatMap(({ rule }) => (rule.until ? [{ rule, until: rule.until }] : []))
    .filter(({ until }) => until >= now && until.getTime() <= horizon)
    .sort((a, b) => a.until.getTime() - b.until.getTime())
  for (const { rule, until } of ending) {
    input.out(`${until.toISOString()}  "${rule.name}"  ${whoInWords(rule)}\n`)
  }
  if (ending.length === 0) input.out(`no assignment ends within ${span}\n`)
  return 0
}
