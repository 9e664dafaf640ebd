/**
 * The hash chain of the audit trail: what exactly is hashed, and what a broken link means.
 * Anybody can check an export with it: SHA-256 over one line of JSON per record.
 */
import { createHash } from 'node:crypto'
import type { AuditEvent, AuditRecord } from './audit-event.ts'

/** `previousHash` of the first record. */
export const hashBeforeFirst = '0'.repeat(64)

export type ChainLink = Pick<AuditRecord, 'sequence' | 'hash'>

export const chainStart: ChainLink = { sequence: 0, hash: hashBeforeFirst }

export interface BrokenLink {
  readonly sequence: number
  readonly problem: 'changed' | 'missing' | 'inserted'
}

/** Hex SHA-256 of `canonicalText` in UTF-8. `at` counts to the millisecond. */
export function hashOf(
  event: AuditEvent,
  sequence: number,
  at: Date,
  previousHash: string,
): string {
  return createHash('sha256')
    .update(canonicalText(event, sequence, at, previousHash))
    .digest('hex')
}

/**
 * One text for one record: a JSON array of fixed order, so that no two records share bytes.
 * Expects storable events: well-formed text and finite numbers.
 */
export function canonicalText(
  event: AuditEvent,
  sequence: number,
  at: Date,
  previousHash: string,
): string {
  return JSON.stringify([
    // A later form of the record gets another mark, and can never be mistaken for this one.
    'sekisho-audit-1',
    sequence,
    at.toISOString(),
    previousHash,
    event.type,
    event.actor.kind,
    event.actor.key,
    event.actor.name,
    event.accountId,
    event.account,
    event.permissionSet,
    event.reason,
    event.address,
    event.requestId,
    event.openingId,
    event.roleSessionName,
    event.accessKeyId,
    Object.entries(event.details).sort(([a], [b]) => (a < b ? -1 : 1)),
  ])
}

/**
 * Null where the record follows `previous` and is as it was written. Removed records show as
 * `missing` (the first of them), a rewritten one as `changed`, and one whose own hash is right but
 * which does not continue the chain as `inserted`.
 */
export function verifyLink(previous: ChainLink, record: AuditRecord): BrokenLink | null {
  const { sequence, at, previousHash, hash } = record
  const expected = previous.sequence + 1
  if (sequence > expected) return { sequence: expected, problem: 'missing' }
  if (sequence < expected) return { sequence, problem: 'inserted' }
  if (hash !== hashOf(record, sequence, at, previousHash)) return { sequence, problem: 'changed' }
  return previousHash === previous.hash ? null : { sequence, problem: 'inserted' }
}
