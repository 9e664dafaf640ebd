import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { Problem } from '#domain/problem.ts'
import { breakableTrail } from '../support/breakable-trail.ts'
import { startBroker } from '../support/broker.ts'
import { give, goOn, noteIn, open, passEvents, redeem } from '../support/guest-walk.ts'

describe('a one-use pass', () => {
  it('opens exactly one console under fifty redemptions at once', async (t) => {
    const broker = await startBroker(t)
    const bound = { kind: 'email', email: 'mei@acme.example' }
    const given = await give(await broker.signedIn('ada'), bound)
    const mei = await broker.signedIn('mei', 'partners')
    const ready: LightMyRequestResponse[] = []
    for (let window = 0; window < 50; window += 1) ready.push(await redeem(mei, given))
    const answers = await Promise.all(ready.map((page) => goOn(mei, page)))
    assert.equal(broker.opened.length, 1)
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode).sort((a, b) => a - b),
      [303, ...Array.from({ length: 49 }, () => 404)],
    )
  })

  it('is neither opened twice nor locked by fifty forms at once with the right PIN', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const guest = broker.visitor()
        const ready = await redeem(guest, given)
        return ready.statusCode === 200 ? goOn(guest, ready) : ready
      }),
    )
    assert.equal(broker.opened.length, 1)
    assert.equal(answers.filter(({ statusCode }) => statusCode === 303).length, 1)
    assert.equal((await broker.storage.passes.byId(given.id))?.wrongPins, 0)
  })

  it('is still good after everything that only looks at it', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    const agents = ['Slackbot-LinkExpanding 1.0', 'Mozilla/5.0 Outlook-Safelinks', 'curl/8.5.0']
    for (const agent of agents) {
      for (const method of ['GET', 'HEAD'] as const) {
        const headers = { 'user-agent': agent, 'sec-purpose': 'prefetch' }
        await broker.visitor().visit(given.path, { method, headers })
        await broker.visitor().visit(`${given.path}/open`, { method, headers })
        await broker.visitor().visit(`${given.path}/open?continue=1`, { method })
      }
    }
    assert.deepEqual(broker.opened, [])
    assert.equal((await open(broker.visitor(), given)).statusCode, 303)
  })

  it('counts once where the page goes on by itself and the button is pressed too', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'), { openings: '3' })
    const guest = broker.visitor()
    const ready = await redeem(guest, given)
    const answers = [await goOn(guest, ready), await goOn(guest, ready)]
    assert.equal(broker.opened.length, 1)
    assert.equal(answers[1]?.headers.location, given.path)
    assert.equal((await broker.storage.passes.byId(given.id))?.openingsUsed, 1)
  })

  it('is given back where AWS refused', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    broker.answerOpeningsWith(() => Promise.reject(new Problem('aws-unavailable')))
    assert.equal((await open(broker.visitor(), given)).statusCode, 502)
    assert.equal((await broker.storage.passes.byId(given.id))?.openingsUsed, 0)
  })

  it('is given back, and opens nothing, where the trail cannot be written', async (t) => {
    const trail = breakableTrail()
    const broker = await startBroker(t, { wrapStorage: trail.wrapStorage })
    const given = await give(await broker.signedIn('ada'))
    const ready = await redeem(broker.visitor(), given)
    trail.break()
    assert.equal((await goOn(broker.visitor(), ready)).statusCode, 503)
    assert.deepEqual(broker.opened, [])
    assert.equal((await broker.storage.passes.byId(given.id))?.openingsUsed, 0)
  })
})

describe('guessing', () => {
  it('locks a pass after five wrong PINs, for the right one too', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    const wrong = { ...given, pin: given.pin === '000000' ? '000001' : '000000' }
    const guest = broker.visitor()
    for (let left = 4; left > 0; left -= 1) {
      const answer = await redeem(guest, wrong)
      assert.equal(answer.statusCode, 403)
      assert.match(noteIn(answer.body) ?? '', new RegExp(`${left} (?:try|tries) left`))
    }
    assert.match((await redeem(guest, wrong)).body, /This pass is locked/)
    assert.match((await redeem(guest, given)).body, /This pass is locked/)
    assert.deepEqual(broker.opened, [])
  })

  it('looks at five of fifty guesses that all came before one was counted', async (t) => {
    let waiting = 0
    const allHere = Promise.withResolvers<void>()
    const broker = await startBroker(t, {
      wrapStorage: (storage) => ({
        ...storage,
        passes: {
          ...storage.passes,
          async byTokenHash(hash) {
            const found = await storage.passes.byTokenHash(hash)
            waiting += 1
            if (waiting === 50) allHere.resolve()
            await allHere.promise
            return found
          },
        },
      }),
    })
    const given = await give(await broker.signedIn('ada'))
    const wrong = { ...given, pin: given.pin === '000000' ? '000001' : '000000' }
    await Promise.all(Array.from({ length: 50 }, () => redeem(broker.visitor(), wrong)))
    const events = await passEvents(broker)
    assert.equal(events.filter((event) => event === 'pass.refused wrong-pin').length, 5)
    assert.equal(events.filter((event) => event === 'pass.refused too-many-tries').length, 45)
    assert.equal((await broker.storage.passes.byId(given.id))?.wrongPins, 5)
  })

  it('does not count what is no PIN at all', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    for (const pin of ['', '12345', 'abcdef']) {
      assert.equal((await redeem(broker.visitor(), { ...given, pin })).statusCode, 400)
    }
    assert.equal((await broker.storage.passes.byId(given.id))?.wrongPins, 0)
  })

  it('is slowed down by address, and by pass', async (t) => {
    const broker = await startBroker(t, { limits: { attemptsPerMinute: 3 } })
    const given = await give(await broker.signedIn('ada'))
    const statuses = []
    for (let request = 0; request < 4; request += 1) {
      statuses.push((await broker.visitor().visit(given.path)).statusCode)
    }
    assert.deepEqual(statuses, [200, 200, 200, 429])
  })

  it('learns nothing from an unknown, used, ended or revoked link', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const used = await give(ada)
    const revoked = await give(ada)
    const ended = await give(ada, { until: '2026-11-25T10:00' })
    await open(broker.visitor(), used)
    await ada.submit(`/passes/${revoked.id}/revoke`, {})
    broker.advance(3_600)
    const unknown = { ...used, path: `/pass/${'A'.repeat(43)}` }

    const bodies = new Set<string>()
    for (const pass of [unknown, used, ended, revoked]) {
      for (const answer of [await broker.visitor().visit(pass.path), await redeem(ada, pass)]) {
        assert.equal(answer.statusCode, 404)
        const page = /<main.*<\/main>/s.exec(answer.body)?.[0] ?? ''
        bodies.add(
          page.replace(/<code>[0-9A-Z-]{19}<\/code>/, '').replace(/Sign in|Back to my roles/, ''),
        )
      }
    }
    assert.equal(bodies.size, 1)
  })
})
