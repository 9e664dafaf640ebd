import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuditEventType, AuditRecord } from '#domain/audit-event.ts'
import { heldSessions, heldSince } from '#domain/held-sessions.ts'
import { eventBy } from '../support/trail-events.ts'

const at = new Date('2026-11-25T09:00:00Z')
const after = (seconds: number) => new Date(at.getTime() + seconds * 1000)
let sequence = 0

function record(type: AuditEventType, more: Partial<AuditRecord> = {}): AuditRecord {
  sequence += 1
  const chain = { sequence, at, previousHash: '', hash: '' }
  const opening = { type, openingId: 'one', roleSessionName: 'ada@example.com' }
  return { ...eventBy('ada', opening), ...chain, ...more }
}

const opened = (seconds: number, more: Partial<AuditRecord> = {}) =>
  record('console.opened', { details: { endsAt: after(seconds).toISOString() }, ...more })

describe('the sessions that somebody may still hold', () => {
  it('end 15 minutes after what AWS gave, since a sign-in URL may be followed that late', () => {
    const records = [record('console.opening'), opened(3_600)]
    assert.deepEqual(heldSessions(records, at)[0]?.endsBy, after(4_500))
    assert.equal(heldSessions(records, after(4_499)).length, 1)
    assert.equal(heldSessions(records, after(4_500)).length, 0)
  })

  it('are none where AWS refused', () => {
    assert.deepEqual(heldSessions([record('console.opening'), record('console.failed')], at), [])
    assert.deepEqual(heldSessions([record('console.denied', { openingId: null })], at), [])
  })

  it('last twelve hours where nobody knows the outcome: the process may have died after AWS gave', () => {
    const [held] = heldSessions([record('console.opening')], at)
    assert.deepEqual(held?.endsBy, after(43_200 + 900))
  })

  it('are one per role and name, the latest end first', () => {
    const records = [
      opened(600, { openingId: 'a' }),
      opened(1_200, { openingId: 'b' }),
      opened(3_600, { openingId: 'c', permissionSet: 'Admin' }),
      opened(60, { openingId: 'd', roleSessionName: 'ada.adams' }),
    ]
    assert.deepEqual(
      heldSessions(records, at).map(({ permissionSet, roleSessionName, endsBy }) => [
        permissionSet,
        roleSessionName,
        endsBy,
      ]),
      [
        ['Admin', 'ada@example.com', after(4_500)],
        ['Viewer', 'ada@example.com', after(2_100)],
        ['Viewer', 'ada.adams', after(960)],
      ],
    )
  })

  it('are looked for as far back as a session can reach', () => {
    const now = after(0)
    assert.deepEqual(heldSince(now), after(-43_200 - 900))
  })
})
