/** What is wrong in a config file, and the log that checks write their findings to. */

export interface ConfigProblem {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 code units. */
  readonly column: number
  /** JSON pointer (RFC 6901) into the file; empty for the whole of it. */
  readonly path: string
  readonly message: string
}

export interface Finding {
  readonly severity: 'problem' | 'warning'
  readonly pointer: string
  /** Which half of a line is meant, where the pointer leads to a pair. */
  readonly part: 'key' | 'value'
  readonly message: string
}

/** Takes findings and quotes values, so that no check can print what came from a secret. */
export interface FindingLog {
  problem(pointer: string, message: string): void
  problemWithKey(pointer: string, message: string): void
  warning(pointer: string, message: string): void
  /** In quotes, cut to a sane length; where it was interpolated, as the file has it. */
  quoted(pointer: string, value: string): string
}

export function createFindingLog(
  found: Finding[],
  writtenAt: (pointer: string) => string | undefined,
): FindingLog {
  const noting =
    (severity: Finding['severity'], part: Finding['part']) =>
    (pointer: string, message: string) => {
      found.push({ severity, pointer, part, message })
    }
  return {
    problem: noting('problem', 'value'),
    problemWithKey: noting('problem', 'key'),
    warning: noting('warning', 'value'),
    quoted: (pointer, value) => quote(writtenAt(pointer) ?? value),
  }
}

const longestQuote = 80

export function quote(value: string): string {
  const shown = value.length > longestQuote ? `${value.slice(0, longestQuote)}…` : value
  return JSON.stringify(shown)
}

/** RFC 6901, section 3. */
export function pointerTo(...segments: readonly (string | number)[]): string {
  return segments.map((segment) => `/${escapeSegment(String(segment))}`).join('')
}

export function segmentsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function parentOf(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')))
}

function escapeSegment(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1')
}
