import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StoredSession } from '#ports'
import { hostileText, hostileTextStored, inParallel } from './storage-under-test.ts'
import { later, noon, openOn, openTwice } from './storage-under-test.ts'
import type { DatabaseUnderTest } from './storage-under-test.ts'

const ada = 'company https://login.example ada'

function session(more: Partial<StoredSession> = {}): StoredSession {
  const usual = { data: '{"a":1}', principalKey: ada, providerSession: 'company s-1' }
  return { ...usual, expiresAt: later(3600), ...more }
}

/** What every session store promises, whichever database keeps it. */
export function itKeepsBrowserSessions(database: DatabaseUnderTest): void {
  describe(`browser sessions kept in ${database.name}`, () => {
    it('gives a session back as it was written last, to every replica', async (t) => {
      const [one, other] = await openTwice(t, database)
      assert.equal(await one.sessions.write('id', session(), noon), true)
      const rewritten = session({ data: '{"a":2}', principalKey: null, providerSession: null })
      assert.equal(await other.sessions.write('id', rewritten, noon), true)
      assert.deepEqual(await one.sessions.read('id', noon), rewritten)
      assert.equal(await one.sessions.read('another', noon), null)
    })

    it('forgets a session at the millisecond it expires', async (t) => {
      const { sessions } = await openOn(t, await database.create(t))
      await sessions.write('id', session({ expiresAt: later(60) }), noon)
      assert.notEqual(await sessions.read('id', later(59.999)), null)
      assert.equal(await sessions.read('id', later(60)), null)
    })

    it('lets no request in flight undo a sign-out', async (t) => {
      const [one, other] = await openTwice(t, database)
      await one.sessions.write('id', session(), noon)
      await one.sessions.end('id', noon)
      assert.equal(await one.sessions.read('id', noon), null)
      assert.equal(await other.sessions.write('id', session(), noon), false)
      assert.equal(await other.sessions.read('id', noon), null)
    })

    it('stays signed out when fifty writes race with the sign-out', async (t) => {
      const [one, other] = await openTwice(t, database)
      await one.sessions.write('id', session(), noon)
      await Promise.all([
        inParallel(25, [one, other], ({ sessions }) => sessions.write('id', session(), noon)),
        other.sessions.end('id', noon),
        inParallel(25, [one, other], ({ sessions }) => sessions.write('id', session(), noon)),
      ])
      assert.equal(await one.sessions.write('id', session(), noon), false)
      assert.equal(await one.sessions.read('id', noon), null)
    })

    it('keeps the tombstone until the session would have expired, and for a request’s time more', async (t) => {
      const storage = await openOn(t, await database.create(t))
      await storage.sessions.write('id', session({ expiresAt: later(60) }), noon)
      await storage.sessions.end('id', noon)
      assert.equal(await storage.prune(later(120)), 0)
      assert.equal(await storage.sessions.write('id', session(), later(120)), false)
      assert.equal(await storage.prune(later(3600)), 1)
    })

    it('ends all sessions of one person and counts them, and nobody else’s', async (t) => {
      const [one, other] = await openTwice(t, database)
      await one.sessions.write('laptop', session(), noon)
      await one.sessions.write('phone', session(), noon)
      await one.sessions.write('expired', session({ expiresAt: later(-1) }), noon)
      await one.sessions.write('grace', session({ principalKey: `${ada}2` }), noon)
      await one.sessions.write('stranger', session({ principalKey: null }), noon)
      assert.equal(await other.sessions.endOfPrincipal(ada, noon), 2)
      assert.equal(await one.sessions.read('laptop', noon), null)
      assert.equal(await one.sessions.write('phone', session(), noon), false)
      assert.notEqual(await one.sessions.read('grace', noon), null)
      assert.notEqual(await one.sessions.read('stranger', noon), null)
      assert.equal(await one.sessions.endOfPrincipal(ada, noon), 0)
    })

    it('ends the sessions of one session at the provider', async (t) => {
      const { sessions } = await openOn(t, await database.create(t))
      await sessions.write('one', session(), noon)
      await sessions.write('two', session({ providerSession: 'partners s-1' }), noon)
      assert.equal(await sessions.endOfProviderSession('company s-1', noon), 1)
      assert.equal(await sessions.read('one', noon), null)
      assert.notEqual(await sessions.read('two', noon), null)
    })

    it('lets nobody extend a session that had just expired when its person was signed out', async (t) => {
      const { sessions } = await openOn(t, await database.create(t))
      await sessions.write('id', session({ expiresAt: later(-1) }), noon)
      await sessions.endOfPrincipal(ada, noon)
      assert.equal(await sessions.write('id', session(), noon), false)
    })

    it('holds no id that would let a reader of the database in, and nothing of ended sessions', async (t) => {
      const url = await database.create(t)
      const { sessions } = await openOn(t, url)
      await sessions.write('secret-id', session(), noon)
      await sessions.end('secret-id', noon)
      const rows = await database.raw(url, 'SELECT * FROM browser_session')
      assert.equal(rows.length, 1)
      assert.doesNotMatch(JSON.stringify(rows), /secret-id|"a":1|ada|s-1/)
    })

    it('stores nothing for reading or ending what is not there', async (t) => {
      const url = await database.create(t)
      const { sessions } = await openOn(t, url)
      await sessions.read('unknown', noon)
      await sessions.end('unknown', noon)
      assert.deepEqual(await database.raw(url, 'SELECT * FROM browser_session'), [])
    })

    it('removes expired sessions and says how many', async (t) => {
      const storage = await openOn(t, await database.create(t))
      await storage.sessions.write('old', session({ expiresAt: later(10) }), noon)
      await storage.sessions.write('new', session({ expiresAt: later(20) }), noon)
      assert.equal(await storage.prune(later(10)), 1)
      assert.notEqual(await storage.sessions.read('new', later(10)), null)
    })

    it('takes any text, however long, and gives NUL back as U+FFFD', async (t) => {
      const { sessions } = await openOn(t, await database.create(t))
      const long = { principalKey: 'p'.repeat(10_000), providerSession: 's'.repeat(10_000) }
      await sessions.write(hostileText, session({ data: hostileText, ...long }), noon)
      assert.equal((await sessions.read(hostileText, noon))?.data, hostileTextStored)
      assert.equal(await sessions.endOfProviderSession(long.providerSession, noon), 1)
    })
  })
}
