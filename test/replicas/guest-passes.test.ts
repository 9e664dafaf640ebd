/** Guest passes through two brokers on one PostgreSQL: what is once is once, what ends has ended. */
import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { openStorage } from '#adapters/storage/open-storage.ts'
import type { Storage } from '#ports'
import { startBroker, type TestBroker } from '../support/broker.ts'
import { give, goOn, open, redeem, type GivenForTest } from '../support/guest-walk.ts'
import { startPostgres, type Postgres } from '../support/postgres.ts'

let postgres: Postgres
before(async () => {
  postgres = await startPostgres()
})
after(() => postgres.stop())

interface TwoBrokers {
  readonly one: TestBroker
  readonly other: TestBroker
  readonly storage: Storage
  readonly opened: () => number
}

async function startTwo(t: TestContext): Promise<TwoBrokers> {
  const url = await postgres.createDatabase()
  const clock = () => new Date('2026-11-25T09:00:00Z')
  const start = async () => {
    const storage = await openStorage(url, { clock })
    const broker = await startBroker(t, { wrapStorage: () => storage })
    t.after(() => storage.close())
    return { broker, storage }
  }
  const { broker: one, storage } = await start()
  const { broker: other } = await start()
  return { one, other, storage, opened: () => one.opened.length + other.opened.length }
}

const bound = { kind: 'email', email: 'mei@acme.example' }
const wrongPin = ({ pin }: GivenForTest) => (pin === '000000' ? '000001' : '000000')

describe('a pass known to two replicas', () => {
  it('for one opening opens exactly one console under fifty redemptions at once', async (t) => {
    const { one, other, storage, opened } = await startTwo(t)
    const given = await give(await one.signedIn('ada'), bound)
    const mei = await one.signedIn('mei', 'partners')
    const onOther = other.visitor()
    for (const [name, value] of mei.cookies) onOther.cookies.set(name, value)
    const ready = []
    for (let window = 0; window < 50; window += 1) ready.push(await redeem(mei, given))
    const answers = await Promise.all(
      ready.map((page, index) => goOn(index % 2 === 0 ? mei : onOther, page)),
    )
    assert.equal(opened(), 1)
    assert.equal(answers.filter(({ statusCode }) => statusCode === 303).length, 1)
    assert.equal((await storage.passes.byId(given.id))?.openingsUsed, 1)
  })

  it('is locked for both after five wrong PINs, however many come at once to whichever', async (t) => {
    const { one, other, storage, opened } = await startTwo(t)
    const given = await give(await one.signedIn('ada'))
    const guess = { ...given, pin: wrongPin(given) }
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        redeem((index % 2 === 0 ? one : other).visitor(), guess),
      ),
    )
    const { records } = await storage.trail.search({ type: 'pass.refused' }, 100)
    assert.equal(records.filter(({ reason }) => reason === 'wrong-pin').length, 5)
    for (const broker of [one, other]) {
      assert.match((await redeem(broker.visitor(), given)).body, /This pass is locked/)
    }
    assert.equal(opened(), 0)
  })

  it('is over for both at once when one revokes it, and so is the guest’s session', async (t) => {
    const { one, other, opened } = await startTwo(t)
    const given = await give(await one.signedIn('ada'), { ...bound, openings: '5' })
    const mei = await other.signedIn('mei', 'partners')
    await open(mei, given)
    const ready = await redeem(mei, given)
    const ada = await one.signedIn('ada')
    await ada.submit(`/passes/${given.id}/revoke`, {})
    assert.notEqual((await goOn(mei, ready)).statusCode, 200)
    assert.equal((await mei.visit('/portal/acme')).statusCode, 303)
    assert.equal(opened(), 1)
  })
})

describe('a person known to two replicas', () => {
  it('is signed out of both when an operator ends their sessions at one', async (t) => {
    const { one, other } = await startTwo(t)
    const atOne = await one.signedIn('mei', 'partners')
    const atOther = await other.signedIn('mei', 'partners')
    const key = 'partners https://login.acme.example u-mei'
    await (await one.signedIn('ada')).submit('/audit/person/sign-out', { key })
    for (const mei of [atOne, atOther]) {
      assert.equal((await mei.visit('/portal/acme')).statusCode, 303)
    }
  })
})
