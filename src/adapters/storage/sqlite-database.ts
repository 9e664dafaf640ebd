/**
 * SQLite in a file, through node:sqlite. Statements are synchronous: each takes well under a
 * millisecond, and nothing can come between those of a transaction. The disk is waited for apart.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'
import { Type } from 'typebox'
import { Compile } from 'typebox/schema'
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
import { nothingToSync, openWriteAheadSync } from './write-ahead-sync.ts'
import type { DiskOptions, WriteAheadSync } from './write-ahead-sync.ts'

/** Another process's transaction is waited for, and this process stands still meanwhile. */
const busyMilliseconds = 2000

const selectHead = 'SELECT sequence, hash FROM audit_head WHERE id = 1'
const updateHead = 'UPDATE audit_head SET sequence = $1, hash = $2 WHERE id = 1'
const insertActor = `${insertInto('audit_actor', actorColumns)} ON CONFLICT DO NOTHING`
const insertRecord = insertInto('audit_record', recordColumns)

type Prepare = (sql: string) => StatementSync

const headRow = Compile(Type.Object({ sequence: Type.Integer(), hash: Type.String() }))

/**
 * `path` is absolute, or `:memory:`. Writes resolve when they are durable. Rejects with StoreFailure
 * or SchemaRefused.
 */
export async function openSqlite(
  path: string,
  clock: Clock,
  disk?: DiskOptions,
): Promise<Database> {
  const database = failing(() => open(path))
  let log: WriteAheadSync
  try {
    failing(() => migrate(database, clock))
    log = failing(() => (path === ':memory:' ? nothingToSync : openWriteAheadSync(path, disk)))
  } catch (error) {
    database.close()
    throw error
  }
  const durable = () => log.durable().catch(refuse)
  const statements = new Map<string, StatementSync>()
  const prepared: Prepare = (sql) => {
    const statement = statements.get(sql) ?? prepare(database, sql)
    statements.set(sql, statement)
    return statement
  }
  return {
    async query(sql, parameters) {
      const rows = failing(() => {
        log.requireSound()
        return run(prepared(sql), parameters)
      })
      if (!isRead(sql)) await durable()
      return rows
    },
    queryOnce: async (sql, parameters) => failing(() => run(prepare(database, sql), parameters)),
    async append(following) {
      failing(() => {
        log.requireSound()
        inTransaction(database, prepared, () => append(prepared, following))
      })
      await durable()
    },
    async close() {
      if (!database.isOpen) return
      failing(() => {
        statements.clear()
        // Keeps what the query planner knows about a grown trail true.
        database.exec('PRAGMA optimize')
        database.close()
      })
      await log.close()
    },
  }
}

function isRead(sql: string): boolean {
  return /^\s*SELECT\b/i.test(sql)
}

/** `$1` is a name to SQLite and `?1` a place, which node:sqlite binds without an object in between. */
function prepare(database: DatabaseSync, sql: string): StatementSync {
  return database.prepare(sql.replaceAll(/\$(\d+)/g, '?$1'))
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
  database.exec('PRAGMA journal_mode = WAL')
  // An acknowledged record, a spent pass and a sign-out survive a power cut all the same: the
  // write-ahead log is synced before the acknowledgement.
  database.exec('PRAGMA synchronous = NORMAL')
  database.exec('PRAGMA journal_size_limit = 67108864')
  return database
}

function migrate(database: DatabaseSync, clock: Clock): void {
  // Immediate: of two processes that start at once, the second waits and finds nothing to do.
  const once = (sql: string) => prepare(database, sql)
  inTransaction(database, once, () => {
    database.exec(createMigrationTable)
    const applied = once(selectMigrations).all()
    for (const { version, name, sql, hash } of pendingOf(readMigrations('sqlite'), applied)) {
      database.exec(sql)
      run(once(insertMigration), [version, name, hash, clock().getTime()])
    }
  })
}

function append(prepared: Prepare, following: (head: ChainLink) => readonly TrailEntry[]): void {
  const head = prepared(selectHead).get()
  if (!headRow.Check(head)) throw new StoreFailure('SQLite: the head of the trail is gone')
  const entries = following(head)
  for (const { actorRow, row } of entries) {
    run(prepared(insertActor), actorRow)
    run(prepared(insertRecord), row)
  }
  const last = entries.at(-1)?.record
  if (last) run(prepared(updateHead), [last.sequence, last.hash])
}

function inTransaction(database: DatabaseSync, prepared: Prepare, use: () => void): void {
  prepared('BEGIN IMMEDIATE').run()
  try {
    use()
    prepared('COMMIT').run()
  } catch (error) {
    // A full disk has rolled back already, and then there is nothing to roll back.
    if (database.isTransaction) prepared('ROLLBACK').run()
    throw error
  }
}

function run(statement: StatementSync, parameters: readonly SqlValue[]): readonly unknown[] {
  return statement.all(...parameters.map(storableValue))
}

function failing<T>(use: () => T): T {
  try {
    return use()
  } catch (error) {
    return refuse(error)
  }
}

function refuse(error: unknown): never {
  if (error instanceof StoreFailure || error instanceof SchemaRefused) throw error
  // SQLite's messages name tables and columns, never values.
  throw new StoreFailure(`SQLite: ${error instanceof Error ? error.message : 'unknown failure'}`)
}

function insertInto(table: string, columns: readonly string[]): string {
  const places = columns.map((_, index) => `$${index + 1}`)
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`
}
