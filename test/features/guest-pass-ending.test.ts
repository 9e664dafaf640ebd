import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Problem } from '#domain/problem.ts'
import { startBroker } from '../support/broker.ts'
import { give, goOn, open, redeem } from '../support/guest-walk.ts'
import { policyText } from '../support/policy-text.ts'
import { rowsIn } from '../support/trail-events.ts'

const bound = { kind: 'email', email: 'mei@acme.example' }

describe('ending a pass by hand', () => {
  it('signs a guest out who has used it up already, by the sponsor and by an operator alike', async (t) => {
    const operators = '{ groups: [security] }'
    const broker = await startBroker(t, { configText: policyText({ operators }) })
    for (const person of ['ada', 'sam']) {
      const given = await give(await broker.signedIn('ada'), bound)
      const mei = await broker.signedIn('mei', 'partners')
      await open(mei, given)
      const ending = await broker.signedIn(person)
      const report = await ending.visit(`/passes/${given.id}`)
      assert.match(report.body, /action="\/passes\/[0-9a-z]+\/revoke"/)
      await ending.submit(`/passes/${given.id}/revoke`, {})
      assert.equal((await mei.visit('/portal/acme')).statusCode, 303, person)
    }
  })

  it('is in the report, with who did it', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const given = await give(ada)
    await open(broker.visitor(), given)
    await ada.submit(`/passes/${given.id}/revoke`, {})
    const rows = rowsIn((await ada.visit(`/passes/${given.id}`)).body)
    assert.match(rows[0] ?? '', /Ended by hand.*ada@example\.com/s)
    assert.match(rows[1] ?? '', /Console opened/)
  })

  it('does when asked again what failed the first time', async (t) => {
    let isBroken = false
    const broker = await startBroker(t, {
      wrapStorage: (storage) => ({
        ...storage,
        sessions: {
          ...storage.sessions,
          endOfPrincipal: (key, now) =>
            isBroken
              ? Promise.reject(new Problem('store-unavailable'))
              : storage.sessions.endOfPrincipal(key, now),
        },
      }),
    })
    const ada = await broker.signedIn('ada')
    const given = await give(ada, { ...bound, openings: '2' })
    const mei = await broker.signedIn('mei', 'partners')
    await open(mei, given)
    isBroken = true
    assert.equal((await ada.submit(`/passes/${given.id}/revoke`, {})).statusCode, 503)
    assert.equal((await mei.visit(given.path)).statusCode, 404, 'the pass is gone at once')
    isBroken = false
    for (let press = 0; press < 3; press += 1) await ada.submit(`/passes/${given.id}/revoke`, {})
    assert.equal((await mei.visit('/portal/acme')).statusCode, 303)
    const ended = (await broker.recorded()).filter(({ type }) => type === 'pass.revoked')
    assert.equal(ended.length, 1)
    assert.equal(ended[0]?.details['sessionsEnded'], 1)
  })

  it('is over once it is recorded: pressed again later, it signs nobody out', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const given = await give(ada, { ...bound, openings: '2' })
    await open(await broker.signedIn('mei', 'partners'), given)
    await ada.submit(`/passes/${given.id}/revoke`, {})
    const back = await broker.signedIn('mei', 'partners')
    await ada.submit(`/passes/${given.id}/revoke`, {})
    assert.equal((await back.visit('/portal/acme')).statusCode, 200)
  })

  it('reaches a redemption that was past all checks but the last', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const given = await give(ada)
    const guest = broker.visitor()
    const ready = await redeem(guest, given)
    await ada.submit(`/passes/${given.id}/revoke`, {})
    assert.equal((await goOn(guest, ready)).statusCode, 404)
    assert.deepEqual(broker.opened, [])
  })

  it('cannot be done by others: the try is recorded, and tells them nothing', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    for (const person of ['grace', 'sam']) {
      const visitor = await broker.signedIn(person)
      const answer = await visitor.submit(`/passes/${given.id}/revoke`, {})
      assert.equal(answer.statusCode, 404)
      const refused = (await broker.recorded()).at(-1)
      assert.equal(refused?.type, 'pass.refused')
      assert.equal(refused.reason, 'not-the-sponsor')
      assert.equal(refused.details['pass'], given.id)
      assert.doesNotMatch((await visitor.visit('/history')).body, /Staging|Mei Lin/)
    }
    assert.equal((await open(broker.visitor(), given)).statusCode, 303)
  })
})
