/**
 * Numbered SQL files and which of them a database still needs. Running them, under a lock, is the
 * business of each database.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Type } from 'typebox'
import { Check } from 'typebox/schema'

export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
  /** Hex SHA-256 of the SQL. */
  readonly hash: string
}

/** The schema of the database is not one that this version of the program can work with. */
export class SchemaRefused extends Error {
  override readonly name = 'SchemaRefused'
}

export const createMigrationTable = `
  CREATE TABLE IF NOT EXISTS schema_migration (
    version integer PRIMARY KEY,
    name text NOT NULL,
    hash text NOT NULL,
    applied_at bigint NOT NULL
  )`
export const selectMigrations = 'SELECT version, name, hash FROM schema_migration ORDER BY version'
export const insertMigration =
  'INSERT INTO schema_migration (version, name, hash, applied_at) VALUES ($1, $2, $3, $4)'

const fileName = /^(\d{4})-[a-z0-9-]+\.sql$/

const AppliedMigrations = Type.Array(
  Type.Object({ version: Type.Integer(), name: Type.String(), hash: Type.String() }),
)

/** In ascending order. */
export function readMigrations(database: 'sqlite' | 'postgres'): readonly Migration[] {
  const folder = new URL(`./migrations/${database}/`, import.meta.url)
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const version = fileName.exec(name)?.[1]
      if (version === undefined) return []
      // A checkout with other line ends is the same migration.
      const sql = readFileSync(new URL(name, folder), 'utf8').replaceAll('\r\n', '\n')
      return [{ version: Number(version), name, sql, hash: hashOfSql(sql) }]
    })
}

/**
 * The migrations still to run, given the rows of `selectMigrations`. Throws SchemaRefused where the
 * database is ahead of the program, or was made by other files of the same number.
 */
export function pendingOf(known: readonly Migration[], applied: unknown): readonly Migration[] {
  if (!Check(AppliedMigrations, applied)) {
    throw new SchemaRefused('The table schema_migration is not one of Sekisho’s.')
  }
  const newest = known.at(-1)?.version ?? 0
  for (const { version, name, hash } of applied) {
    if (version > newest) {
      throw new SchemaRefused(
        `The store was used by a newer Sekisho: it holds schema ${version} (${name}), ` +
          `and this version knows schemas up to ${newest}.`,
      )
    }
    if (known.find((migration) => migration.version === version)?.hash !== hash) {
      throw new SchemaRefused(`Schema ${version} (${name}) of the store is not the one known here.`)
    }
  }
  const done = new Set(applied.map(({ version }) => version))
  return known.filter(({ version }) => !done.has(version))
}

function hashOfSql(sql: string): string {
  return createHash('sha256').update(sql).digest('hex')
}
