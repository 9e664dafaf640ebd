/**
 * PostgreSQL through a pool of `pg`. Every wait has an end, and a lost database costs the calls
 * that need it: the pool makes new connections as soon as somebody asks again.
 */
import { Client, Pool, types } from 'pg'
import type { ClientBase, ClientConfig } from 'pg'
import { Type } from 'typebox'
import { Check } from 'typebox/schema'
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

/** Any number of our own: all replicas of Sekisho take the same one. */
const migrationLock = 5_347_291
const int8 = 20
/** A frozen replica may hold the lock: the start fails, and says so, rather than wait for ever. */
const longestLockWaitMilliseconds = 30_000

const Head = Type.Object({ sequence: Type.Integer(), hash: Type.String() })

// One statement for a batch of any size, so that it stays prepared.
const insertEntries = `
  WITH actors AS (
    INSERT INTO audit_actor (${actorColumns.join(', ')})
    SELECT * FROM unnest(${arrays(actorColumns, 3)})
    ON CONFLICT DO NOTHING
  ), records AS (
    INSERT INTO audit_record (${recordColumns.join(', ')})
    SELECT * FROM unnest(${arrays(recordColumns, 3 + actorColumns.length)})
  )
  UPDATE audit_head SET sequence = $1, hash = $2 WHERE id = 1`
const lockHead = 'SELECT sequence, hash FROM audit_head WHERE id = 1 FOR UPDATE'

/** Rejects with StoreFailure or SchemaRefused. */
export async function openPostgres(url: string, clock: Clock): Promise<Database> {
  const connection = {
    connectionString: url,
    application_name: 'sekisho',
    keepAlive: true,
    connectionTimeoutMillis: 2000,
    types: {
      // Milliseconds and sequences are below 2^53.
      getTypeParser: (oid, format) => (oid === int8 ? Number : types.getTypeParser(oid, format)),
    },
  } satisfies ClientConfig
  await migrate({ ...connection, lock_timeout: longestLockWaitMilliseconds }, clock).catch(fail)

  const pool = new Pool({
    ...connection,
    max: 10,
    // The server gives up first; the client does too, where the server does not answer at all.
    statement_timeout: 2500,
    query_timeout: 3000,
    // A frozen process must not keep the trail's lock from all others.
    idle_in_transaction_session_timeout: 5000,
  })
  ignoreLostConnections(pool)

  const names = new Map<string, string>()
  const nameOf = (sql: string): string => {
    const name = names.get(sql) ?? `sekisho_${names.size + 1}`
    names.set(sql, name)
    return name
  }
  const query = async (config: { name?: string; text: string }, parameters: readonly SqlValue[]) =>
    (await pool.query<object>({ ...config, values: parameters.map(storableValue) })).rows

  return {
    query: (sql, parameters) => query({ name: nameOf(sql), text: sql }, parameters).catch(fail),
    queryOnce: (sql, parameters) => query({ text: sql }, parameters).catch(fail),
    append: (following) => append(pool, following).catch(fail),
    close: () => (pool.ending ? Promise.resolve() : pool.end().catch(fail)),
  }
}

async function migrate(connection: ClientConfig, clock: Clock): Promise<void> {
  const client = new Client(connection)
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock])
    await client.query(createMigrationTable)
    const { rows } = await client.query<object>(selectMigrations)
    for (const { version, name, sql, hash } of pendingOf(readMigrations('postgres'), rows)) {
      await client.query(sql)
      await client.query(insertMigration, [version, name, hash, clock().getTime()])
    }
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

async function append(
  pool: Pool,
  following: (head: ChainLink) => readonly TrailEntry[],
): Promise<void> {
  const client = await pool.connect()
  try {
    // The level is said, for a database may have another default, and the lock needs this one.
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
    await appendLocked(client, following)
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    // Closing the connection rolls back, whatever state it is in.
    client.release(true)
    throw error
  }
}

async function appendLocked(
  client: ClientBase,
  following: (head: ChainLink) => readonly TrailEntry[],
): Promise<void> {
  const head = (await client.query<object>({ name: 'sekisho_lock_head', text: lockHead })).rows[0]
  if (!Check(Head, head)) throw new StoreFailure('PostgreSQL: the head of the trail is gone')
  const entries = following(head)
  const last = entries.at(-1)?.record
  if (!last) return
  await client.query({
    name: 'sekisho_append',
    text: insertEntries,
    values: [
      last.sequence,
      last.hash,
      ...columnsOf(entries.map(({ actorRow }) => actorRow)),
      ...columnsOf(entries.map(({ row }) => row)),
    ],
  })
}

/** Without a listener, a connection that breaks would end the process. The next call reports it. */
function ignoreLostConnections(pool: Pool): void {
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
  })
}

function columnsOf(rows: readonly (readonly SqlValue[])[]): SqlValue[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? null))
}

function arrays(columns: readonly string[], first: number): string {
  return columns
    .map((column, index) => {
      const type = column === 'sequence' || column === 'at' ? 'bigint' : 'text'
      return `$${index + first}::${type}[]`
    })
    .join(', ')
}

function fail(error: unknown): never {
  if (error instanceof StoreFailure || error instanceof SchemaRefused) throw error
  throw new StoreFailure(`PostgreSQL: ${reasonOf(error)}`)
}

/** The server's messages may quote values, so its code has to do (PostgreSQL manual, appendix A). */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
