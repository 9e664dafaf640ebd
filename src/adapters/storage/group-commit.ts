/**
 * Many records in one transaction. Whoever comes while a commit is under way shares the next one,
 * so that throughput grows with the number of visitors and nobody waits for a timer.
 */
import { setImmediate } from 'node:timers/promises'
import type { AuditEvent, AuditRecord } from '#domain/audit-event.ts'

/** Keeps one transaction short. */
const mostAtOnce = 200

interface Waiting {
  readonly event: AuditEvent
  readonly settle: PromiseWithResolvers<AuditRecord>
}

export interface GroupCommit {
  /** Settles when the transaction that holds the event has. */
  add(event: AuditEvent): Promise<AuditRecord>
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

/** `commit` gives one record per event, in the same order. */
export function groupCommit(
  commit: (events: readonly AuditEvent[]) => Promise<readonly AuditRecord[]>,
): GroupCommit {
  let waiting: Waiting[] = []
  let working: Promise<void> | null = null

  async function work(): Promise<void> {
    // Everybody of this turn of the event loop goes together: SQLite's commits would never overlap.
    await setImmediate()
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostAtOnce)
      try {
        const records = await commit(batch.map(({ event }) => event))
        batch.forEach(({ settle }, index) => {
          const record = records[index]
          if (record) settle.resolve(record)
          else settle.reject(new Error('a commit gave fewer records than it was given events'))
        })
      } catch (error) {
        // Those behind have waited for a time-out already, and would wait for another.
        for (const { settle } of [...batch, ...waiting]) settle.reject(error)
        waiting = []
      }
    }
    working = null
  }

  return {
    add(event) {
      const settle = Promise.withResolvers<AuditRecord>()
      waiting.push({ event, settle })
      working ??= work()
      return settle.promise
    },
    settled: () => working ?? Promise.resolve(),
  }
}
