import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { awsFindings } from '#domain/aws-refusal.ts'
import { problemCodes } from '#domain/problem.ts'
import { accountNumber } from '../../src/words/account-number.ts'
import { wordsFor } from '../../src/words/words.ts'

const en = wordsFor('en')
const ja = wordsFor('ja')
const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u
/** The rules of the house: no begging, no cheering, no blame. */
const unwanted = /\b(please|oops|sorry|successfully)\b|!|！|様/i

const textsOf = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

describe('the words of a problem', () => {
  for (const code of problemCodes) {
    it(`say what ${code} is and what to do, in both languages`, () => {
      for (const words of [en, ja]) {
        const { title, what, steps } = words.problem(code)
        assert.ok(title !== '' && what !== '' && steps.length > 0)
        assert.doesNotMatch([title, what, ...steps].join(' '), unwanted)
      }
      for (const text of textsOf(ja.problem(code))) assert.match(text, japanese)
      for (const text of textsOf(en.problem(code))) assert.doesNotMatch(text, japanese)
    })
  }

  it('name the host that a refused link leads to, and why it was refused', () => {
    const { what } = en.problem('destination-refused', { host: 'evil.example', why: 'other-site' })
    assert.match(what, /evil\.example/)
    assert.match(what, /outside the AWS console/)
  })

  it('say from when and until when access counts', () => {
    const startsAt = '2026-12-01T00:00:00Z'
    assert.match(en.problem('access-not-yet', { startsAt }).what, /1 December 2026, 00:00 UTC/)
    assert.match(ja.problem('access-not-yet', { startsAt }).what, /2026年12月1日 0:00 UTC/)
  })

  it('get along without facts, or with facts that are none', () => {
    assert.doesNotMatch(en.problem('access-ended', { endedAt: 'soon' }).what, /Invalid|1970/)
    assert.doesNotMatch(en.problem('invalid-request').what, /null|undefined/)
  })
})

describe('the explanations for operators', () => {
  it('cover every refusal of AWS that is told apart, in both languages', () => {
    for (const finding of awsFindings) {
      assert.notEqual(en.finding(finding), en.finding('no-such-finding'), finding)
      assert.match(ja.finding(finding), japanese)
    }
  })

  it('admit it where a finding is new', () => {
    assert.match(en.finding('constructor'), /no explanation/)
    assert.match(ja.finding('no-such-finding'), japanese)
  })
})

describe('the Japanese words', () => {
  it('leave no English behind where English has words', () => {
    const { pageHint: _, ...tile } = ja.portal.tile
    const pages = [ja.frame, ja.signIn, ja.signedOut, ja.confirm, ja.roleNotHeld, ja.problemPage]
    const exempt = new Set([ja.frame.otherLanguage])
    for (const text of [...pages, { ...ja.portal, tile }].flatMap(textsOf)) {
      if (!exempt.has(text)) assert.match(text, japanese, text)
    }
  })

  it('keep to the manners of the house', () => {
    for (const words of [en, ja]) {
      for (const text of textsOf(words)) assert.doesNotMatch(text, unwanted)
    }
  })
})

describe('a place', () => {
  it('is named account first, then environment, then role', () => {
    assert.equal(
      en.place('Payments', 'Production', 'ReadOnly'),
      'Payments, Production\u00a0/ ReadOnly',
    )
    assert.equal(ja.place('Payments', null, 'ReadOnly'), 'Payments\u00a0/ ReadOnly')
  })

  it('shows its number in groups of four', () => {
    assert.equal(accountNumber('111122220101'), '1111-2222-0101')
  })
})
