/**
 * Session tags from templates such as `{account.tags.team}`.
 * Owns: what a template may say, and making values that AWS takes. Limits: STS API Reference,
 * AssumeRole, `Tags` and `TransitiveTagKeys`.
 */
import { verifiedEmail } from './access.ts'
import type { Account, PermissionSet } from './access-policy.ts'
import type { Principal } from './principal.ts'

export interface TagContext {
  readonly account: Account
  readonly principal: Principal
  /** The guest pass behind this opening; null for people with an assignment. */
  readonly pass: { readonly id: string; readonly sponsor: string } | null
}

type AccountPart = (account: Account) => string | undefined
type PersonPart = (context: TagContext) => string | null | undefined

const accountParts: ReadonlyMap<string, AccountPart> = new Map<string, AccountPart>([
  ['account.slug', (account) => account.slug],
  ['account.id', (account) => account.id],
  ['account.name', (account) => account.name],
  ['account.environment', (account) => account.environment?.slug],
])

/** An e-mail only where it is verified: tags decide access (ABAC). */
const personParts: ReadonlyMap<string, PersonPart> = new Map<string, PersonPart>([
  ['person.email', ({ principal }) => verifiedEmail(principal)],
  ['person.username', ({ principal }) => principal.username],
  ['person.subject', ({ principal }) => principal.subject],
  ['person.name', ({ principal }) => principal.displayName],
  ['provider', ({ principal }) => principal.provider],
  ['pass.id', ({ pass }) => pass?.id],
  ['pass.sponsor', ({ pass }) => pass?.sponsor],
])

const placeholder = /\{([^{}]*)\}/g
const accountTag = /^account\.tags\.(.+)$/s
const mostTags = 50
const longestKey = 128
const longestValue = 256
const legalText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Tags of one opening. Where a value would be empty the tag is left out. */
export function tagsFor(
  permissionSet: Pick<PermissionSet, 'sessionTags'>,
  context: TagContext,
): ReadonlyMap<string, string> {
  const part = (name: string) =>
    accountPart(name, context.account) ?? personParts.get(name)?.(context) ?? ''
  const filled = [...permissionSet.sessionTags].map(
    ([key, template]) => [key, legalValue(fill(template, part))] as const,
  )
  return new Map(filled.filter(([, value]) => value !== ''))
}

/** The value where the account alone decides it, so that a trust policy can ask for it; else null. */
export function accountTagValue(template: string, account: Account): string | null {
  if (!namesIn(template).every(isAccountPart)) return null
  return legalValue(fill(template, (name) => accountPart(name, account) ?? ''))
}

/** Of keys and values together, each placeholder as long as `partLength` says. */
export function tagCharacters(
  sessionTags: ReadonlyMap<string, string>,
  partLength: (name: string) => number,
): number {
  const filled = [...sessionTags].map(([key, template]) => [
    key,
    legalValue(fill(template, (name) => 'x'.repeat(Math.min(partLength(name), longestValue)))),
  ])
  return Array.from(filled.flat().join('')).length
}

/** What is wrong with one template, in words for the config's check; null where nothing is. */
export function templateProblems(template: string): string | null {
  const unknown = namesIn(template).find((name) => !isAccountPart(name) && !personParts.has(name))
  if (unknown !== undefined) {
    const known = ['account.tags.KEY', ...accountParts.keys(), ...personParts.keys()]
    return `{${unknown}} is unknown; there are ${known.map((name) => `{${name}}`).join(', ')}`
  }
  const literal = fill(template, () => '')
  if (/[{}]/.test(literal)) return 'a brace without its other half'
  if (!legalText.test(literal)) {
    return 'only letters, digits, spaces and _ . : / = + - @ may stand in a session tag'
  }
  return Array.from(literal).length > longestValue ? `longer than ${longestValue} characters` : null
}

/** What is wrong with the keys, the transitive ones included. */
export function tagKeyProblems(
  sessionTags: ReadonlyMap<string, string>,
  transitiveTags: readonly string[],
): readonly string[] {
  const keys = [...sessionTags.keys()]
  const folded = keys.map((key) => key.toLowerCase())
  const twice = keys.filter((_, index) => folded.indexOf(folded[index] ?? '') < index)
  const dangling = transitiveTags.filter((key) => !folded.includes(key.toLowerCase()))
  return [
    ...keys.filter((key) => !isLegalKey(key)).map((key) => `"${key}" is no tag key`),
    ...keys.filter((key) => /^aws:/i.test(key)).map((key) => `${key}: aws: is AWS's own`),
    ...twice.map((key) => `${key} stands twice; AWS does not tell keys apart by case`),
    ...dangling.map((key) => `transitive tag ${key} is not among the session tags`),
    ...(keys.length > mostTags ? [`at most ${mostTags} session tags`] : []),
  ]
}

function isLegalKey(key: string): boolean {
  return key !== '' && Array.from(key).length <= longestKey && legalText.test(key)
}

function namesIn(template: string): readonly string[] {
  return [...template.matchAll(placeholder)].map(([, name = '']) => name)
}

function isAccountPart(name: string): boolean {
  return accountParts.has(name) || accountTag.test(name)
}

function accountPart(name: string, account: Account): string | undefined {
  const key = accountTag.exec(name)?.[1]
  return key === undefined ? accountParts.get(name)?.(account) : account.tags.get(key)
}

/** One pass, so that a value with braces in it is not taken for a template. */
function fill(template: string, part: (name: string) => string): string {
  return template.replace(placeholder, (_, name: string) => part(name))
}

/** Anything AWS does not take becomes `_`. */
function legalValue(text: string): string {
  const legal = text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_')
  return Array.from(legal).slice(0, longestValue).join('').trim()
}
