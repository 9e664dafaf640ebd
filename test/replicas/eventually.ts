import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

/** Asks until the answer is true; fails at the deadline, saying what was waited for. */
export async function eventually(
  what: string,
  question: () => boolean | Promise<boolean>,
  withinMilliseconds = 30_000,
): Promise<void> {
  const deadline = performance.now() + withinMilliseconds
  while (!(await question())) {
    assert.ok(performance.now() < deadline, `${what}: not within ${withinMilliseconds} ms`)
    await sleep(25)
  }
}
