/**
 * What the stores need of a database. The SQL is written once, in the part of the language that
 * SQLite and PostgreSQL share; only connections, migrations and the append to the trail differ.
 */
import { createHash } from 'node:crypto'
import { Problem } from '#domain/problem.ts'
import type { ProblemCode } from '#domain/problem.ts'
import type { ChainLink } from '#domain/audit-chain.ts'
import type { AuditRecord } from '#domain/audit-event.ts'

export type SqlValue = string | number | null

/** A record, and its rows as `audit-rows.ts` lays them out. */
export interface TrailEntry {
  readonly record: AuditRecord
  /** In the order of `actorColumns`. */
  readonly actorRow: readonly SqlValue[]
  /** In the order of `recordColumns`. */
  readonly row: readonly SqlValue[]
}

/** Parameters are `$1`, `$2` …, each used at least once. */
export interface Database {
  /** One of the program's own statements: it stays prepared. */
  query(sql: string, parameters: readonly SqlValue[]): Promise<readonly unknown[]>
  /** A statement put together for one search, which is not kept. */
  queryOnce(sql: string, parameters: readonly SqlValue[]): Promise<readonly unknown[]>
  /**
   * Hands over the last link of the chain, under a lock that all processes and replicas share, and
   * appends what comes back. Durable when it resolves.
   */
  append(following: (head: ChainLink) => readonly TrailEntry[]): Promise<void>
  close(): Promise<void>
}

/** Why the database refused, without the values of a statement: those may be somebody's session. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
}

/** The same database, failing with Problems. A failure that is a Problem already stays as it is. */
export function reporting(database: Database, code: ProblemCode): Database {
  const report = (error: unknown): never => {
    throw error instanceof Problem ? error : new Problem(code, { cause: error })
  }
  return {
    query: (sql, parameters) => database.query(sql, parameters).catch(report),
    queryOnce: (sql, parameters) => database.queryOnce(sql, parameters).catch(report),
    append: (following) => database.append(following).catch(report),
    close: () => database.close().catch(report),
  }
}

/**
 * PostgreSQL takes no NUL in text, and neither database keeps half a surrogate pair. Both become
 * U+FFFD in both databases, so that they hold the same and nothing can make a statement fail.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

export function storableValue(value: SqlValue): SqlValue {
  return typeof value === 'string' ? storableText(value) : value
}

/** For what is only ever looked up again: ids and tokens that would let a reader of the store in. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
