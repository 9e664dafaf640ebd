import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import {
  canonicalText,
  chainStart,
  hashBeforeFirst,
  hashOf,
  verifyLink,
} from '#domain/audit-chain.ts'
import { auditEventTypes, noSubject } from '#domain/audit-event.ts'
import type { AuditEvent, AuditRecord } from '#domain/audit-event.ts'

const at = new Date('2026-11-25T12:00:00.123Z')

const event: AuditEvent = {
  ...noSubject,
  type: 'console.opened',
  actor: { kind: 'person', key: 'company https://login.example u-1', name: 'Ada "A" Lovelace' },
  accountId: '111122223333',
  address: '192.0.2.1',
  requestId: 'r-1',
  details: { b: 1, a: 'x' },
}

function recordAfter(previous: Pick<AuditRecord, 'sequence' | 'hash'>): AuditRecord {
  const sequence = previous.sequence + 1
  const hash = hashOf(event, sequence, at, previous.hash)
  return { ...event, sequence, at, previousHash: previous.hash, hash }
}

// Few and short values, so that fields often hold one another's text.
const shortText = fc.oneof(
  fc.constantFrom('', 'a', 'b', '"', ',', '"a"', '","', 'null', '[', '\\'),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
)
const optionalText = fc.option(shortText)
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => !Object.is(value, -0))
const plain = { noNullPrototype: true }
const events: fc.Arbitrary<AuditEvent> = fc.record(
  {
    type: fc.constantFrom(...auditEventTypes),
    actor: fc.record(
      {
        kind: fc.constantFrom('person', 'guest', 'system'),
        key: shortText,
        name: shortText,
      },
      plain,
    ),
    accountId: optionalText,
    account: optionalText,
    permissionSet: optionalText,
    reason: optionalText,
    address: optionalText,
    requestId: shortText,
    openingId: optionalText,
    roleSessionName: optionalText,
    accessKeyId: optionalText,
    details: fc.dictionary(
      shortText,
      fc.oneof(shortText, number, fc.boolean(), fc.constant(null)),
      {
        maxKeys: 3,
        ...plain,
      },
    ),
  },
  plain,
)
const places = fc.record(
  {
    sequence: fc.integer({ min: 1, max: 3 }),
    at: fc.date({ min: at, max: new Date(at.getTime() + 2), noInvalidDate: true }),
    previousHash: fc.constantFrom(hashBeforeFirst, 'f'.repeat(64)),
  },
  plain,
)
const records = fc.tuple(events, places)
/** The same record with one thing changed, or another record altogether. */
const pairs = fc.oneof(
  fc.tuple(records, records),
  records.chain(([one, place]) =>
    fc
      .tuple(fc.constantFrom(...Object.keys(one)), events)
      .map(([field, other]): [[AuditEvent, typeof place], [AuditEvent, typeof place]] => [
        [one, place],
        [{ ...one, [field]: other[field as keyof AuditEvent] }, place],
      ]),
  ),
)

describe('the canonical text of a record', () => {
  it('is never the same for two different records', () => {
    fc.assert(
      fc.property(pairs, ([[one, here], [other, there]]) => {
        const text = canonicalText(one, here.sequence, here.at, here.previousHash)
        const another = canonicalText(other, there.sequence, there.at, there.previousHash)
        assert.equal(text === another, isDeepStrictEqual([one, here], [other, there]))
      }),
      { numRuns: 5000 },
    )
  })

  it('does not depend on the order in which details or fields were written', () => {
    fc.assert(
      fc.property(events, (one) => {
        const reversed = (object: object) => Object.fromEntries(Object.entries(object).toReversed())
        const other = reversed({ ...one, details: reversed(one.details) }) as unknown as AuditEvent
        assert.equal(hashOf(one, 1, at, hashBeforeFirst), hashOf(other, 1, at, hashBeforeFirst))
      }),
    )
  })

  it('stays what it is, so that trails of earlier versions verify', () => {
    const text =
      '["sekisho-audit-1",1,"2026-11-25T12:00:00.123Z",' +
      `"${hashBeforeFirst}","console.opened","person","company https://login.example u-1",` +
      '"Ada \\"A\\" Lovelace","111122223333",null,null,null,"192.0.2.1","r-1",null,null,null,' +
      '[["a","x"],["b",1]]]'
    assert.equal(canonicalText(event, 1, at, hashBeforeFirst), text)
    assert.equal(
      hashOf(event, 1, at, hashBeforeFirst),
      createHash('sha256').update(text, 'utf8').digest('hex'),
    )
  })
})

describe('a link of the chain', () => {
  const first = recordAfter(chainStart)
  const second = recordAfter(first)

  it('holds from the first record on', () => {
    assert.equal(verifyLink(chainStart, first), null)
    assert.equal(verifyLink(first, second), null)
  })

  it('is broken as changed where any field differs from what was hashed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(event)), events, (field, other) => {
        const value = other[field as keyof AuditEvent]
        fc.pre(!isDeepStrictEqual(value, event[field as keyof AuditEvent]))
        const verdict = verifyLink(first, { ...second, [field]: value })
        assert.deepEqual(verdict, { sequence: 2, problem: 'changed' })
      }),
    )
    const changed = { sequence: 2, problem: 'changed' }
    assert.deepEqual(verifyLink(first, { ...second, at: new Date(at.getTime() + 1) }), changed)
    assert.deepEqual(verifyLink(first, { ...second, previousHash: hashBeforeFirst }), changed)
    assert.deepEqual(verifyLink(first, { ...second, hash: first.hash }), changed)
  })

  it('is broken as missing at the first record that is not there', () => {
    assert.deepEqual(verifyLink(chainStart, second), { sequence: 1, problem: 'missing' })
  })

  it('is broken as inserted where a record repeats a place or follows another one', () => {
    assert.deepEqual(verifyLink(second, second), { sequence: 2, problem: 'inserted' })
    const forged = recordAfter({ sequence: 1, hash: 'f'.repeat(64) })
    assert.deepEqual(verifyLink(first, forged), { sequence: 2, problem: 'inserted' })
  })
})
