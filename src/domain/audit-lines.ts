/** A record of the trail as one line of a file: JSON for programs, CSV for spreadsheets. Times are ISO 8601. */
import { outcomeOf, type AuditRecord } from './audit-event.ts'

/**
 * Every field of the record, `outcome`, and a newline: enough to check the chain with
 * `canonicalText` of audit-chain.ts.
 */
export function jsonLine(record: AuditRecord): string {
  return `${JSON.stringify(recordDocument(record))}\n`
}

/** As `jsonLine` writes it: what programs get. */
export function recordDocument(record: AuditRecord): object {
  const { sequence, at, type, ...rest } = record
  return { sequence, at: at.toISOString(), type, outcome: outcomeOf(type), ...rest }
}

type Value = AuditRecord['details'][string]

const columns: readonly (readonly [string, (record: AuditRecord) => Value])[] = [
  ['sequence', ({ sequence }) => sequence],
  ['at', ({ at }) => at.toISOString()],
  ['type', ({ type }) => type],
  ['outcome', ({ type }) => outcomeOf(type)],
  ['actorKind', ({ actor }) => actor.kind],
  ['actorKey', ({ actor }) => actor.key],
  ['actorName', ({ actor }) => actor.name],
  ['accountId', ({ accountId }) => accountId],
  ['account', ({ account }) => account],
  ['permissionSet', ({ permissionSet }) => permissionSet],
  ['reason', ({ reason }) => reason],
  ['address', ({ address }) => address],
  ['requestId', ({ requestId }) => requestId],
  ['openingId', ({ openingId }) => openingId],
  ['roleSessionName', ({ roleSessionName }) => roleSessionName],
  ['accessKeyId', ({ accessKeyId }) => accessKeyId],
  ['details', ({ details }) => JSON.stringify(details)],
  ['previousHash', ({ previousHash }) => previousHash],
  ['hash', ({ hash }) => hash],
  // Of openings and guest passes: last, for whoever counts columns.
  ...['sponsor', 'pass', 'endsAt'].map(
    (name) => [name, ({ details }: AuditRecord) => details[name] ?? null] as const,
  ),
]

/** RFC 4180. The byte order mark makes spreadsheets read Japanese names as what they are. */
export const csvHeader = `\uFEFF${columns.map(([name]) => name).join(',')}\r\n`

export function csvLine(record: AuditRecord): string {
  return `${columns.map(([, valueIn]) => cell(valueIn(record))).join(',')}\r\n`
}

// Full-width signs too: spreadsheets in East Asian languages read them as the plain ones.
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/

/**
 * Names and reasons are other people's text, and a spreadsheet runs a cell that begins like a
 * formula (CWE-1236): an apostrophe makes it text. Always in quotes, since a spreadsheet may split
 * at semicolons, and a piece would begin a cell of its own.
 */
function cell(value: Value): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const harmless = formulaStart.test(value) ? `'${value}` : value
  return `"${harmless.replaceAll('"', '""')}"`
}
