/** Between a record of the trail and its row, the same for both databases. */
import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import { Compile } from 'typebox/schema'
import { hashOf } from '#domain/audit-chain.ts'
import type { ChainLink } from '#domain/audit-chain.ts'
import { auditEventTypes } from '#domain/audit-event.ts'
import type { AuditEvent, AuditRecord } from '#domain/audit-event.ts'
import { storableText } from './database.ts'
import type { TrailEntry } from './database.ts'

export const actorColumns = ['id', 'kind', 'key', 'name', 'folded'] as const

export const recordColumns = [
  'sequence',
  'at',
  'type',
  'actor',
  'account_id',
  'account',
  'permission_set',
  'reason',
  'address',
  'request_id',
  'opening_id',
  'role_session_name',
  'access_key_id',
  'details',
  'previous_hash',
  'hash',
] as const

/** What `recordFromRow` needs, from `audit_record` as `r` and `audit_actor` as `a`. */
export const selectedColumns = [
  ...recordColumns.map((column) => `r.${column}`),
  'a.kind AS actor_kind',
  'a.key AS actor_key',
  'a.name AS actor_name',
].join(', ')

/** An index entry of PostgreSQL takes 2,704 bytes, and a UTF-16 unit up to three of them. */
const longestIndexed = 800
const longestText = 4000

const OptionalText = Type.Union([Type.String(), Type.Null()])

const auditRow = Compile(
  Type.Object({
    sequence: Type.Integer(),
    at: Type.Integer({ minimum: -8.64e15, maximum: 8.64e15 }),
    type: Type.String(),
    actor_kind: Type.Union([Type.Literal('person'), Type.Literal('guest'), Type.Literal('system')]),
    actor_key: Type.String(),
    actor_name: Type.String(),
    account_id: OptionalText,
    account: OptionalText,
    permission_set: OptionalText,
    reason: OptionalText,
    address: OptionalText,
    request_id: Type.String(),
    opening_id: OptionalText,
    role_session_name: OptionalText,
    access_key_id: OptionalText,
    details: Type.String(),
    previous_hash: Type.String(),
    hash: Type.String(),
  }),
)

const auditRowSequence = Compile(Type.Object({ sequence: Type.Integer() }))

/**
 * The event as both databases can hold it: cleaned and cut before it is hashed, so that what is
 * read back is what was hashed. A visitor's text of any length never makes an append fail.
 */
export function storableEvent(event: AuditEvent): AuditEvent {
  const { actor } = event
  return {
    type: event.type,
    actor: { kind: actor.kind, key: indexable(actor.key), name: indexable(actor.name) },
    accountId: optional(event.accountId, longestIndexed),
    account: optional(event.account, longestIndexed),
    permissionSet: optional(event.permissionSet, longestIndexed),
    reason: optional(event.reason, longestText),
    address: optional(event.address, longestText),
    requestId: indexable(event.requestId),
    openingId: optional(event.openingId, longestIndexed),
    roleSessionName: optional(event.roleSessionName, longestIndexed),
    accessKeyId: optional(event.accessKeyId, longestText),
    details: Object.fromEntries(
      Object.entries(event.details).map(([name, value]) => [
        indexable(name),
        // JSON has no NaN and no negative zero.
        typeof value === 'number'
          ? Number.isFinite(value)
            ? value + 0
            : null
          : typeof value === 'string'
            ? optional(value, longestText)
            : value,
      ]),
    ),
  }
}

/** As an indexed column holds it: for records, and for what is compared with them. */
export function indexable(text: string): string {
  return storableText(text.slice(0, longestIndexed))
}

/** Case-insensitive as far as Unicode's simple rules go: for names, never for access. */
export function foldedText(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/** The next entry of the chain; the event is storable. */
export function entryAfter(previous: ChainLink, event: AuditEvent, at: Date): TrailEntry {
  const sequence = previous.sequence + 1
  const { actor } = event
  const hash = hashOf(event, sequence, at, previous.hash)
  // Named after its content, so that appending needs no look-up and replicas agree.
  const actorId = createHash('sha256')
    .update(JSON.stringify([actor.kind, actor.key, actor.name]))
    .digest('base64url')
  return {
    record: { ...event, sequence, at, previousHash: previous.hash, hash },
    actorRow: [
      actorId,
      actor.kind,
      actor.key,
      actor.name,
      foldedText(`${actor.name}\n${actor.key}`),
    ],
    row: [
      sequence,
      at.getTime(),
      event.type,
      actorId,
      event.accountId,
      event.account,
      event.permissionSet,
      event.reason,
      event.address,
      event.requestId,
      event.openingId,
      event.roleSessionName,
      event.accessKeyId,
      JSON.stringify(event.details),
      previous.hash,
      hash,
    ],
  }
}

/** Null where no version of this program wrote the row. */
export function recordFromRow(row: unknown): AuditRecord | null {
  if (!auditRow.Check(row)) return null
  const type = auditEventTypes.find((known) => known === row.type)
  const details = detailsFrom(row.details)
  if (type === undefined || details === null) return null
  return {
    type,
    actor: { kind: row.actor_kind, key: row.actor_key, name: row.actor_name },
    accountId: row.account_id,
    account: row.account,
    permissionSet: row.permission_set,
    reason: row.reason,
    address: row.address,
    requestId: row.request_id,
    openingId: row.opening_id,
    roleSessionName: row.role_session_name,
    accessKeyId: row.access_key_id,
    details,
    sequence: row.sequence,
    at: new Date(row.at),
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}

/** The place of a row in the trail, however broken the rest of it is. */
export function sequenceOf(row: unknown): number | null {
  return auditRowSequence.Check(row) ? row.sequence : null
}

function optional(text: string | null, longest: number): string | null {
  return text === null ? null : storableText(text.slice(0, longest))
}

function detailsFrom(json: string): AuditEvent['details'] | null {
  let document: unknown
  try {
    document = JSON.parse(json)
  } catch {
    return null
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return null
  const details: [string, string | number | boolean | null][] = []
  for (const [name, value] of Object.entries<unknown>({ ...document })) {
    if (!isDetail(value)) return null
    details.push([name, value])
  }
  return Object.fromEntries(details)
}

function isDetail(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}
