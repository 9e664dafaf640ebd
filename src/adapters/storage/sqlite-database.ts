/**
 * SQLite in a file, through node:sqlite. Calls are synchronous inside: each takes well under a
 * millisecond, and nothing can come between the statements of a transaction.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Clock } from '#ports'
import type { ChainLink } from '#domain/audit-chain.ts'
import { actorColumns, recordColumns } from './audit-rows.ts'
import { StoreFailure, storableValue } from './database.ts'
import type { Database, SqlValue, TrailEntry } from './database.ts'
import {
  createMigrationTable,
  insertMigration,
  pendingOf,
  readMigrations,
  SchemaRefused,
  selectMigrations,
} from './migrate.ts'

/** Another process's transaction is waited for, and this process stands still meanwhile. */
const busyMilliseconds = 2000

const selectHead = 'SELECT sequence, hash FROM audit_head WHERE id = 1'
const updateHead = 'UPDATE audit_head SET sequence = $1, hash = $2 WHERE id = 1'
const insertActor = `${insertInto('audit_actor', actorColumns)} ON CONFLICT DO NOTHING`
const insertRecord = insertInto('audit_record', recordColumns)

const Head = Type.Object({ sequence: Type.Integer(), hash: Type.String() })

/** `path` is absolute, or `:memory:`. Rejects with StoreFailure or SchemaRefused. */
export async function openSqlite(path: string, clock: Clock): Promise<Database> {
  const database = failing(() => open(path))
  try {
    failing(() => migrate(database, clock))
  } catch (error) {
    database.close()
    throw error
  }
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  return {
    query: async (sql, parameters) => failing(() => run(prepared(sql), parameters)),
    queryOnce: async (sql, parameters) => failing(() => run(database.prepare(sql), parameters)),
    append: async (following) => {
      failing(() => inTransaction(database, () => append(prepared, following)))
    },
    close: async () => {
      if (!database.isOpen) return
      failing(() => {
        statements.clear()
        // Keeps what the query planner knows about a grown trail true.
        database.exec('PRAGMA optimize')
        database.close()
      })
    },
  }
}

function open(path: string): DatabaseSync {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    // Sessions are in it: for the owner only. SQLite gives its -wal and -shm the same mode.
    closeSync(openSync(path, 'a', 0o600))
  }
  const database = new DatabaseSync(path, {
    timeout: busyMilliseconds,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
  })
  // FULL: an acknowledged record, a spent pass and a sign-out survive a power cut. NORMAL would
  // be five times as fast and survive no more than a killed process.
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  database.exec('PRAGMA journal_size_limit = 67108864')
  return database
}

function migrate(database: DatabaseSync, clock: Clock): void {
  // Immediate: of two processes that start at once, the second waits and finds nothing to do.
  inTransaction(database, () => {
    database.exec(createMigrationTable)
    const applied = database.prepare(selectMigrations).all()
    for (const { version, name, sql, hash } of pendingOf(readMigrations('sqlite'), applied)) {
      database.exec(sql)
      run(database.prepare(insertMigration), [version, name, hash, clock().getTime()])
    }
  })
}

function append(
  prepared: (sql: string) => StatementSync,
  following: (head: ChainLink) => readonly TrailEntry[],
): void {
  const head = prepared(selectHead).get()
  if (!Value.Check(Head, head)) throw new StoreFailure('SQLite: the head of the trail is gone')
  const entries = following(head)
  for (const { actorRow, row } of entries) {
    run(prepared(insertActor), actorRow)
    run(prepared(insertRecord), row)
  }
  const last = entries.at(-1)?.record
  if (last) run(prepared(updateHead), [last.sequence, last.hash])
}

function inTransaction(database: DatabaseSync, use: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    use()
    database.exec('COMMIT')
  } catch (error) {
    // A full disk has rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function run(statement: StatementSync, parameters: readonly SqlValue[]): readonly unknown[] {
  return statement.all(
    Object.fromEntries(parameters.map((value, index) => [`$${index + 1}`, storableValue(value)])),
  )
}

function failing<T>(use: () => T): T {
  try {
    return use()
  } catch (error) {
    if (error instanceof StoreFailure || error instanceof SchemaRefused) throw error
    // SQLite's messages name tables and columns, never values.
    throw new StoreFailure(`SQLite: ${error instanceof Error ? error.message : 'unknown failure'}`)
  }
}

function insertInto(table: string, columns: readonly string[]): string {
  const places = columns.map((_, index) => `$${index + 1}`)
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`
}
