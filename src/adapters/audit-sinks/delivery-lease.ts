import type { Clock, OnceOnly } from '#ports'

/** Lets one replica deliver at a time. */
export interface DeliveryLease {
  /** True for whoever holds the present span of time; tried anew in each. */
  hold(): Promise<boolean>
}

const spanMilliseconds = 30_000

/**
 * Time is cut into spans, and the first to take one has it. Nothing is handed over at the end of a
 * span: a slow delivery may overlap with the next holder's, and then some records arrive twice.
 */
export function createDeliveryLease(onceOnly: OnceOnly, name: string, clock: Clock): DeliveryLease {
  let held: number | null = null
  return {
    async hold() {
      const span = Math.floor(clock().getTime() / spanMilliseconds)
      if (held === span) return true
      const end = new Date((span + 1) * spanMilliseconds)
      if (!(await onceOnly.take(`audit sink ${name} ${span}`, end))) return false
      held = span
      return true
    },
  }
}
