/** Browser sessions in a database. Nothing is written by reading. */
import { Type } from 'typebox'
import type { BrowserSessions } from '#ports'
import { digestOf } from './database.ts'
import type { Database } from './database.ts'
import { rowsAs } from './row-shape.ts'

/**
 * A tombstone outlives its session by this: a request that read the session just before its end
 * is refused even if it writes that late.
 */
const longestRequestMilliseconds = 600_000

const SessionRow = Type.Object({
  data: Type.String(),
  principal_key: Type.Union([Type.String(), Type.Null()]),
  provider_session: Type.Union([Type.String(), Type.Null()]),
  expires_at: Type.Integer(),
})

const EndedRow = Type.Object({ expires_at: Type.Integer() })

const select = `
  SELECT data, principal_key, provider_session, expires_at FROM browser_session
  WHERE id_hash = $1 AND ended_at IS NULL AND expires_at > $2`

const upsert = `
  INSERT INTO browser_session (id_hash, data, principal_key, provider_session, expires_at)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (id_hash) DO UPDATE SET
    data = excluded.data,
    principal_key = excluded.principal_key,
    provider_session = excluded.provider_session,
    expires_at = excluded.expires_at
  WHERE browser_session.ended_at IS NULL
  RETURNING id_hash`

/** Expired ones end too, lest a request in flight extend one of them afterwards. */
const endWhere = (column: string): string => `
  UPDATE browser_session SET
    ended_at = $2, data = '', principal_key = NULL, provider_session = NULL,
    expires_at = expires_at + $3
  WHERE ${column} = $1 AND ended_at IS NULL
  RETURNING expires_at`

const endById = endWhere('id_hash')
const endByPrincipal = endWhere('principal_key')
const endByProviderSession = endWhere('provider_session')

/** `database` fails with `store-unavailable`. */
export function storedSessions(database: Database): BrowserSessions {
  /** Gives how many of the ended sessions were still good. */
  async function end(sql: string, value: string, now: Date): Promise<number> {
    const parameters = [value, now.getTime(), longestRequestMilliseconds]
    const ended = rowsAs(EndedRow, await database.query(sql, parameters))
    return ended.filter((row) => row.expires_at - longestRequestMilliseconds > now.getTime()).length
  }
  return {
    async read(id, now) {
      const rows = await database.query(select, [digestOf(id), now.getTime()])
      const [row] = rowsAs(SessionRow, rows)
      if (!row) return null
      return {
        data: row.data,
        principalKey: row.principal_key,
        providerSession: row.provider_session,
        expiresAt: new Date(row.expires_at),
      }
    },
    async write(id, { data, principalKey, providerSession, expiresAt }) {
      const values = [digestOf(id), data, principalKey, providerSession, expiresAt.getTime()]
      return (await database.query(upsert, values)).length === 1
    },
    async end(id, now) {
      await end(endById, digestOf(id), now)
    },
    endOfPrincipal: (principalKey, now) => end(endByPrincipal, principalKey, now),
    endOfProviderSession: (session, now) => end(endByProviderSession, session, now),
  }
}
