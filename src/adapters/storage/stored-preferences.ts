/** What a person marked, set and opened lately, in a database. */
import { Type } from 'typebox'
import type { Preferences } from '#ports'
import type { Database } from './database.ts'
import { rowsAs } from './row-shape.ts'

const mostRecents = 50

const MarkRow = Type.Object({
  kind: Type.String(),
  account: Type.String(),
  permission_set: Type.String(),
})
const SettingRow = Type.Object({ name: Type.String(), value: Type.String() })
const RecentRow = Type.Object({
  account: Type.String(),
  permission_set: Type.String(),
  opened_at: Type.Integer(),
  ends_at: Type.Integer(),
  times: Type.Integer(),
})
const TimesRow = Type.Object({ times: Type.Integer() })

const selectMarks = `
  SELECT kind, account, permission_set FROM marked_role WHERE principal_key = $1
  ORDER BY account, permission_set`
const selectSettings = 'SELECT name, value FROM personal_setting WHERE principal_key = $1'
const selectRecents = `
  SELECT account, permission_set, opened_at, ends_at, times FROM recent_opening
  WHERE principal_key = $1 ORDER BY opened_at DESC, account, permission_set LIMIT ${mostRecents}`

const mark = `
  INSERT INTO marked_role (principal_key, kind, account, permission_set) VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING`
const unmark = `
  DELETE FROM marked_role
  WHERE principal_key = $1 AND kind = $2 AND account = $3 AND permission_set = $4`
const setValue = `
  INSERT INTO personal_setting (principal_key, name, value) VALUES ($1, $2, $3)
  ON CONFLICT (principal_key, name) DO UPDATE SET value = excluded.value`
const noteRecent = `
  INSERT INTO recent_opening (principal_key, account, permission_set, opened_at, ends_at, times)
  VALUES ($1, $2, $3, $4, $5, 1)
  ON CONFLICT (principal_key, account, permission_set) DO UPDATE SET
    opened_at = excluded.opened_at,
    ends_at = excluded.ends_at,
    times = recent_opening.times + 1
  RETURNING times`
const endOthers = `
  UPDATE recent_opening SET ends_at = $2 WHERE principal_key = $1 AND ends_at > $2`
const forgetOldest = `
  DELETE FROM recent_opening
  WHERE principal_key = $1 AND (account, permission_set) NOT IN (
    SELECT account, permission_set FROM recent_opening
    WHERE principal_key = $1 ORDER BY opened_at DESC, account, permission_set LIMIT ${mostRecents}
  )`

/** `database` fails with `store-unavailable`. */
export function storedPreferences(database: Database): Preferences {
  async function settingsOf(principalKey: string): Promise<ReadonlyMap<string, string>> {
    const rows = rowsAs(SettingRow, await database.query(selectSettings, [principalKey]))
    return new Map(rows.map(({ name, value }) => [name, value]))
  }
  return {
    settingsOf,
    async of(principalKey) {
      const [marks, settings, recents] = await Promise.all([
        database.query(selectMarks, [principalKey]),
        settingsOf(principalKey),
        database.query(selectRecents, [principalKey]),
      ])
      const marked = rowsAs(MarkRow, marks)
      const markedAs = (kind: string) => marked.filter((row) => row.kind === kind).map(roleOf)
      return {
        favourites: markedAs('favourite'),
        hidden: markedAs('hidden'),
        recents: rowsAs(RecentRow, recents).map((row) => ({
          ...roleOf(row),
          openedAt: new Date(row.opened_at),
          endsAt: new Date(row.ends_at),
          times: row.times,
        })),
        settings,
      }
    },
    async mark(principalKey, kind, { account, permissionSet }, on) {
      await database.query(on ? mark : unmark, [principalKey, kind, account, permissionSet])
    },
    async set(principalKey, name, value) {
      await database.query(setValue, [principalKey, name, value])
    },
    async noteOpening(principalKey, role, { openedAt, endsAt, endsOthers }) {
      const { account, permissionSet } = role
      if (endsOthers) await database.query(endOthers, [principalKey, openedAt.getTime()])
      const times = [openedAt.getTime(), endsAt.getTime()]
      const values = [principalKey, account, permissionSet, ...times]
      const [row] = rowsAs(TimesRow, await database.query(noteRecent, values))
      // Only a role that was not among them makes them more.
      if (row?.times === 1) await database.query(forgetOldest, [principalKey])
    },
  }
}

function roleOf(row: { readonly account: string; readonly permission_set: string }) {
  return { account: row.account, permissionSet: row.permission_set }
}
