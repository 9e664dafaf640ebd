/**
 * Brings the trail to a second place. Owns: order, retry and patience. A sink has no queue that
 * could overflow or be lost: the worker reads what comes after the last record delivered from the
 * trail itself, so a record can be late or delivered twice, and never left out.
 */
import { setTimeout } from 'node:timers/promises'
import type { AuditRecord } from '#domain/audit-event.ts'
import type { AuditTrail } from '#ports'

export interface AuditSink {
  readonly name: 'file' | 'webhook'
  /** False while another replica delivers. */
  mayDeliver(): Promise<boolean>
  /** Sequence of the last record that the sink has for good; 0 before the first. */
  position(): Promise<number>
  /** In order. Rejects where the sink did not take all of them: they are delivered again. */
  deliver(records: readonly AuditRecord[]): Promise<void>
  close(): Promise<void>
}

export interface SinkLog {
  error(facts: object, message: string): void
  info(facts: object, message: string): void
}

export interface SinkWorkerOptions {
  readonly trail: Pick<AuditTrail, 'search'>
  readonly log: SinkLog
  /** Counted in the metrics. */
  readonly onFailure: (sink: AuditSink['name']) => void
  /** Resolves after the time, or at once when the signal fires. Default: timers. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

export interface SinkWorker {
  /** Resolves when what is under way has been delivered or given up. */
  close(): Promise<void>
}

export const pollMilliseconds = 2_000
const longestPauseMilliseconds = 300_000
const batchSize = 100

export function startSinkWorker(sink: AuditSink, options: SinkWorkerOptions): SinkWorker {
  const { trail, log, onFailure, pause = pauseByTimer } = options
  const stopping = new AbortController()
  const { signal } = stopping

  /** Gives how long to wait. Never rejects: a sink that fails is tried again for as long as it takes. */
  async function attempt(failuresBefore: number): Promise<number> {
    try {
      await deliverPending(sink, trail, signal)
      if (failuresBefore > 0) log.info({ sink: sink.name }, 'the audit sink takes records again')
      return 0
    } catch (error) {
      const failures = failuresBefore + 1
      onFailure(sink.name)
      log.error({ err: error, sink: sink.name, failures }, 'the audit sink took no records')
      return failures
    }
  }

  async function work(): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      failures = await attempt(failures)
      await pause(pauseAfter(failures), signal)
    }
    await sink.close()
  }

  const working = work()
  return {
    close() {
      stopping.abort()
      return working
    },
  }
}

/**
 * Delivers until the sink has the newest record; `signal` ends it between two batches, so that what
 * was taken is also noted. Rejects where the sink does.
 */
export async function deliverPending(
  sink: AuditSink,
  trail: Pick<AuditTrail, 'search'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && (await sink.mayDeliver())) {
    const records = await recordsAfter(trail, await sink.position())
    if (records.length === 0) return
    await sink.deliver(records)
  }
}

/** 1 s, doubled with each failure up to 5 minutes; without one, until the trail is looked at again. */
export function pauseAfter(failures: number): number {
  if (failures === 0) return pollMilliseconds
  return Math.min(longestPauseMilliseconds, 1_000 * 2 ** Math.min(failures - 1, 20))
}

/**
 * The next records, oldest first. Sequences have no gaps, so those below `last + batchSize` are the
 * next batch; where somebody removed that many from the trail, the ones after the hole.
 */
async function recordsAfter(
  trail: Pick<AuditTrail, 'search'>,
  last: number,
): Promise<readonly AuditRecord[]> {
  const [newest] = (await trail.search({}, 1)).records
  const head = newest?.sequence ?? 0
  // A store that was put back to an older state would use these sequences a second time.
  if (last > head) throw new Error(`the sink has record ${last}, and the trail ends at ${head}`)
  for (let end = last + batchSize; end < head + batchSize; end += batchSize) {
    const { records } = await trail.search({ before: end + 1 }, batchSize)
    const following = records.filter(({ sequence }) => sequence > last)
    if (following.length > 0) return following.toReversed()
  }
  return []
}

async function pauseByTimer(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined)
}
