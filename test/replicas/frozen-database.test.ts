import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startPostgres } from '../support/postgres.ts'
import { startCluster } from './cluster.ts'
import { eventually } from './eventually.ts'
import { assertRecorded, openConsoles } from './opening-load.ts'

/** What a person waits before a page says what is the matter. */
const patienceMilliseconds = 15_000
/** What a probe waits. */
const probeMilliseconds = 3_000
const path = '/go/playground/PowerUser'

describe('a PostgreSQL that freezes: its connections stay open, and nothing answers', () => {
  it('costs nobody more than a time-out and a page, opens nothing, and is used again once it thaws', async (t) => {
    const postgres = await startPostgres()
    t.after(() => postgres.stop())
    const cluster = await startCluster(t, { store: await postgres.createDatabase() })
    const replica = await cluster.start()
    cluster.balancer.to(replica.origin)
    const bob = await cluster.signedIn('bob')
    const before = await openConsoles({ visitors: [bob], count: 3, lanes: 1 })
    const askedOfAws = cluster.aws.requests.length

    await postgres.freeze()
    const [readiness, ...pages] = await Promise.all([
      timed(() => fetch(`${replica.origin}/readyz`)),
      ...Array.from({ length: 30 }, () => timed(() => bob.open(path, { follow: false }))),
      timed(() => bob.open('/', { follow: false })),
      timed(() => bob.open('/sign-in/company/callback?state=x&code=y', { follow: false })),
    ])
    assert.equal(readiness.answer.status, 503)
    assert.ok(readiness.milliseconds < probeMilliseconds, `${readiness.milliseconds} ms`)
    for (const { answer, milliseconds } of pages) {
      assert.equal(answer.status, 503, answer.body)
      assert.match(answer.body, /<h1>/)
      assert.ok(milliseconds < patienceMilliseconds, `${milliseconds} ms`)
    }
    assert.equal((await fetch(`${replica.origin}/healthz`)).status, 200)
    assert.equal(cluster.aws.requests.length, askedOfAws, 'nothing is asked of AWS unrecorded')

    await postgres.thaw()
    const ready = async () => (await fetch(`${replica.origin}/readyz`)).ok
    await eventually('the replica is ready again', ready)
    assert.equal((await bob.open('/', { follow: false })).status, 200, 'nobody was signed out')
    assert.equal((await bob.open(path, { follow: false })).status, 303)
    assertRecorded(await cluster.trail(), before)
    assert.match((await cluster.verifyTrail()).stdout, /^intact/)
  })
})

async function timed<Answer>(ask: () => Promise<Answer>) {
  const startedAt = performance.now()
  const answer = await ask()
  return { answer, milliseconds: performance.now() - startedAt }
}
