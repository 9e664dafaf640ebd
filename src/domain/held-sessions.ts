/** The AWS sessions that somebody may still hold, as far as the trail tells. */
import type { AuditRecord } from './audit-event.ts'
import { longestSessionSeconds, signInUrlSeconds } from './console-duration.ts'

export interface HeldSession {
  readonly accountId: string
  readonly account: string
  readonly permissionSet: string
  readonly roleSessionName: string
  /** At the latest: a sign-in URL that nobody followed yet begins its session later. */
  readonly endsBy: Date
}

/** Records older than this speak of sessions that are over. */
export function heldSince(now: Date): Date {
  return new Date(now.getTime() - (longestSessionSeconds + signInUrlSeconds) * 1000)
}

/**
 * One per role and session name, the latest end first. Of an opening without an outcome nobody knows
 * what AWS gave, so it counts as the longest there is.
 */
export function heldSessions(records: readonly AuditRecord[], now: Date): readonly HeldSession[] {
  const byOpening = new Map<string, HeldSession | null>()
  for (const record of records.toSorted((a, b) => a.sequence - b.sequence)) {
    const { openingId, type } = record
    if (openingId === null) continue
    if (type === 'console.failed') byOpening.set(openingId, null)
    else if (type === 'console.opening' || type === 'console.opened') {
      byOpening.set(openingId, sessionIn(record))
    }
  }
  const bySession = new Map<string, HeldSession>()
  for (const held of byOpening.values()) {
    if (held === null || held.endsBy <= now) continue
    const key = `${held.accountId} ${held.permissionSet} ${held.roleSessionName}`
    const known = bySession.get(key)
    if (!known || known.endsBy < held.endsBy) bySession.set(key, held)
  }
  return [...bySession.values()].sort((a, b) => b.endsBy.getTime() - a.endsBy.getTime())
}

function sessionIn(record: AuditRecord): HeldSession | null {
  const { accountId, account, permissionSet, roleSessionName } = record
  if (accountId === null || account === null) return null
  if (permissionSet === null || roleSessionName === null) return null
  const endsBy = new Date(endOf(record).getTime() + signInUrlSeconds * 1000)
  return { accountId, account, permissionSet, roleSessionName, endsBy }
}

function endOf({ at, details }: AuditRecord): Date {
  const { endsAt } = details
  const end = new Date(typeof endsAt === 'string' ? endsAt : Number.NaN)
  const longest = new Date(at.getTime() + longestSessionSeconds * 1000)
  return Number.isNaN(end.getTime()) ? longest : end
}
