/** A moment by which an answer must be there. By the monotonic clock: it measures waiting, not dates. */
export interface Deadline {
  remainingMilliseconds(): number
  /** Aborts at that moment. */
  readonly signal: AbortSignal
}

export function deadlineIn(milliseconds: number): Deadline {
  const endsAt = performance.now() + milliseconds
  return {
    remainingMilliseconds: () => Math.max(0, Math.floor(endsAt - performance.now())),
    signal: AbortSignal.timeout(Math.max(1, Math.floor(milliseconds))),
  }
}
