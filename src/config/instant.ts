/** Instants as the config writes them: ISO 8601 with a zone, or a bare date in UTC. */

const dayMilliseconds = 86_400_000

const instantPattern =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)([Zz]|[+-]\d{2}:?\d{2})?)?$/

export type InstantReading = { readonly instant: Date } | { readonly problem: string }

/** A bare date is the first or the last instant of its day in UTC. */
export function readInstant(text: string, bareDate: 'start' | 'end'): InstantReading {
  const [, day, time, zone] = instantPattern.exec(text) ?? []
  if (day === undefined) {
    return {
      problem: 'expected a date such as 2026-12-01 or an instant such as 2026-12-01T09:00:00+09:00',
    }
  }
  const midnight = Date.parse(`${day}T00:00:00Z`)
  // 2026-02-30 would roll over into March.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) {
    return { problem: 'there is no such day' }
  }
  if (time === undefined) {
    return { instant: new Date(bareDate === 'end' ? midnight + dayMilliseconds : midnight) }
  }
  if (zone === undefined)
    return { problem: 'a time needs a zone: add Z, or an offset such as +09:00' }
  const offset = zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const instant = new Date(`${day}T${time}${offset}`)
  return Number.isNaN(instant.getTime()) ? { problem: 'there is no such time' } : { instant }
}
