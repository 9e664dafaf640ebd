import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startBroker } from '../support/broker.ts'
import { give, open, redeem, type PassFields } from '../support/guest-walk.ts'
import { policyText } from '../support/policy-text.ts'
import type { TestVisitor } from '../support/test-visitor.ts'

/** Given on 25 November at 09:00, until the 27th ends; `longest` is 14 days. */
const extend = (sponsor: TestVisitor, id: string, fields: PassFields = {}) =>
  sponsor.submit(`/passes/${id}/extend`, {
    until: '2026-12-05T18:00',
    zone: 'Asia/Tokyo',
    openings: '3',
    ...fields,
  })

const faultIn = (body: string) => /id="x-[a-z]+-fault" role="alert">([^<]+)</.exec(body)?.[1]

describe('a pass that is prolonged', () => {
  it('opens by the same link until its new end, and the trail says what it was before', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const given = await give(ada)
    await open(broker.visitor(), given)
    assert.equal((await redeem(broker.visitor(), given)).statusCode, 404, 'used up')
    assert.equal((await extend(ada, given.id)).headers.location, `/passes/${given.id}`)
    broker.advance(9 * 86_400)
    await broker.signedIn('ada')
    assert.equal((await open(broker.visitor(), given)).statusCode, 303)
    assert.deepEqual(
      (await broker.storage.passes.byId(given.id))?.until,
      new Date('2026-12-05T09:00Z'),
    )
    const report = await (await broker.signedIn('ada')).visit(`/passes/${given.id}`)
    assert.match(report.body, /End moved.*5 December 2026, 09:00 UTC/s)
    const [, record] = (await broker.recorded()).filter(({ type }) => type === 'pass.given')
    assert.equal(record?.actor.name, 'ada@example.com')
    assert.equal(record.reason, 'platform team')
    const { prolonged, until, untilBefore, openings, openingsBefore } = record.details
    assert.deepEqual(
      { prolonged, until, untilBefore, openings, openingsBefore },
      {
        prolonged: true,
        until: '2026-12-05T09:00:00.000Z',
        untilBefore: '2026-11-28T00:00:00.000Z',
        openings: 3,
        openingsBefore: 1,
      },
    )
  })

  it('keeps the openings that it was used for', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const given = await give(ada, { openings: '3' })
    await open(broker.visitor(), given)
    await open(broker.visitor(), given)
    const fewer = await extend(ada, given.id, { openings: '1' })
    assert.equal(fewer.statusCode, 400)
    assert.match(faultIn(fewer.body) ?? '', /used 2 times already/)
  })

  it('that ended in the same moment is not prolonged, and the trail says so last', async (t) => {
    const broker = await startBroker(t, {
      wrapStorage: (storage) => ({
        ...storage,
        passes: { ...storage.passes, extend: () => Promise.resolve(false) },
      }),
    })
    const ada = await broker.signedIn('ada')
    const { id } = await give(ada)
    assert.equal((await extend(ada, id)).statusCode, 400)
    const about = (await broker.recorded()).filter(({ details }) => details['pass'] === id)
    assert.deepEqual(about.map(({ type, reason }) => [type, reason]).at(-1), [
      'pass.refused',
      'ended',
    ])
  })

  it('does not grow beyond the longest pass, counted from its start, bit by bit neither', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const { id } = await give(ada)
    assert.equal((await extend(ada, id, { until: '2026-12-08' })).statusCode, 303)
    broker.advance(5 * 86_400)
    const again = await extend(await broker.signedIn('ada'), id, { until: '2026-12-10' })
    assert.equal(again.statusCode, 400)
    assert.match(faultIn(again.body) ?? '', /at most 14 days/)
    assert.match(again.body, /value="2026-12-10"/)
  })

  it('lasts no longer than its sponsor’s own access, and not at all where that is gone', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const { id } = await give(ada)
    const assignment = (until: string) =>
      policyText({
        assignments: `
  - { name: platform team, groups: [platform], accounts: ["*"], permissionSets: [Viewer]${until} }`,
      })
    await broker.takeOver(assignment(', until: 2026-12-01'))
    assert.match(faultIn((await extend(ada, id)).body) ?? '', /only until 2 December 2026, 00:00/)
    await broker.takeOver(
      policyText({
        denials: `
  - { name: on leave, users: ["company:u-ada"] }`,
      }),
    )
    assert.match(faultIn((await extend(ada, id)).body) ?? '', /may open yourself/)
    assert.deepEqual((await broker.storage.passes.byId(id))?.until, new Date('2026-11-28T00:00Z'))
  })

  it('has not ended before: what is over or revoked, or asked for in vain, stays as it is', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const [revoked, over] = [await give(ada), await give(ada, { until: '2026-11-25T10:00' })]
    for (const wrong of [{ until: 'soon' }, { zone: 'Nowhere' }, { openings: '0' }]) {
      assert.equal((await extend(ada, over.id, wrong)).statusCode, 400, JSON.stringify(wrong))
    }
    await ada.submit(`/passes/${revoked.id}/revoke`, {})
    broker.advance(2 * 86_400)
    for (const { id } of [revoked, over]) {
      assert.equal((await extend(await broker.signedIn('ada'), id)).statusCode, 400)
      const report = await (await broker.signedIn('ada')).visit(`/passes/${id}`)
      assert.doesNotMatch(report.body, /\/extend"/)
    }
  })

  it('is so by its own sponsor alone: operators end passes, but give nobody’s', async (t) => {
    const both = '{ groups: [platform, security] }'
    const configText = policyText({ operators: both, audit: `{ readers: ${both} }` })
    const broker = await startBroker(t, { configText })
    const { id } = await give(await broker.signedIn('ada'))
    for (const person of ['sam', 'grace']) {
      const visitor = await broker.signedIn(person)
      assert.equal((await extend(visitor, id)).statusCode, 404)
      assert.equal((await broker.recorded()).at(-1)?.reason, 'not-the-sponsor')
    }
    assert.doesNotMatch(
      (await (await broker.signedIn('sam')).visit(`/passes/${id}`)).body,
      /extend"/,
    )
    assert.deepEqual((await broker.storage.passes.byId(id))?.until, new Date('2026-11-28T00:00Z'))
  })
})
