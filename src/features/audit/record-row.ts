/** One record of the trail as a row of the table, for an auditor or for the person it is about. */
import { entitlementsIn, findAccount } from '#domain/access.ts'
import type { Account } from '#domain/access-policy.ts'
import { outcomeOf, type AuditEventType, type AuditRecord } from '#domain/audit-event.ts'
import type { Principal } from '#domain/principal.ts'
import { problemCodes } from '#domain/problem.ts'
import type { Settings } from '#domain/settings.ts'
import { accountNumber } from '../../words/account-number.ts'
import type { AuditWords } from '../../words/audit-words.ts'
import type { Words } from '../../words/words.ts'
import { addressWith } from './audit-filters.ts'

export interface RecordRow {
  readonly at: string
  readonly when: string
  readonly who: {
    readonly name: string
    /** Where their entries are; null in one's own history. */
    readonly href: string | null
    readonly kind: string
  }
  readonly what: string
  readonly account: {
    readonly name: string
    readonly colour: string
    readonly environment: string | null
    readonly number: string | null
  } | null
  readonly role: string | null
  readonly outcome: { readonly mark: string; readonly text: string; readonly reason: string | null }
  readonly address: string | null
  readonly requestId: string
  readonly details: readonly { readonly name: string; readonly value: string }[]
}

export interface RowContext {
  readonly words: Words
  readonly audit: AuditWords
  readonly settings: Pick<Settings, 'policy' | 'identityProviders'>
  readonly now: Date
  /** Null for auditors, who see everything. */
  readonly self: Principal | null
}

export function recordRow(context: RowContext, record: AuditRecord): RecordRow {
  const { audit, self } = context
  const { at, type, actor, address, requestId } = record
  return {
    at: at.toISOString(),
    when: audit.instant(at),
    who: {
      name: actor.name,
      href: self === null ? addressWith('/audit', { person: actor.key }, {}) : null,
      kind: kindOf(context, record),
    },
    what: audit.events[type],
    ...placeOf(context, record),
    outcome: outcomeCell(context, record),
    address,
    requestId,
    details: detailsOf(context, record),
  }
}

function kindOf({ audit, settings }: RowContext, { actor }: AuditRecord): string {
  if (actor.kind !== 'person') return audit.actorKinds[actor.kind]
  const provider = actor.key.split(' ')[0] ?? ''
  return settings.identityProviders.get(provider)?.name ?? provider
}

/**
 * In one's own history a refusal names no account that one may not see: else it would tell an
 * account that exists from one that does not, and numbers from slugs. Nor the role there, which a
 * named link may have asked for.
 */
function placeOf(context: RowContext, record: AuditRecord): Pick<RecordRow, 'account' | 'role'> {
  const { policy } = context.settings
  const { accountId, account: slug, permissionSet } = record
  const account = slug === null ? null : findAccount(policy, accountId ?? slug)
  if (isHidden(context, record, account)) return { account: null, role: null }
  const role = permissionSet === null ? undefined : policy.permissionSets.get(permissionSet)
  return {
    account:
      slug === null
        ? null
        : {
            name: account?.name ?? slug,
            colour: account?.environment?.colour ?? 'none',
            environment: account?.environment?.name ?? null,
            number: accountId === null ? null : accountNumber(accountId),
          },
    role: role?.name ?? permissionSet,
  }
}

function isHidden(
  { self, settings, now }: RowContext,
  { type }: AuditRecord,
  account: Account | null,
): boolean {
  if (self === null || type !== 'console.denied') return false
  return account === null || entitlementsIn(settings.policy, self, account, now).length === 0
}

function outcomeCell(context: RowContext, record: AuditRecord): RecordRow['outcome'] {
  const { audit } = context
  const outcome = outcomeOf(record.type)
  const marks = { done: '', opening: ' wait', refused: ' bad', failed: ' bad' } as const
  return {
    mark: marks[outcome],
    text: record.type === 'console.opened' ? audit.opened : audit.outcomes[outcome],
    reason: reasonText(context, record),
  }
}

/** Their reason is the name of an assignment or a pass; that of all others is a code. */
const allowances: ReadonlySet<AuditEventType> = new Set<AuditEventType>([
  'console.opening',
  'console.opened',
  'pass.given',
  'pass.redeemed',
])

function reasonText(context: RowContext, record: AuditRecord): string | null {
  const { words, audit, self } = context
  const { type, reason, details } = record
  if (type === 'console.failed') {
    return typeof details['problem'] === 'string' ? codeText(context, details['problem']) : null
  }
  if (type === 'console.denied') {
    const mayBeSaid = self === null || reason === 'not-yet' || reason === 'ended'
    return codeText(context, mayBeSaid ? reason : 'not-assigned')
  }
  if (!allowances.has(type)) return codeText(context, reason)

  const { sessionSeconds } = details
  const lasts = typeof sessionSeconds === 'number' ? [words.time.shortSpan(sessionSeconds)] : []
  return [...lasts, ...(reason === null ? [] : [audit.because(reason)])].join(', ') || null
}

function codeText({ words, audit }: RowContext, code: string | null): string | null {
  if (code === null) return null
  const problem = problemCodes.find((known) => known === code)
  return audit.reasons.get(code) ?? (problem ? words.problem(problem).title : code)
}

/** What operators know of AWS, and rules by name, are not for the person they are about. */
function detailsOf({ audit, self }: RowContext, record: AuditRecord): RecordRow['details'] {
  const { detail } = audit
  const { sequence, requestId, openingId, roleSessionName, accessKeyId, actor, hash } = record
  const named: readonly (readonly [string, string | number | boolean | null])[] = [
    [detail.requestId, requestId],
    [detail.openingId, openingId],
    [detail.roleSessionName, roleSessionName],
    [detail.accessKeyId, accessKeyId],
    ...(self === null
      ? [
          [detail.sequence, sequence] as const,
          [detail.actorKey, actor.kind === 'person' ? actor.key : null] as const,
          ...Object.entries(record.details),
          [detail.hash, shortHash(hash)] as const,
        ]
      : []),
  ]
  return named.flatMap(([name, value]) => (value === null ? [] : { name, value: String(value) }))
}

/** Enough to compare by eye; all of it is in the exports. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12).replace(/(.{4})(?=.)/g, '$1 ')
}
