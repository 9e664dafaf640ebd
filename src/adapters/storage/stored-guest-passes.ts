/** Guest passes in a database. What must happen once is one conditional statement. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { GuestPasses } from '#ports'
import { mostWrongPins } from '#domain/guest-pass.ts'
import type { GuestPass } from '#domain/guest-pass.ts'
import { principalKey } from '#domain/principal.ts'
import type { Principal } from '#domain/principal.ts'
import type { Database } from './database.ts'
import { rowAs, rowsAs } from './row-shape.ts'

const OptionalText = Type.Union([Type.String(), Type.Null()])
const OptionalInteger = Type.Union([Type.Integer(), Type.Null()])

const PassRow = Type.Object({
  id: Type.String(),
  pin_hash: OptionalText,
  kind: Type.Union([Type.Literal('email'), Type.Literal('link-and-pin')]),
  guest_name: Type.String(),
  guest_email: OptionalText,
  sponsor: Type.String(),
  account: Type.String(),
  permission_set: Type.String(),
  destination: OptionalText,
  reason: Type.String(),
  valid_from: Type.Integer(),
  valid_until: Type.Integer(),
  openings: OptionalInteger,
  openings_used: Type.Integer(),
  wrong_pins: Type.Integer(),
  terms_accepted_at: OptionalInteger,
  revoked_at: OptionalInteger,
  given_at: Type.Integer(),
})
const Sponsor = Type.Object({
  provider: Type.String(),
  issuer: Type.String(),
  subject: Type.String(),
  displayName: Type.String(),
  username: OptionalText,
  email: OptionalText,
  emailVerified: Type.Boolean(),
  groups: Type.Array(Type.String()),
  seenAt: Type.Optional(Type.Integer()),
})
const WrongPinsRow = Type.Object({ wrong_pins: Type.Integer() })

const select = `SELECT ${Object.keys(PassRow.properties).join(', ')} FROM guest_pass`
const selectById = `${select} WHERE id = $1`
const selectByTokenHash = `${select} WHERE token_hash = $1`
const selectPage = (condition: string) => `
  ${select} WHERE (given_at < $1 OR (given_at = $1 AND id > $2))${condition}
  ORDER BY given_at DESC, id LIMIT $3`
const selectPageOfAll = selectPage('')
const selectPageOfSponsor = selectPage(' AND sponsor_key = $4')
const selectEnding = `
  ${select} WHERE (valid_until > $1 AND valid_until <= $2) OR (revoked_at > $1 AND revoked_at <= $2)
  ORDER BY valid_until, id`

const insert = `
  INSERT INTO guest_pass (
    id, token_hash, pin_hash, kind, guest_name, guest_email, sponsor_key, sponsor, account,
    permission_set, destination, reason, valid_from, valid_until, openings, given_at
  ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`

const takeOpening = `
  UPDATE guest_pass SET openings_used = openings_used + 1
  WHERE id = $1 AND revoked_at IS NULL AND wrong_pins < $3
    AND valid_from <= $2 AND valid_until > $2
    AND (openings IS NULL OR openings_used < openings)
  RETURNING id`
const returnOpening = `
  UPDATE guest_pass SET openings_used = openings_used - 1 WHERE id = $1 AND openings_used > 0`
const countWrongPin = `
  UPDATE guest_pass SET wrong_pins = wrong_pins + 1 WHERE id = $1 RETURNING wrong_pins`
const forgivePin = `
  UPDATE guest_pass SET wrong_pins = wrong_pins - 1 WHERE id = $1 AND wrong_pins > 0`
// The first acceptance is the one that counts.
const acceptTerms = `
  UPDATE guest_pass SET terms_accepted_at = $2 WHERE id = $1 AND terms_accepted_at IS NULL`
const extend = `
  UPDATE guest_pass SET valid_until = $2, openings = $3
  WHERE id = $1 AND revoked_at IS NULL AND valid_until > $4 AND wrong_pins < $5
  RETURNING id`
const revoke = `
  UPDATE guest_pass SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id`
// The same claims within an hour are the same text, and write nothing.
const refreshSponsor = `
  UPDATE guest_pass SET sponsor = $2
  WHERE sponsor_key = $1 AND sponsor <> $2 AND valid_until > $3 AND revoked_at IS NULL`

/** `database` fails with `store-unavailable`. */
export function storedGuestPasses(database: Database): GuestPasses {
  return {
    async give(pass) {
      await database.query(insert, [
        pass.id,
        pass.tokenHash,
        pass.pinHash,
        pass.kind,
        pass.guestName,
        pass.guestEmail,
        principalKey(pass.sponsor),
        sponsorText(pass.sponsor, pass.givenAt),
        pass.target.account,
        pass.target.permissionSet,
        pass.destination,
        pass.reason,
        pass.from.getTime(),
        pass.until.getTime(),
        pass.openings,
        pass.givenAt.getTime(),
      ])
    },
    async byId(id) {
      const [row] = rowsAs(PassRow, await database.query(selectById, [id]))
      return row ? passFrom(row) : null
    },
    async byTokenHash(tokenHash) {
      const [row] = rowsAs(PassRow, await database.query(selectByTokenHash, [tokenHash]))
      return row ? { pass: passFrom(row), pinHash: row.pin_hash } : null
    },
    async list(sponsorKey, pageSize, after) {
      const start = [after?.givenAt.getTime() ?? Number.MAX_SAFE_INTEGER, after?.id ?? '']
      // One more than asked for tells whether there is another page.
      const window = [...start, pageSize + 1]
      const rows =
        sponsorKey === null
          ? await database.query(selectPageOfAll, window)
          : await database.query(selectPageOfSponsor, [...window, sponsorKey])
      const found = rowsAs(PassRow, rows).map(passFrom)
      const passes = found.slice(0, pageSize)
      const last = found.length > pageSize ? passes.at(-1) : undefined
      return { passes, next: last ? { givenAt: last.givenAt, id: last.id } : null }
    },
    async endingBetween(from, until) {
      const rows = await database.query(selectEnding, [from.getTime(), until.getTime()])
      return rowsAs(PassRow, rows).map(passFrom)
    },
    async takeOpening(id, now) {
      const parameters = [id, now.getTime(), mostWrongPins]
      return (await database.query(takeOpening, parameters)).length === 1
    },
    async returnOpening(id) {
      await database.query(returnOpening, [id])
    },
    async countWrongPin(id) {
      const [row] = rowsAs(WrongPinsRow, await database.query(countWrongPin, [id]))
      // A pass that is not there is as good as locked.
      return row?.wrong_pins ?? mostWrongPins
    },
    async forgivePin(id) {
      await database.query(forgivePin, [id])
    },
    async acceptTerms(id, now) {
      await database.query(acceptTerms, [id, now.getTime()])
    },
    async extend(id, { until, openings }, now) {
      const values = [id, until.getTime(), openings, now.getTime(), mostWrongPins]
      return (await database.query(extend, values)).length === 1
    },
    async revoke(id, now) {
      return (await database.query(revoke, [id, now.getTime()])).length === 1
    },
    async refreshSponsor(sponsor, now) {
      const values = [principalKey(sponsor), sponsorText(sponsor, now), now.getTime()]
      await database.query(refreshSponsor, values)
    },
  }
}

const hourMilliseconds = 3_600_000

/** Groups in one order, whatever the provider sent, and the hour that has begun. */
function sponsorText({ groups, ...sponsor }: Principal, seen: Date): string {
  const seenAt = Math.floor(seen.getTime() / hourMilliseconds) * hourMilliseconds
  return JSON.stringify({ ...sponsor, groups: [...groups].sort(), seenAt })
}

function passFrom(row: Static<typeof PassRow>): GuestPass {
  const kept: unknown = JSON.parse(row.sponsor)
  const { seenAt = row.given_at, groups, ...sponsor } = rowAs(Sponsor, kept)
  return {
    id: row.id,
    kind: row.kind,
    guestName: row.guest_name,
    guestEmail: row.guest_email,
    sponsor: { ...sponsor, groups: new Set(groups) },
    sponsorSeenAt: new Date(seenAt),
    target: { account: row.account, permissionSet: row.permission_set },
    destination: row.destination,
    reason: row.reason,
    from: new Date(row.valid_from),
    until: new Date(row.valid_until),
    openings: row.openings,
    openingsUsed: row.openings_used,
    wrongPins: row.wrong_pins,
    termsAcceptedAt: instantOf(row.terms_accepted_at),
    revokedAt: instantOf(row.revoked_at),
    givenAt: new Date(row.given_at),
  }
}

function instantOf(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds)
}
