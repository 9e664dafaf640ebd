import type { RecordedRequest } from './double-listener.ts'

type Site = RecordedRequest['at']

/** Lets tests act in the middle of a load, at a request and not at a time. */
export class RequestCounter {
  readonly #counts = new Map<Site, number>()
  readonly #waiting: { readonly at: Site; readonly times: number; readonly go: () => void }[] = []

  count(at: Site): void {
    this.#counts.set(at, this.#countOf(at) + 1)
    for (const { at: site, times, go } of this.#waiting) {
      if (site === at && this.#countOf(at) >= times) go()
    }
  }

  /** Resolves at that request, or at once where it has come already. */
  reached(at: Site, times: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (this.#countOf(at) >= times) resolve()
    else this.#waiting.push({ at, times, go: resolve })
    return promise
  }

  #countOf(at: Site): number {
    return this.#counts.get(at) ?? 0
  }
}
