import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { DurationMemory, type DurationQuestion } from '#adapters/aws/duration-memory.ts'

const question: DurationQuestion = {
  mode: 'auto',
  source: 'http, temporary',
  roleArn: 'arn:aws:iam::111122223333:role/viewer',
  wantedSeconds: 28_800,
}

function startMemory() {
  let now = new Date(0)
  return {
    memory: new DurationMemory(() => now),
    letPass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000)
    },
  }
}

describe('what is remembered of durations', () => {
  it('begins with hope: SessionDuration is sent, with credentials of an hour', () => {
    const { memory } = startMemory()
    assert.deepEqual(memory.plan(question), { credentialSeconds: 3600, sessionDuration: 28_800 })
    assert.equal(memory.longestSeconds({ ...question, source: null }), 28_800)
  })

  it('is kept by source: what one refuses, another one may take', () => {
    const { memory } = startMemory()
    memory.learn('http, temporary', false)
    assert.equal(memory.plan(question).sessionDuration, null)
    assert.equal(memory.plan({ ...question, source: 'imds, temporary' }).sessionDuration, 28_800)
  })

  it('is forgotten after an hour where it was a refusal, so that a changed set-up is noticed', () => {
    const { memory, letPass } = startMemory()
    memory.learn('http, temporary', false)
    memory.noteOverChainingCap('http, temporary')
    memory.noteOverRoleMaximum(question.roleArn)
    const never: DurationQuestion = { ...question, mode: 'never' }
    assert.equal(memory.longestSeconds(never), 3600)

    letPass(3601)
    assert.equal(memory.verdict('http, temporary'), 'unknown')
    assert.equal(memory.longestSeconds(never), 28_800)
  })

  it('is not overturned by one refusal after good answers: the endpoint has its whims', () => {
    const { memory } = startMemory()
    assert.equal(memory.learn('http, temporary', true), true)
    memory.learn('http, temporary', false)
    assert.equal(memory.verdict('http, temporary'), 'unknown')
    memory.learn('http, temporary', false)
    assert.equal(memory.verdict('http, temporary'), 'refused')
  })

  it('promises an hour after a refusal, and more once long credentials were given', () => {
    const { memory } = startMemory()
    memory.learn('http, temporary', false)
    assert.equal(memory.longestSeconds(question), 3600)
    memory.noteGiven('http, temporary', 28_800)
    assert.equal(memory.longestSeconds(question), 28_800)
  })

  it('never plans what AWS would refuse outright, however short or long the wish', () => {
    const { memory } = startMemory()
    assert.deepEqual(memory.plan({ ...question, wantedSeconds: 1 }), {
      credentialSeconds: 900,
      sessionDuration: 900,
    })
    const never: DurationQuestion = { ...question, mode: 'never', wantedSeconds: 100_000 }
    assert.deepEqual(memory.plan(never), { credentialSeconds: 43_200, sessionDuration: null })
  })
})
