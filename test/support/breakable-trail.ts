import { Problem } from '#domain/problem.ts'
import type { Storage } from '#ports'

export interface BreakableTrail {
  /** For the options of `startBroker`. */
  readonly wrapStorage: (storage: Storage) => Storage
  /** From now on nothing can be recorded. */
  break(): void
}

/** The real trail, until it cannot be written any more. */
export function breakableTrail(): BreakableTrail {
  let isBroken = false
  return {
    wrapStorage: (storage) => ({
      ...storage,
      trail: {
        ...storage.trail,
        record: (event) =>
          isBroken ? Promise.reject(new Problem('trail-unavailable')) : storage.trail.record(event),
      },
    }),
    break: () => void (isBroken = true),
  }
}
