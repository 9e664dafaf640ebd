/** What a form says of a time, `2026-11-27T18:00` in a zone such as Asia/Tokyo, as an instant. */

const dateAndTime = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::\d{2}(?:\.\d{1,3})?)?)?$/

/** A bare date means its start, or its end where `edge` says so. Null where it is none. */
export function readLocalInstant(text: string, zone: string, edge: 'start' | 'end'): Date | null {
  const [, date, time] = dateAndTime.exec(text) ?? []
  if (date === undefined) return null
  try {
    const day = Temporal.PlainDate.from(date, { overflow: 'reject' })
    if (time === undefined) {
      const meant = edge === 'start' ? day : day.add({ days: 1 })
      return instantOf(meant.toPlainDateTime(), zone)
    }
    const at = day.toPlainDateTime(Temporal.PlainTime.from(time, { overflow: 'reject' }))
    return instantOf(at, zone)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** As `datetime-local` wants it: `2026-11-27T18:00`. */
export function localText(at: Date, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone)
  return local.toPlainDateTime().toString({ smallestUnit: 'minute' })
}

/** An IANA name, as the runtime knows them. */
export function isTimeZone(zone: string): boolean {
  // An offset is no zone: it would be wrong after the clocks change.
  if (/^[+-]/.test(zone)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}

function instantOf(local: Temporal.PlainDateTime, zone: string): Date {
  return new Date(local.toZonedDateTime(zone).epochMilliseconds)
}
