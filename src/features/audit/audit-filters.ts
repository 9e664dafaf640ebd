/** The filter of the trail as it stands in an address, and what it asks of the trail. */
import { Type, type Static } from 'typebox'
import { auditEventTypes } from '#domain/audit-event.ts'
import { Problem } from '#domain/problem.ts'
import type { AuditQuery } from '#ports'

const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
/** A form sends its empty fields too. */
const oneOf = <Values extends readonly string[]>(values: Values) =>
  Type.Optional(Type.Union([Type.Literal(''), ...values.map((value) => Type.Literal(value))]))

export const outcomes = ['done', 'opening', 'refused', 'failed'] as const

/**
 * What people may ask of their own part of the trail. Not by account: a refusal found by number but
 * asked for by name would tell that the two belong together.
 */
export const HistoryFilters = Type.Object({
  type: oneOf(auditEventTypes),
  outcome: oneOf(outcomes),
  from: text(40),
  until: text(40),
  before: Type.Optional(Type.String({ pattern: '^[0-9]{0,15}$' })),
})
export type HistoryFilters = Static<typeof HistoryFilters>

export const AuditFilters = Type.Object({
  ...HistoryFilters.properties,
  account: text(64),
  permissionSet: text(64),
  q: text(200),
  /** Key of an actor, exactly: where a name in the table leads. */
  person: text(800),
})
export type AuditFilters = Static<typeof AuditFilters>

/** @throws {Problem} invalid-request where a date is none */
export function auditQueryFrom(filters: AuditFilters): AuditQuery {
  const { q, person, account, permissionSet, type, outcome, from, until, before } = filters
  return {
    ...(isGiven(q) ? { text: q.trim() } : {}),
    ...(isGiven(person) ? { actorKey: person.trim() } : {}),
    ...(isGiven(account) ? { account: accountIn(account) } : {}),
    ...(isGiven(permissionSet) ? { permissionSet: permissionSet.trim() } : {}),
    ...(isGiven(type) ? { type } : {}),
    ...(isGiven(outcome) ? { outcome } : {}),
    ...(isGiven(from) ? { from: instantIn(from, 0) } : {}),
    ...(isGiven(until) ? { until: instantIn(until, 1) } : {}),
    ...(isGiven(before) ? { before: Number(before) } : {}),
  }
}

/** What is not empty, in the order of the form: for addresses, and for the record of an export. */
export function givenFilters(filters: AuditFilters): Readonly<Record<string, string>> {
  const { q, person, account, permissionSet, type, outcome, from, until } = filters
  const all = { q, person, account, permissionSet, type, outcome, from, until }
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (isGiven(value) ? [[name, value.trim()]] : [])),
  )
}

export function addressWith(
  path: string,
  filters: AuditFilters,
  more: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams({ ...givenFilters(filters), ...more }).toString()
  return query === '' ? path : `${path}?${query}`
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== ''
}

/** Numbers are shown with hyphens, and copied so. */
function accountIn(written: string): string {
  const text = written.trim()
  return /^\d{4}-\d{4}-\d{4}$/.test(text) ? text.replaceAll('-', '') : text
}

const dayMilliseconds = 86_400_000
const dayShape = /^\d{4}-\d{2}-\d{2}$/
const instantShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/

/**
 * ISO 8601; without a zone, as `datetime-local` sends it, in UTC. A bare date is a day, and
 * `daysLater` moves its start. A `+` typed into an address arrives as a space.
 */
function instantIn(written: string, daysLater: number): Date {
  const text = written.trim().replace(/(T\S+) (?=\d{2}:\d{2}$)/, '$1+')
  const isDay = dayShape.test(text)
  const [isInstant, zone] = instantShape.exec(text) ?? []
  // 30 February would be taken as a day of March.
  const isReal = (isDay || isInstant !== undefined) && isDayOfCalendar(text.slice(0, 10))
  const at = new Date(isReal ? (isDay || zone ? text : `${text}Z`) : Number.NaN)
  if (Number.isNaN(at.getTime())) {
    throw new Problem('invalid-request', { facts: { given: text, what: 'time' } })
  }
  return isDay ? new Date(at.getTime() + daysLater * dayMilliseconds) : at
}

function isDayOfCalendar(day: string): boolean {
  const at = new Date(day)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}
