/** What a scenario gives: figures, each with the samples of its rounds and what it is held against. */

export interface Figure {
  readonly what: string
  readonly unit: string
  /** One per round. */
  readonly samples: readonly number[]
  /** The same work done by the least that could do it, in the same rounds. */
  readonly yardstick?: { readonly what: string; readonly samples: readonly number[] }
  /** `of` the value itself (the default), or of its ratio to the yardstick. */
  readonly reach?: {
    readonly atMost?: number
    readonly atLeast?: number
    readonly of?: 'value' | 'ratio'
  }
}

export interface Bench {
  /** Small sizes and few rounds: whether everything runs, in about two minutes. */
  readonly isQuick: boolean
  /** Where CPU profiles of the broker go; null for none. */
  readonly profileFolder: string | null
  say(line: string): void
}

export interface Scenario {
  readonly name: string
  readonly title: string
  run(bench: Bench): Promise<readonly Figure[]>
}

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function spreadOf(samples: readonly number[]): Spread {
  return { median: quantile(samples, 0.5), min: quantile(samples, 0), max: quantile(samples, 1) }
}

/** Nearest rank. NaN of nothing. */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN
}

/** Null without a yardstick. */
export function ratioOf({ samples, yardstick }: Figure): number | null {
  return yardstick ? spreadOf(samples).median / spreadOf(yardstick.samples).median : null
}

/** Null where nothing is to be reached. */
export function isReached(figure: Figure): boolean | null {
  const { reach, samples } = figure
  if (!reach) return null
  const value = reach.of === 'ratio' ? (ratioOf(figure) ?? NaN) : spreadOf(samples).median
  return value <= (reach.atMost ?? Infinity) && value >= (reach.atLeast ?? -Infinity)
}

/** Each round's results side by side: `columns([{a: 1}, {a: 2}]).a` is `[1, 2]`. */
export function columns<Key extends string>(
  rounds: readonly Readonly<Record<Key, number>>[],
): (key: Key) => number[] {
  return (key) => rounds.map((round) => round[key])
}

export async function inRounds<Result>(
  count: number,
  measure: (round: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let round = 0; round < count; round += 1) results.push(await measure(round))
  return results
}
