import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chooseLanguage } from '../../src/words/language-choice.ts'

describe('the language of a visitor', () => {
  for (const [cookie, header, expected, why] of [
    ['ja', 'en', 'ja', 'their own choice wins'],
    ['fr', 'ja', 'ja', 'a choice that we do not have is none'],
    [undefined, 'ja-JP,ja;q=0.9,en;q=0.8', 'ja', 'the browser prefers Japanese'],
    [undefined, 'en;q=0.8, ja;q=0.9', 'ja', 'weights count, not order'],
    [undefined, 'fr-FR, de;q=0.9', 'en', 'English where nothing fits'],
    [undefined, 'ja;q=0, en', 'en', 'a weight of zero refuses'],
    [undefined, 'ja;q=2', 'ja', 'a weight that is none counts as one'],
    [undefined, undefined, 'en', 'nobody said anything'],
    [undefined, ';;;,,,=', 'en', 'noise is no wish'],
  ] as const) {
    it(`is ${expected} for ${cookie ?? '-'} and ${header ?? '-'}: ${why}`, () => {
      assert.equal(chooseLanguage(cookie, header), expected)
    })
  }
})
