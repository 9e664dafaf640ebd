import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startCluster } from './cluster.ts'
import { assertRecorded, openConsoles } from './opening-load.ts'

describe('kill -9 of a process on SQLite', () => {
  it('loses no record of an answered opening, breaks no chain and signs nobody out', async (t) => {
    const cluster = await startCluster(t)
    const replica = await cluster.start()
    cluster.balancer.to(replica.origin)
    const visitors = await Promise.all(['alice', 'bob'].map((name) => cluster.signedIn(name)))
    const openings = await openConsoles({
      visitors,
      count: 100,
      lanes: 4,
      onAnswer: (answers) => {
        if (answers === 50) replica.send('SIGKILL')
      },
    })
    assert.deepEqual(await replica.ended, { code: null, signal: 'SIGKILL' })
    assert.ok(openings.answered.size >= 50)
    assert.ok(openings.broken.size > 0)

    const next = await cluster.start()
    cluster.balancer.to(next.origin)
    for (const visitor of visitors) {
      assert.equal((await visitor.open('/', { follow: false })).status, 200)
    }
    assertRecorded(await cluster.trail(), openings)
    const verified = await cluster.verifyTrail()
    assert.match(verified.stdout, /^intact/)
    assert.equal(verified.code, 0)
  })
})
