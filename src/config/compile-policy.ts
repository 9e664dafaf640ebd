/** Accounts, permission sets and rules of the file, with every default and shorthand written out. */
import type {
  Account,
  Assignment,
  Environment,
  PermissionSet,
  PolicySource,
  PrincipalSelector,
} from '#domain/access-policy.ts'
import { foldEmail } from '#domain/principal.ts'
import { readSpan } from '#domain/span.ts'
import { slugsByIdIn } from './account-selectors.ts'
import { partitionOfAccount, type FileAccount } from './check-context.ts'
import { readInstant } from './instant.ts'
import type { FileRule, FileWho } from './rule-schemas.ts'
import { colours, type FileConfig } from './schema.ts'
import { policyText } from './session-policy-text.ts'

type FilePermissionSet = FileConfig['permissionSets'][string]

/** The file has been checked: whatever cannot be read has been reported before. */
export function policySourceOf(file: FileConfig): PolicySource {
  const environments = new Map(
    Object.entries(file.environments ?? {}).map(
      ([slug, { name, colour }]): [string, Environment] => [
        slug,
        { slug, name: name ?? slug, colour: colours[colour] },
      ],
    ),
  )
  const providers = Object.keys(file.identityProviders)
  const accounts = accountSelectorsOf(file)
  return {
    accounts: Object.entries(file.accounts).map(([slug, account]) =>
      accountOf(slug, account, environments, file),
    ),
    permissionSets: Object.entries(file.permissionSets).map(permissionSetOf),
    assignments: file.assignments.map((rule, index) => ({
      ...ruleOf(rule, rule.name ?? `assignment ${index + 1}`, accounts),
      who: selectorOf(rule, providers.slice(0, 1)),
    })),
    denials: file.denials.map((rule, index) => ({
      ...ruleOf(rule, rule.name ?? `denial ${index + 1}`, accounts),
      who: selectorOf(rule, providers),
    })),
  }
}

/** A file's selectors as the policy wants them: ids turned into names, each once. */
export function accountSelectorsOf(file: FileConfig) {
  const slugs = slugsByIdIn(file)
  return (selectors: readonly string[]): readonly string[] => [
    ...new Set(selectors.map((selector) => slugs.get(selector) ?? selector)),
  ]
}

export function selectorOf(who: FileWho, defaultProviders: readonly string[]): PrincipalSelector {
  return {
    providers: who.providers ?? defaultProviders,
    groups: who.groups ?? [],
    emails: (who.emails ?? []).map(foldEmail),
    users: (who.users ?? []).map((user) => {
      const colon = user.indexOf(':')
      return { provider: user.slice(0, colon), subject: user.slice(colon + 1) }
    }),
  }
}

function ruleOf(
  rule: FileRule,
  name: string,
  accounts: (selectors: readonly string[]) => readonly string[],
): Omit<Assignment, 'who'> {
  return {
    name,
    accounts: accounts(rule.accounts ?? []),
    permissionSets: [...new Set(rule.permissionSets ?? [])],
    from: instantOf(rule.from, 'start'),
    until: instantOf(rule.until, 'end'),
  }
}

function instantOf(text: string | undefined, bareDate: 'start' | 'end'): Date | null {
  const reading = text === undefined ? null : readInstant(text, bareDate)
  return reading && 'instant' in reading ? reading.instant : null
}

function accountOf(
  slug: string,
  account: FileAccount,
  environments: ReadonlyMap<string, Environment>,
  file: FileConfig,
): Account {
  return {
    slug,
    id: account.id,
    name: account.name ?? slug,
    environment: environments.get(account.environment ?? '') ?? null,
    tags: new Map(Object.entries(account.tags ?? {})),
    partition: partitionOfAccount(account, file),
    region: account.region ?? null,
    destination: account.destination ?? null,
    externalId: account.externalId ?? null,
    contact: account.contact ?? null,
  }
}

function permissionSetOf([slug, set]: readonly [string, FilePermissionSet]): PermissionSet {
  return {
    slug,
    name: set.name ?? slug,
    description: set.description ?? null,
    roleName: set.roleName,
    consoleSeconds: secondsOf(set.consoleDuration),
    region: set.region ?? null,
    destination: set.destination ?? null,
    caution: set.caution ?? null,
    sourceIdentity: set.sourceIdentity,
    sessionTags: new Map(Object.entries(set.sessionTags ?? {})),
    transitiveTags: set.transitiveTags,
    sessionPolicy: set.sessionPolicy === undefined ? null : policyText(set.sessionPolicy),
    sessionPolicyArns: set.sessionPolicyArns,
    attribution: set.attribution,
  }
}

/** Zero, which ends everything at once, where the schema let something through that is no span. */
export function secondsOf(span: string): number {
  return readSpan(span) ?? 0
}
