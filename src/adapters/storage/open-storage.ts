/** A store URL becomes the storage ports. */
import { isAbsolute } from 'node:path'
import type { Clock, Storage } from '#ports'
import { Problem } from '#domain/problem.ts'
import { reporting, StoreFailure } from './database.ts'
import type { Database } from './database.ts'
import { storedAuditTrail } from './stored-audit-trail.ts'
import { storedGuestPasses } from './stored-guest-passes.ts'
import { storedOnceOnly } from './stored-once-only.ts'
import { storedPreferences } from './stored-preferences.ts'
import { storedSessions } from './stored-sessions.ts'

export interface StorageOptions {
  /** Gives the instants of the audit trail, and decides when a one-time key is free again. */
  readonly clock: Clock
}

const pingMilliseconds = 1900

// A tombstone and a taken key go with the time they were kept for.
const pruneStatements = [
  'DELETE FROM browser_session WHERE expires_at <= $1 RETURNING 1',
  'DELETE FROM once_only WHERE taken_until <= $1 RETURNING 1',
]

/**
 * `sqlite:` with an absolute path, `sqlite::memory:`, or `postgres://…`. Brings the schema up to
 * date. Rejects with `store-unavailable`, or SchemaRefused where the schema is a newer one.
 */
export async function openStorage(url: string, { clock }: StorageOptions): Promise<Storage> {
  const database = await openDatabase(url, clock).catch((error: unknown) => {
    throw error instanceof StoreFailure ? new Problem('store-unavailable', { cause: error }) : error
  })
  const store = reporting(database, 'store-unavailable')
  const trail = storedAuditTrail(reporting(database, 'trail-unavailable'), clock)
  return {
    sessions: storedSessions(store),
    trail,
    onceOnly: storedOnceOnly(store, clock),
    preferences: storedPreferences(store),
    passes: storedGuestPasses(store),
    ping: () => answerInTime(store.query('SELECT 1', [])),
    async prune(now) {
      let removed = 0
      for (const statement of pruneStatements) {
        removed += (await store.query(statement, [now.getTime()])).length
      }
      return removed
    },
    async close() {
      await trail.settled()
      await store.close()
    },
  }
}

/** Loads the driver of the one database that is used. */
async function openDatabase(url: string, clock: Clock): Promise<Database> {
  const sqlitePath = /^sqlite:(?<path>.+)$/s.exec(url)?.groups?.['path']
  if (sqlitePath !== undefined && (sqlitePath === ':memory:' || isAbsolute(sqlitePath))) {
    const { openSqlite } = await import('./sqlite-database.ts')
    return openSqlite(sqlitePath, clock)
  }
  if (/^postgres(?:ql)?:\/\//.test(url)) {
    const { openPostgres } = await import('./postgres-database.ts')
    return openPostgres(url, clock)
  }
  // The URL is left out: there may be a password in it.
  throw new TypeError('A store is sqlite: with an absolute path, sqlite::memory:, or postgres://…')
}

async function answerInTime(answer: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const cause = new StoreFailure('no answer in time')
    late.reject(new Problem('store-unavailable', { cause }))
  }, pingMilliseconds)
  try {
    await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
