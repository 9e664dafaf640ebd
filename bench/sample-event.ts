import { noSubject, type AuditEvent } from '#domain/audit-event.ts'
import { accountId, accountSlug, setSlug } from './bench-config.ts'

/** An opening as the broker would write it down: of 500 people, 200 accounts, 10 permission sets. */
export function sampleEvent(index: number): AuditEvent {
  const person = index % 500
  const isOpened = index % 2 === 1
  return {
    ...noSubject,
    type: isOpened ? 'console.opened' : 'console.opening',
    actor: {
      kind: 'person',
      key: `company http://127.0.0.1 u-${person}`,
      name: `person-${person}@example.com`,
    },
    accountId: accountId(index % 200),
    account: accountSlug(index % 200),
    permissionSet: setSlug(index % 10),
    reason: 'platform team',
    address: '192.0.2.10',
    requestId: `REQ${String(index).padStart(13, '0')}`,
    openingId: `opening-${Math.floor(index / 2)}`,
    roleSessionName: `person-${person}@example.com`,
    accessKeyId: isOpened ? `ASIA${String(index).padStart(16, '0')}` : null,
    details: { config: '0123456789ab', wantedSeconds: 3600, region: 'ap-northeast-1' },
  }
}
