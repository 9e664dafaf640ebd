/** Spans of time as people write them in the config and in links: `30s`, `15m`, `8h`, `14d`. */

const unitSeconds: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
  ['d', 86_400],
])

/** Seconds, at least 1; null where the text is no span. */
export function readSpan(text: string): number | null {
  const [, digits, unit] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? []
  const factor = unit === undefined ? undefined : unitSeconds.get(unit)
  const seconds = factor === undefined ? 0 : Number(digits) * factor
  return seconds > 0 ? seconds : null
}
