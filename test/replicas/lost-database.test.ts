import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startPostgres } from '../support/postgres.ts'
import { startCluster } from './cluster.ts'
import { eventually } from './eventually.ts'
import { assertRecorded, openConsoles } from './opening-load.ts'

/** What a person waits before a page says what is the matter. */
const patienceMilliseconds = 15_000
const path = '/go/playground/PowerUser'

describe('a PostgreSQL that goes away and comes back', () => {
  it('opens nothing meanwhile, tells visitors so, and needs no restart afterwards', async (t) => {
    const postgres = await startPostgres()
    t.after(() => postgres.stop())
    const cluster = await startCluster(t, { store: await postgres.createDatabase() })
    const replica = await cluster.start()
    cluster.balancer.to(replica.origin)
    const bob = await cluster.signedIn('bob')
    const before = await openConsoles({ visitors: [bob], count: 3, lanes: 1 })
    const readiness = () => fetch(`${replica.origin}/readyz`)
    const stsCalls = () => cluster.aws.requests.filter(({ at }) => at === 'sts').length

    // One opening is with AWS when the store goes: its outcome cannot be written any more.
    cluster.aws.faults.set('sts', { kind: 'delay', milliseconds: 1_000 })
    const underWay = bob.open(path, { follow: false })
    await eventually('the opening is with AWS', () => stsCalls() === 4)
    await postgres.kill()

    const thrownAway = await underWay
    assert.equal(thrownAway.status, 503)
    assert.equal(thrownAway.headers.location, undefined)
    cluster.aws.faults.clear()
    const notReady = await readiness()
    assert.equal(notReady.status, 503)
    assert.match(await notReady.text(), /"store":"unreachable"/)
    assert.equal((await fetch(`${replica.origin}/healthz`)).status, 200)

    for (const address of ['/', path, '/sign-in/company/callback?state=x&code=y']) {
      const start = performance.now()
      const page = await bob.open(address, { follow: false })
      assert.equal(page.status, 503, address)
      assert.match(page.headers['content-type'] ?? '', /^text\/html/)
      assert.match(page.body, /<h1>/)
      assert.ok(performance.now() - start < patienceMilliseconds, address)
    }
    assert.equal(stsCalls(), 4, 'AWS was asked although nothing could be recorded')
    const stranger = await cluster.visitor().open('/sign-in/company', { follow: false })
    assert.equal(stranger.status, 303, 'a stranger needs no store to begin')

    await postgres.restart()
    await eventually('the replica is ready again', async () => (await readiness()).ok)
    assert.equal((await bob.open('/', { follow: false })).status, 200)
    assert.equal((await bob.open(path, { follow: false })).status, 303)
    const trail = await cluster.trail()
    assertRecorded(trail, before)
    assert.deepEqual(
      trail.slice(-3).map(({ type }) => type),
      ['console.opening', 'console.opening', 'console.opened'],
    )
    assert.match((await cluster.verifyTrail()).stdout, /^intact/)
  })
})
