/** What every check of the config gets: the file, the names in it, and where to write findings. */
import { partitionOfRegion, type PartitionName } from '#domain/partition.ts'
import type { FindingLog } from './config-problem.ts'
import { didYouMean } from './did-you-mean.ts'
import { quote } from './config-problem.ts'
import type { FileConfig } from './schema.ts'

export type FileAccount = FileConfig['accounts'][string]

/** Names that exist, misshapen entries included; null where the whole section is unreadable. */
export interface KnownNames {
  readonly identityProviders: ReadonlySet<string> | null
  readonly environments: ReadonlySet<string> | null
  /** Names and ids. */
  readonly accounts: ReadonlySet<string> | null
  readonly permissionSets: ReadonlySet<string> | null
}

export interface CheckContext {
  readonly file: FileConfig
  readonly names: KnownNames
  readonly log: FindingLog
  readonly isSpoilt: (pointer: string) => boolean
}

export function knownNamesOf(document: unknown): KnownNames {
  const environments = namesIn(document, 'environments')
  const accounts = sectionOf(document, 'accounts')
  return {
    identityProviders: namesIn(document, 'identityProviders'),
    environments: environments ?? (hasSection(document, 'environments') ? null : new Set()),
    accounts: accounts && new Set(Object.entries(accounts).flatMap(namesOfAccount)),
    permissionSets: namesIn(document, 'permissionSets'),
  }
}

/** Says so where a name stands for nothing. */
export function checkName(
  { names, log }: CheckContext,
  kind: keyof KnownNames,
  name: string,
  pointer: string,
): boolean {
  const known = names[kind]
  if (known === null || known.has(name)) return true
  const shown = log.quoted(pointer, name)
  const hint = shown === quote(name) ? didYouMean(name, known) : ''
  log.problem(pointer, `there is no ${nouns[kind]} ${shown}${hint}`)
  return false
}

/** An account that names no partition is in that of its Region, or of the home Region. */
export function partitionOfAccount(
  { partition, region }: Pick<FileAccount, 'partition' | 'region'>,
  file: FileConfig,
): PartitionName {
  return partition ?? partitionOfRegion(region ?? file.aws.region)
}

/** By name, or by id. */
export function findFileAccount(file: FileConfig, nameOrId: string): FileAccount | null {
  if (Object.hasOwn(file.accounts, nameOrId)) return file.accounts[nameOrId] ?? null
  return Object.values(file.accounts).find(({ id }) => id === nameOrId) ?? null
}

const nouns = {
  identityProviders: 'identity provider',
  environments: 'environment',
  accounts: 'account',
  permissionSets: 'permission set',
} as const satisfies Record<keyof KnownNames, string>

function namesIn(document: unknown, section: string): ReadonlySet<string> | null {
  const entries = sectionOf(document, section)
  return entries && new Set(Object.keys(entries))
}

function hasSection(document: unknown, section: string): boolean {
  return typeof document === 'object' && document !== null && Object.hasOwn(document, section)
}

function sectionOf(document: unknown, section: string): object | null {
  if (typeof document !== 'object' || document === null) return null
  const entries: unknown = Object.hasOwn(document, section) ? Reflect.get(document, section) : null
  return typeof entries === 'object' && entries !== null && !Array.isArray(entries) ? entries : null
}

function namesOfAccount([name, account]: readonly [string, unknown]): readonly string[] {
  const id: unknown =
    typeof account === 'object' && account !== null && 'id' in account ? account.id : null
  return typeof id === 'string' || typeof id === 'number' ? [name, String(id)] : [name]
}
