import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wordsFor } from '../../src/words/words.ts'

const en = wordsFor('en').time
const ja = wordsFor('ja').time

describe('a span in words', () => {
  for (const [seconds, english, japanese] of [
    [45, '45 seconds', '45秒'],
    [60, '1 minute', '1分'],
    [3_600, '1 hour', '1時間'],
    [5_400, '1 hour 30 minutes', '1時間30分'],
    [28_800, '8 hours', '8時間'],
    [3_605, '1 hour', '1時間'],
    [259_200, '3 days', '3日'],
    [0, '0 minutes', '0分'],
  ] as const) {
    it(`says ${seconds} seconds as ${english}`, () => {
      assert.equal(en.span(seconds), english)
      assert.equal(ja.span(seconds), japanese)
    })
  }

  it('is short on tiles', () => {
    assert.equal(en.upTo(28_800), 'up to 8 h')
    assert.equal(ja.upTo(28_800), '最長8時間')
  })

  it('counts down to the minute, never up', () => {
    assert.equal(en.left(42 * 60 + 59), '42 min left')
    assert.equal(ja.left(2 * 3_600 + 130), '残り2時間2分')
  })

  it('looks back by the largest unit only', () => {
    assert.equal(en.ago(20), 'just now')
    assert.equal(en.ago(12 * 60), '12 min ago')
    assert.equal(en.ago(86_400 * 3 + 5_000), '3 days ago')
    assert.equal(ja.ago(12 * 60), '12分前')
  })
})

describe('an instant in words', () => {
  it('is absolute and names its zone', () => {
    const at = new Date('2026-11-24T04:48:07Z')
    assert.equal(en.instant(at), '24 November 2026, 04:48 UTC')
    assert.equal(ja.instant(at), '2026年11月24日 4:48 UTC')
    assert.equal(en.day(at), '24 November 2026')
  })
})
