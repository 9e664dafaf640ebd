import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Problem } from '#domain/problem.ts'
import { contactLink } from '#plugins/contact-link.ts'
import { problemView } from '#plugins/problem-view.ts'
import { wordsFor } from '../../src/words/words.ts'
import { sampleNow, sampleVisitor } from '../support/sample-roles.ts'

const operatorNote = {
  finding: 'trust-policy-refuses',
  callerArn: 'arn:aws:iam::111122229999:role/broker',
  roleArn: null,
  message: null,
  trustPolicy: '{}',
}

function viewOf(problem: Problem, visitor: ReturnType<typeof sampleVisitor> | null) {
  return problemView(wordsFor('en'), problem, {
    requestId: '01K7-Q4MZ',
    now: sampleNow,
    visitor,
    contact: 'platform@example.com',
  })
}

describe('the page of a problem', () => {
  it('gives request id, time and whom to ask, with the id in the mail', () => {
    const view = viewOf(new Problem('aws-busy'), sampleVisitor())
    assert.deepEqual([view.requestId, view.at], ['01K7-Q4MZ', '2026-11-24T04:48:07.000Z'])
    assert.equal(view.contact?.href, 'mailto:platform@example.com?subject=01K7-Q4MZ')
  })

  it('explains a refusal of AWS to operators and to nobody else', () => {
    const problem = new Problem('aws-refused', { operatorNote })
    const may = { givePasses: true, readAudit: true, operate: false }
    assert.match(viewOf(problem, sampleVisitor()).operator?.explanation ?? '', /trust policy/)
    assert.equal(viewOf(problem, sampleVisitor({ may })).operator, null)
    assert.equal(viewOf(problem, null).operator, null)
  })

  it('says how long to wait where that is known', () => {
    const view = viewOf(new Problem('too-many-requests', { retryAfterSeconds: 30 }), null)
    assert.equal(view.steps.at(-1), 'Try again in 30 seconds.')
  })

  it('offers a stranger to sign in, and everybody else their roles', () => {
    assert.equal(viewOf(new Problem('not-found'), null).way.text, 'Sign in')
    assert.equal(viewOf(new Problem('not-found'), sampleVisitor()).way.text, 'Back to my roles')
  })

  it('offers to try again only where that can help', () => {
    assert.equal(viewOf(new Problem('aws-unavailable'), null).mayTryAgain, true)
    assert.equal(viewOf(new Problem('access-denied'), null).mayTryAgain, false)
  })
})

describe('a contact', () => {
  it('is written to, visited, or only read', () => {
    assert.equal(contactLink('help@example.com', null)?.href, 'mailto:help@example.com')
    assert.equal(contactLink('https://wiki.example.com', null)?.href, 'https://wiki.example.com')
    assert.equal(contactLink('the platform team', null)?.href, null)
    assert.equal(contactLink('javascript:alert(1)', null)?.href, null)
    assert.equal(contactLink(' ', null), null)
  })
})
