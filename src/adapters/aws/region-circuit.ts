import type { Clock } from '#ports'

interface FailingRegion {
  readonly since: Date
  readonly why: string
  /** Until then nobody tries it first. */
  restsUntil: Date
}

/**
 * A short memory of Regions that failed, so that not everybody waits for the same time-out. After the
 * rest one opening probes the Region; the others go elsewhere until it has an answer.
 */
export class RegionCircuit {
  readonly #clock: Clock
  readonly #restMilliseconds: number
  readonly #failing = new Map<string, FailingRegion>()

  constructor(clock: Clock, restSeconds: number) {
    this.#clock = clock
    this.#restMilliseconds = restSeconds * 1000
  }

  /** Resting Regions last: where every other one fails too, they are still worth a try. */
  order(regions: readonly string[]): readonly string[] {
    // Stops at the first: a Region that is not going to be tried must not take the probe.
    const first = regions.find((region) => this.#mayTry(region))
    if (first === undefined) return regions
    const others = regions.filter((region) => region !== first)
    return [
      first,
      ...others.filter((region) => !this.#rests(region)),
      ...others.filter((region) => this.#rests(region)),
    ]
  }

  /** True where it was healthy until now. */
  failed(region: string, why: string): boolean {
    const known = this.#failing.get(region)
    this.#failing.set(region, {
      since: known?.since ?? this.#clock(),
      why,
      restsUntil: this.#restEnd(),
    })
    return known === undefined
  }

  /** Any answer will do, a refusal too. True where it had failed before. */
  answered(region: string): boolean {
    return this.#failing.delete(region)
  }

  findings(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#failing].map(([region, { since, why }]) => [
        `region ${region}`,
        `failing since ${since.toISOString()}: ${why}`,
      ]),
    )
  }

  /** Taking the probe lets the Region rest for everybody else. */
  #mayTry(region: string): boolean {
    const failing = this.#failing.get(region)
    if (!failing) return true
    if (this.#clock() < failing.restsUntil) return false
    failing.restsUntil = this.#restEnd()
    return true
  }

  #rests(region: string): boolean {
    const failing = this.#failing.get(region)
    return failing !== undefined && this.#clock() < failing.restsUntil
  }

  #restEnd(): Date {
    return new Date(this.#clock().getTime() + this.#restMilliseconds)
  }
}
