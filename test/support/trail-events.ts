/** Records to fill a trail with, and what the pages of the trail show of them. */
import { setImmediate } from 'node:timers/promises'
import { noSubject, type AuditEvent } from '#domain/audit-event.ts'
import type { TestBroker } from './broker.ts'

export function eventBy(name: string, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    ...noSubject,
    type: 'console.opened',
    actor: { kind: 'person', key: `company https://login.example.com u-${name}`, name },
    accountId: '111122223333',
    account: 'prod',
    permissionSet: 'Viewer',
    reason: 'platform team',
    address: '203.0.113.24',
    requestId: `REQ-${name}`,
    ...more,
  }
}

export async function recordMany(broker: TestBroker, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => eventBy(`person-${index}`))
  await Promise.all(events.map((event) => broker.storage.trail.record(event)))
}

/** The rows of the table, one text each. */
export function rowsIn(html: string): string[] {
  const table = /<tbody>(.*)<\/tbody>/s.exec(html)?.[1] ?? ''
  return [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) => row)
}

/** Lets everything that is ready run. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate()
}
