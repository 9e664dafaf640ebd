/**
 * A moment by which an answer must be there. By the monotonic clock: it measures waiting, not dates.
 * Disposed of with what waited, since a timer of each opening would outlive it by many seconds.
 */
export interface Deadline extends Disposable {
  remainingMilliseconds(): number
  /** Aborts at that moment. */
  readonly signal: AbortSignal
}

export function deadlineIn(milliseconds: number): Deadline {
  const endsAt = performance.now() + milliseconds
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), Math.max(1, Math.floor(milliseconds)))
  return {
    remainingMilliseconds: () => Math.max(0, Math.floor(endsAt - performance.now())),
    signal: controller.signal,
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}
