import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import { startCluster } from './cluster.ts'
import { eventually } from './eventually.ts'
import { assertRecorded, openConsoles } from './opening-load.ts'
import type { Replica } from './replica-process.ts'

describe('SIGTERM', () => {
  it('lets openings in flight finish, loses no request of a balancer, and signs nobody out', async (t) => {
    const cluster = await startCluster(t)
    const replica = await cluster.start({ DRAIN: '1s' })
    cluster.balancer.to(replica.origin)
    const bob = await cluster.signedIn('bob')
    cluster.aws.faults.set('sts', { kind: 'delay', milliseconds: 2_000 })
    const opening = openConsoles({ visitors: [bob], count: 6, lanes: 6 })
    await eventually('six openings are under way', () => callsOfSts(cluster.aws.requests) === 6)
    const slow = connect(Number(new URL(replica.origin).port), '127.0.0.1')
    slow.write('GET /healthz HTTP/1.1\r\nhost: sekisho\r\n')

    replica.send('SIGTERM')
    await eventually('readiness says stopping', () => isStopping(replica.origin))
    const stillServed = await bob.open('/', { follow: false })
    assert.equal(stillServed.status, 200)
    assert.equal(stillServed.headers.connection, 'close')
    await eventually('new connections are refused', () => isRefused(replica.origin))
    slow.end('accept: application/json\r\n\r\n')
    assert.match(await text(slow), /^HTTP\/1\.1 200 .*"status":"ok"/s)

    const openings = await opening
    assert.equal(openings.answered.size, 6)
    assert.deepEqual(await replica.ended, { code: 0, signal: null })
    assertRecorded(await cluster.trail(), openings)

    // Without the variable it is the config that says how long.
    await cluster.edit((text) => `drain: 1s\n${text}`)
    const next = await cluster.start({ DRAIN: '' })
    cluster.balancer.to(next.origin)
    assert.equal((await bob.open('/', { follow: false })).status, 200)
    await assertNothingLost(t, next)
  })
})

/** By four connections that a proxy keeps alive and uses all the time. */
async function assertNothingLost(t: TestContext, replica: Replica): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  t.after(() => agent.destroy())
  const losses: string[] = []
  let answers = 0
  const ask = async (): Promise<void> => {
    for (;;) {
      const answer = await get(`${replica.origin}/healthz`, agent)
      if (answer.outcome === 'not connected') return
      if (answer.outcome === 'answered') answers += 1
      else losses.push(answer.outcome)
      if (answers === 200) replica.send('SIGTERM')
    }
  }
  await Promise.all([ask(), ask(), ask(), ask()])
  assert.deepEqual(losses, [])
  assert.ok(answers > 200)
  assert.deepEqual(await replica.ended, { code: 0, signal: null })
}

function callsOfSts(requests: readonly { readonly at: string }[]): number {
  return requests.filter(({ at }) => at === 'sts').length
}

async function isStopping(origin: string): Promise<boolean> {
  const answer = await fetch(`${origin}/readyz`)
  return answer.status === 503 && /"stopping":true/.test(await answer.text())
}

function isRefused(origin: string): Promise<boolean> {
  return fetch(`${origin}/healthz`).then(
    () => false,
    () => true,
  )
}

/** A request that never got a connection of its own is the balancer's to send elsewhere. */
function get(url: string, agent: Agent): Promise<{ outcome: string }> {
  return new Promise((resolve) => {
    const asked = request(url, { agent })
    asked.once('error', (error: NodeJS.ErrnoException) => {
      const isNew = !asked.reusedSocket
      resolve({ outcome: isNew ? 'not connected' : `lost: ${error.code ?? error.message}` })
    })
    asked.once('response', (response) => {
      const outcome = response.statusCode === 200 ? 'answered' : `status ${response.statusCode}`
      text(response).then(
        () => resolve({ outcome }),
        () => resolve({ outcome: 'cut off' }),
      )
    })
    asked.end()
  })
}
