import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isTimeZone, localText, readLocalInstant } from '#domain/local-instant.ts'

const read = (text: string, zone = 'UTC', edge: 'start' | 'end' = 'start') =>
  readLocalInstant(text, zone, edge)?.toISOString() ?? null

describe('a time typed into a form', () => {
  it('means the zone that the sponsor named', () => {
    assert.equal(read('2026-11-27T18:00', 'Asia/Tokyo'), '2026-11-27T09:00:00.000Z')
    assert.equal(read('2026-11-27T18:00', 'America/New_York'), '2026-11-27T23:00:00.000Z')
    assert.equal(read('2026-07-27T18:00', 'America/New_York'), '2026-07-27T22:00:00.000Z')
  })

  it('means a whole day where it is a bare date', () => {
    assert.equal(read('2026-11-27', 'Asia/Tokyo', 'start'), '2026-11-26T15:00:00.000Z')
    assert.equal(read('2026-11-27', 'Asia/Tokyo', 'end'), '2026-11-27T15:00:00.000Z')
  })

  it('is nothing where there is no such day or hour', () => {
    for (const text of ['', '2026-02-30', '2026-11-27T25:00', '2026-11-27 18:00', '27.11.2026']) {
      assert.equal(read(text), null, text)
    }
  })

  it('comes back as the form wrote it', () => {
    const at = readLocalInstant('2026-11-27T18:05', 'Europe/Berlin', 'start')
    assert.equal(at && localText(at, 'Europe/Berlin'), '2026-11-27T18:05')
  })
})

describe('a time zone', () => {
  it('has a name that is known, and is no offset', () => {
    assert.deepEqual(['UTC', 'Asia/Tokyo'].map(isTimeZone), [true, true])
    const wrong = ['', 'Nowhere/City', '+09:00', '-05', 'Asia/Tokyo; DROP']
    assert.deepEqual(wrong.filter(isTimeZone), [])
  })
})
