import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { judgeNavigation, type NavigationJudgement } from '#domain/navigation.ts'

const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

const table: readonly [string, Record<string, string>, NavigationJudgement][] = [
  ['a typed address or bookmark', { ...navigation, 'sec-fetch-site': 'none' }, 'own'],
  ['a click on a page of ours', { ...navigation, 'sec-fetch-site': 'same-origin' }, 'own'],
  ['a link on another site', { ...navigation, 'sec-fetch-site': 'cross-site' }, 'ask'],
  ['a link on a sibling subdomain', { ...navigation, 'sec-fetch-site': 'same-site' }, 'ask'],
  ['a navigation that does not say from where', navigation, 'ask'],
  ['a browser that sends no Fetch Metadata', {}, 'ask'],
  ['a site without a mode', { 'sec-fetch-site': 'none' }, 'ask'],
  [
    'an image',
    { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image', 'sec-fetch-site': 'same-origin' },
    'embedded',
  ],
  [
    'a frame',
    { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'same-origin' },
    'embedded',
  ],
  ['a script', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }, 'embedded'],
  [
    'a fetch of a page of ours',
    { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' },
    'embedded',
  ],
  [
    'an object',
    { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'object', 'sec-fetch-site': 'none' },
    'embedded',
  ],
  [
    'a prefetch',
    { ...navigation, 'sec-fetch-site': 'none', 'sec-purpose': 'prefetch' },
    'prefetch',
  ],
  [
    'a prerender',
    { ...navigation, 'sec-fetch-site': 'none', 'sec-purpose': 'prefetch;prerender' },
    'prefetch',
  ],
  [
    'an older prefetch',
    { ...navigation, 'sec-fetch-site': 'none', purpose: 'prefetch' },
    'prefetch',
  ],
  ['a Firefox prefetch', { 'x-moz': 'prefetch' }, 'prefetch'],
]

describe('the rule of safe links', () => {
  for (const [what, headers, judgement] of table) {
    it(`takes ${what} for "${judgement}"`, () => {
      assert.equal(judgeNavigation(headers), judgement)
    })
  }
})
