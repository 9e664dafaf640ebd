import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { chainStart, hashOf, verifyLink } from '#domain/audit-chain.ts'
import { noSubject, type AuditEvent, type AuditRecord } from '#domain/audit-event.ts'
import { csvHeader, csvLine, jsonLine } from '#domain/audit-lines.ts'
import { cellsOf } from '../support/csv-cells.ts'

function recordOf(more: Partial<AuditEvent> = {}): AuditRecord {
  const event: AuditEvent = {
    ...noSubject,
    type: 'console.opened',
    actor: { kind: 'person', key: 'company https://login.example.com u-ada', name: 'Ada' },
    address: '203.0.113.24',
    requestId: 'ABCD-EFGH',
    ...more,
  }
  const at = new Date('2026-11-25T09:00:00.123Z')
  const { hash: previousHash } = chainStart
  return { ...event, sequence: 1, at, previousHash, hash: hashOf(event, 1, at, previousHash) }
}

const named = (name: string) => recordOf({ actor: { kind: 'person', key: 'k', name } })
const nameCell = (name: string) => cellsOf(csvLine(named(name)))[0]?.[6]

describe('a line of CSV', () => {
  it('has a cell for each column of the header, with the time in ISO 8601', () => {
    const [header = [], cells = []] = cellsOf(csvHeader + csvLine(recordOf()))
    assert.equal(header[0], '\uFEFFsequence')
    assert.equal(cells.length, header.length)
    assert.equal(cells[header.indexOf('at')], '2026-11-25T09:00:00.123Z')
    assert.equal(cells[header.indexOf('outcome')], 'done')
    assert.equal(cells[header.indexOf('accountId')], '')
  })

  it('ends with sponsor, pass and end of the session, made harmless like any other text', () => {
    const details = { sponsor: '=1+1', pass: 'p1', endsAt: '2026-11-25T10:00:00.000Z', more: 1 }
    const [header = [], cells = []] = cellsOf(csvHeader + csvLine(recordOf({ details })))
    assert.deepEqual(header.slice(-3), ['sponsor', 'pass', 'endsAt'])
    assert.deepEqual(cells.slice(-3), ["'=1+1", 'p1', '2026-11-25T10:00:00.000Z'])
    assert.deepEqual(cellsOf(csvLine(recordOf()))[0]?.slice(-3), ['', '', ''])
  })

  const hostile = [
    '=HYPERLINK("https://evil.example","Click")',
    '=1+1',
    '+1+1',
    '-2+3',
    '@SUM(A1:A9)',
    '\t=1+1',
    '\r=1+1',
    '\n=1+1',
    "=cmd|' /C calc'!A0",
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(A1)',
  ]
  for (const name of hostile) {
    it(`makes plain text of the name ${JSON.stringify(name)}, so that no spreadsheet runs it`, () => {
      assert.equal(nameCell(name), `'${name}`)
    })
  }

  const harmless = [
    'Ada',
    'Zoë "the boss", Ltd',
    'two\r\nlines',
    'a;=1+1',
    'O’Brien',
    '千佳 Chika',
    "'quoted",
    '',
  ]
  for (const name of harmless) {
    it(`keeps the name ${JSON.stringify(name)} as it is`, () => {
      assert.equal(nameCell(name), name)
    })
  }

  it('puts every text in quotes, so that splitting at a semicolon begins no cell', () => {
    const line = csvLine(named('x;=1+1;"=2'))
    assert.match(line, /,"x;=1\+1;""=2",/)
  })

  it('can be read back for any text, and no cell begins like a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, reason) => {
        const record = recordOf({ actor: { kind: 'guest', key: 'k', name }, reason })
        const [cells = [], ...more] = cellsOf(csvLine(record))
        assert.deepEqual(more, [])
        assert.equal(cells[6]?.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, ''), name)
        assert.equal(cells[10]?.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, ''), reason)
        for (const cell of cells) assert.doesNotMatch(cell, /^[=+\-@\t\r\n＝＋－＠]/)
      }),
    )
  })
})

describe('a line of JSON', () => {
  it('holds what is needed to check the chain', () => {
    const line = jsonLine(recordOf({ details: { sessionSeconds: 3600 } }))
    assert.equal(line.indexOf('\n'), line.length - 1)
    const read = JSON.parse(line)
    assert.equal(read.at, '2026-11-25T09:00:00.123Z')
    assert.equal(read.outcome, 'done')
    assert.equal(verifyLink(chainStart, { ...read, at: new Date(read.at) }), null)
  })
})
