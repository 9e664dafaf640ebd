/** A trail to copy from, and a folder to copy to. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { noSubject, type AuditEvent } from '#domain/audit-event.ts'
import type { Storage } from '#ports'

/** A signal that never fires. */
export const never = new AbortController().signal

export function eventOf(index: number): AuditEvent {
  return {
    ...noSubject,
    type: 'console.opened',
    actor: { kind: 'person', key: `k-${index}`, name: `person ${index}` },
    address: '203.0.113.24',
    requestId: `R-${index}`,
  }
}

export interface SinkBench {
  readonly storage: Storage
  readonly folder: string
  readonly clock: { now: Date }
  readonly record: (count: number) => Promise<void>
}

export async function prepare(t: TestContext): Promise<SinkBench> {
  const clock = { now: new Date('2026-11-25T09:00:00Z') }
  const storage = await openStorage('sqlite::memory:', { clock: () => clock.now })
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-sink-'))
  t.after(async () => {
    await storage.close()
    await rm(folder, { recursive: true, force: true })
  })
  let index = 0
  return {
    storage,
    folder,
    clock,
    record: async (count) => {
      const events = Array.from({ length: count }, () => eventOf((index += 1)))
      await Promise.all(events.map((event) => storage.trail.record(event)))
    },
  }
}

/** Sequences `from` … `count`. */
export const upTo = (count: number, from = 1) =>
  Array.from({ length: count - from + 1 }, (_, index) => index + from)
