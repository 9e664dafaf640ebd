import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import pino from 'pino'
import { requireSettings } from '#demo/demo.ts'
import { openBroker, type Broker } from '../../src/broker.ts'
import type { Visitor } from '../support/cookie-jar.ts'
import { signOut, startCluster, type Cluster } from './cluster.ts'

const [oldKey, newKey] = ['1f'.repeat(32), 'e2'.repeat(32)]

describe('rotating the session keys', () => {
  it('signs nobody out, and signs cookies anew, for requests that come at once too', async (t) => {
    const cluster = await startCluster(t)
    const before = await openWith(t, cluster, oldKey)
    const bob = await cluster.signedIn('bob')
    const signedByOld = sessionCookie(bob)
    await before.close()

    await openWith(t, cluster, newKey, oldKey)
    const portals = await Promise.all([1, 2, 3].map(() => bob.open('/', { follow: false })))
    assert.deepEqual(
      portals.map(({ status }) => status),
      [200, 200, 200],
    )
    for (const { headers } of portals) {
      const lines = (headers['set-cookie'] ?? []).filter((line) => line.startsWith('sid='))
      assert.equal(lines.length, 1)
      assert.doesNotMatch(lines[0] ?? '', /^sid=;/, 'an answer took the cookie away')
    }
    assert.notEqual(sessionCookie(bob), signedByOld)
    const next = await bob.open('/', { follow: false })
    assert.equal(next.headers['set-cookie'], undefined, 'signed anew once')
  })

  it('still shows the provider who is leaving, from a token sealed by the older key', async (t) => {
    const cluster = await startCluster(t)
    const before = await openWith(t, cluster, oldKey)
    const bob = await cluster.signedIn('bob')
    await before.close()

    await openWith(t, cluster, newKey, oldKey)
    const left = await signOut(bob)
    assert.equal(left.status, 303)
    assert.match(left.headers.location ?? '', /[?&]id_token_hint=ey/)
  })

  it('goes through all replicas in steps: known first, then used, then alone', async (t) => {
    const cluster = await startCluster(t)
    await openWith(t, cluster, oldKey)
    const bob = await cluster.signedIn('bob')
    for (const keys of [
      [oldKey, newKey],
      [newKey, oldKey],
      // A replica that has not got the second step yet.
      [oldKey, newKey],
      [newKey, oldKey],
      [newKey],
    ]) {
      await openWith(t, cluster, ...keys)
      assert.equal((await bob.open('/', { follow: false })).status, 200)
    }
  })
})

/** In this process: what matters here is what the next broker finds in cookies and store. */
async function openWith(t: TestContext, cluster: Cluster, ...keys: string[]): Promise<Broker> {
  await cluster.edit((text) => text.replace(/keys: \[.*\]/, `keys: ${JSON.stringify(keys)}`))
  const settings = await requireSettings(cluster.configPath)
  const broker = await openBroker({
    config: { current: () => settings },
    clock: () => new Date(),
    logger: pino({ level: 'silent' }),
  })
  t.after(() => broker.close())
  cluster.balancer.to(await broker.listen())
  return broker
}

function sessionCookie(visitor: Visitor): string | undefined {
  return visitor.cookies.all.find(({ name }) => name === 'sid')?.value
}
