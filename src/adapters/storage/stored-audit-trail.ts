/** The audit trail in a database: appended in groups, read in pages, verified from end to end. */
import { setImmediate } from 'node:timers/promises'
import { Type } from 'typebox'
import { Check } from 'typebox/schema'
import type { AuditPage, AuditQuery, AuditTrail, ChainVerdict, Clock } from '#ports'
import { chainStart, verifyLink } from '#domain/audit-chain.ts'
import type { BrokenLink, ChainLink } from '#domain/audit-chain.ts'
import type { AuditEvent, AuditRecord } from '#domain/audit-event.ts'
import { Problem } from '#domain/problem.ts'
import {
  entryAfter,
  recordFromRow,
  selectedColumns,
  sequenceOf,
  storableEvent,
} from './audit-rows.ts'
import { findActors, searchStatement } from './audit-search.ts'
import { StoreFailure } from './database.ts'
import type { Database, TrailEntry } from './database.ts'
import { groupCommit } from './group-commit.ts'

const batchSize = 500
/** Each record is hashed: so many take some milliseconds, and others are served between. */
const verifiedAtOnce = 100

const Heads = Type.Array(Type.Object({ sequence: Type.Integer(), hash: Type.String() }))

export interface StoredAuditTrail extends AuditTrail {
  /** Resolves when every record under way is committed or refused. */
  settled(): Promise<void>
}

/** `database` fails with `trail-unavailable`. */
export function storedAuditTrail(database: Database, clock: Clock): StoredAuditTrail {
  const commits = groupCommit(async (events) => {
    let entries: readonly TrailEntry[] = []
    await database.append((head) => (entries = entriesAfter(head, events, clock)))
    return entries.map(({ record }) => record)
  })
  return {
    record: async (event) => commits.add(storableEvent(event)),
    search: (query, pageSize) => search(database, query, Math.max(1, pageSize)),
    stream: (query) => stream(database, query),
    verify: () => verify(database),
    settled: () => commits.settled(),
  }
}

/** The instant is taken under the lock, so that time and sequence agree on one machine. */
function entriesAfter(
  head: ChainLink,
  events: readonly AuditEvent[],
  clock: Clock,
): readonly TrailEntry[] {
  let previous = head
  return events.map((event) => {
    const entry = entryAfter(previous, event, clock())
    previous = entry.record
    return entry
  })
}

async function search(database: Database, query: AuditQuery, size: number): Promise<AuditPage> {
  const actors = await findActors(database, query)
  const { sql, parameters } = searchStatement(query, actors, {
    order: 'DESC',
    after: null,
    before: query.before ?? null,
    limit: size + 1,
  })
  const found = recordsFrom(await database.queryOnce(sql, parameters))
  const records = found.slice(0, size)
  return { records, next: found.length > size ? (records.at(-1)?.sequence ?? null) : null }
}

/** Ends at what was the newest record at the start: an export is in the trail itself. */
async function* stream(database: Database, query: AuditQuery): AsyncGenerator<AuditRecord> {
  const { sequence } = await readHead(database)
  const actors = await findActors(database, query)
  const before = Math.min(query.before ?? Infinity, sequence + 1)
  for (let after = 0; ;) {
    const bounds = { order: 'ASC', after, before, limit: batchSize } as const
    const { sql, parameters } = searchStatement(query, actors, bounds)
    const records = recordsFrom(await database.queryOnce(sql, parameters))
    yield* records
    const last = records.at(-1)
    if (!last || records.length < batchSize) return
    after = last.sequence
    await setImmediate()
  }
}

async function verify(database: Database): Promise<ChainVerdict> {
  const headBefore = await readHead(database)
  let previous = chainStart
  for await (const row of chainRows(database)) {
    const record = recordFromRow(row)
    const broken = record
      ? (verifyLink(previous, record) ?? brokenAtHead(headBefore, record))
      : { sequence: sequenceOf(row) ?? previous.sequence + 1, problem: 'changed' as const }
    if (broken) return { outcome: 'broken', ...broken }
    if (record) previous = record
  }
  // Records may have been added meanwhile, so the end is compared with the head of before and now.
  if (previous.sequence < headBefore.sequence) {
    return { outcome: 'broken', sequence: previous.sequence + 1, problem: 'missing' }
  }
  const headNow = await readHead(database)
  if (previous.sequence > headNow.sequence) {
    return { outcome: 'broken', sequence: headNow.sequence + 1, problem: 'inserted' }
  }
  return { outcome: 'intact', records: previous.sequence, lastHash: previous.hash }
}

/** A newest record that was rewritten together with its hash is right in itself. */
function brokenAtHead(head: ChainLink, { sequence, hash }: AuditRecord): BrokenLink | null {
  return sequence === head.sequence && hash !== head.hash ? { sequence, problem: 'changed' } : null
}

/** All rows in order. Each batch begins with the row before it, so that no duplicate hides. */
async function* chainRows(database: Database): AsyncGenerator<unknown> {
  let last: number | null = null
  for (;;) {
    const bound = last === null ? '' : 'WHERE r.sequence >= $2'
    const rows: readonly unknown[] = await database.queryOnce(
      `SELECT ${selectedColumns} FROM audit_record AS r LEFT JOIN audit_actor AS a ON a.id = r.actor
       ${bound} ORDER BY r.sequence LIMIT $1 OFFSET ${last === null ? 0 : 1}`,
      last === null ? [verifiedAtOnce] : [verifiedAtOnce, last],
    )
    yield* rows
    last = sequenceOf(rows.at(-1))
    if (rows.length < verifiedAtOnce || last === null) return
    await setImmediate()
  }
}

async function readHead(database: Database): Promise<ChainLink> {
  const heads: unknown = await database.query(
    'SELECT sequence, hash FROM audit_head WHERE id = 1',
    [],
  )
  const head = Check(Heads, heads) ? heads[0] : undefined
  if (!head) throw unreadable('the head of the trail is gone')
  return head
}

/** Nothing is left out in silence: a row that cannot be read is an incident. */
function recordsFrom(rows: readonly unknown[]): readonly AuditRecord[] {
  return rows.map((row) => {
    const record = recordFromRow(row)
    if (!record) throw unreadable(`record ${sequenceOf(row) ?? 'without sequence'} is unreadable`)
    return record
  })
}

function unreadable(what: string): Problem {
  return new Problem('trail-unavailable', { cause: new StoreFailure(what) })
}
