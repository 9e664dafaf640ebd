/** Spans and instants in words. Pages print UTC; the script of the page turns it into the reader's zone. */
export interface TimeWords {
  /** `1 hour 30 minutes`: in sentences. */
  span(seconds: number): string
  /** `1 h 30 min`: on tiles. */
  shortSpan(seconds: number): string
  upTo(seconds: number): string
  /** What is left of an open session, to the minute. */
  left(seconds: number): string
  /** What is left of somebody's access: in days while there are two. */
  countdown(seconds: number): string
  /** For the script: `{h}` and `{m}` stand for numbers. */
  readonly leftHours: string
  readonly leftMinutes: string
  readonly over: string
  ago(seconds: number): string
  /** `24 November 2026, 13:48 UTC` */
  instant(at: Date): string
  /** `24 November 2026` */
  day(at: Date): string
}

export interface SpanUnits {
  readonly day: string
  readonly hour: string
  readonly minute: string
  readonly second: string
}

/** The two largest units of a span, as numbers with their unit. */
export function spanParts(seconds: number): readonly { unit: keyof SpanUnits; count: number }[] {
  const whole = Math.max(0, Math.floor(seconds))
  const parts = [
    { unit: 'day', count: Math.floor(whole / 86_400) },
    { unit: 'hour', count: Math.floor((whole % 86_400) / 3_600) },
    { unit: 'minute', count: Math.floor((whole % 3_600) / 60) },
    { unit: 'second', count: whole % 60 },
  ] as const
  const first = parts.findIndex(({ count }) => count > 0)
  if (first === -1) return [{ unit: 'minute', count: 0 }]
  return parts.slice(first, first + 2).filter(({ count }) => count > 0)
}

export function formatterIn(
  locale: string,
  options: Intl.DateTimeFormatOptions,
): (at: Date) => string {
  const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
  return (at) => format.format(at)
}
