/** One-time things in a database: of any number of takers, one unique key lets one through. */
import type { Clock, OnceOnly } from '#ports'
import { digestOf } from './database.ts'
import type { Database } from './database.ts'

// A key that is over but not pruned yet is free again.
const take = `
  INSERT INTO once_only (key_hash, taken_until) VALUES ($1, $2)
  ON CONFLICT (key_hash) DO UPDATE SET taken_until = excluded.taken_until
  WHERE once_only.taken_until <= $3
  RETURNING key_hash`

/** `database` fails with `store-unavailable`. */
export function storedOnceOnly(database: Database, clock: Clock): OnceOnly {
  return {
    async take(key, until) {
      const values = [digestOf(key), until.getTime(), clock().getTime()]
      return (await database.query(take, values)).length === 1
    },
  }
}
