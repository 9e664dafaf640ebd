import assert from 'node:assert/strict'
import { describe, it, before, after } from 'node:test'
import { demoPassword } from '#demo/demo-people.ts'
import type { Visitor } from '../support/cookie-jar.ts'
import { startPostgres, type Postgres } from '../support/postgres.ts'
import { assertRecorded, openConsoles } from './opening-load.ts'
import { signOut, startCluster, type Cluster } from './cluster.ts'
import type { Replica } from './replica-process.ts'

const cleanups: (() => unknown)[] = []
const suite = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }

let postgres: Postgres
let cluster: Cluster
let replicas: [Replica, Replica, Replica]

before(async () => {
  postgres = await startPostgres()
  suite.after(() => postgres.stop())
  cluster = await startCluster(suite, { store: await postgres.createDatabase() })
  replicas = await Promise.all([cluster.start(), cluster.start(), cluster.start()])
})
after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup()
})

describe('three replicas on one PostgreSQL', () => {
  it('finish a sign-in that another one began, and a third shows the portal', async () => {
    const [first, second, third] = replicas
    const visitor = cluster.visitor()
    cluster.balancer.to(first.origin)
    const form = await visitor.open('/sign-in/company?to=%2Fgo%2Fplayground%2FPowerUser')
    cluster.balancer.to(second.origin)
    const opened = await visitor.submit(form, { username: 'bob', password: demoPassword })
    assert.match(opened.url, /127\.0\.0\.1:\d+\/ap-northeast-1\/console/)

    cluster.balancer.to(third.origin)
    const portal = await visitor.open('/')
    assert.equal(portal.status, 200)
    assert.match(portal.body, /Bob Brandt/)
  })

  it('end a session everywhere when one of them is told to sign out', async () => {
    const [first, second, third] = replicas
    cluster.balancer.to(first.origin)
    const visitor = await cluster.signedIn('bob')
    const kept = cookiesOf(visitor)
    cluster.balancer.to(second.origin)
    const left = await signOut(visitor)
    assert.equal(left.status, 303)
    assert.match(left.headers.location ?? '', /id_token_hint=/)

    for (const { origin } of [first, second, third]) {
      cluster.balancer.to(origin)
      const thief = cluster.visitor()
      for (const cookie of kept) thief.cookies.plant(cookie)
      assert.equal(await isSignedIn(thief), false, origin)
    }
  })

  it('end a session everywhere when the provider tells one of them', async () => {
    const [first, second, third] = replicas
    cluster.balancer.to(first.origin)
    const chika = await cluster.signedIn('chika')
    const bob = await cluster.signedIn('bob')
    cluster.balancer.to(second.origin)
    assert.equal(await isSignedIn(chika), true)
    await cluster.company.endSessionsOf('chika')

    for (const { origin } of [third, first, second]) {
      cluster.balancer.to(origin)
      assert.equal(await isSignedIn(chika), false, origin)
      assert.equal(await isSignedIn(bob), true, origin)
    }
  })

  it('refuse a callback that another replica has taken', async () => {
    const [first, second] = replicas
    cluster.balancer.to(first.origin)
    const { visitor, callback } = await untilCallback('bob')
    const kept = cookiesOf(visitor)
    assert.equal((await visitor.open(callback, { follow: false })).status, 303)

    cluster.balancer.to(second.origin)
    const thief = cluster.visitor()
    for (const cookie of kept) thief.cookies.plant(cookie)
    const again = await thief.open(callback, { follow: false })
    assert.equal(again.status, 400)
    assert.match(again.body, /<code>sign-in-replayed<\/code>/)
    assert.equal(await isSignedIn(thief), false)
  })

  it('open one session for one state, whatever number of callbacks come at once', async () => {
    cluster.balancer.to(...replicas.map(({ origin }) => origin))
    const { visitor, callback } = await untilCallback('dmitri')
    const kept = cookiesOf(visitor)
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const twin = cluster.visitor()
        for (const cookie of kept) twin.cookies.plant(cookie)
        const { status, body } = await twin.open(callback, { follow: false })
        const isSignedIn = twin.cookies.all.some(({ name }) => name === 'sid')
        // Not only because the provider takes its code back once.
        return { status, isSignedIn, isReplay: body.includes('<code>sign-in-replayed</code>') }
      }),
    )
    assert.equal(answers.filter(({ status }) => status === 303).length, 1)
    assert.equal(answers.filter((answer) => answer.isSignedIn).length, 1)
    assert.equal(answers.filter(({ isReplay }) => isReplay).length, 49)
  })

  it('lose and double no record when one is killed under load, and go on when it is back', async () => {
    const [first, second, third] = replicas
    const origins = [first, second, third].map(({ origin }) => origin)
    cluster.balancer.to(...origins)
    const people = ['alice', 'bob', 'chika'].map((name) => cluster.signedIn(name))
    const visitors = await Promise.all(people)
    // So that openings are under way at the replica when it dies.
    cluster.aws.faults.set('sts', { kind: 'delay', milliseconds: 30 })
    const restart = Promise.withResolvers<Replica>()
    const openings = await openConsoles({
      visitors,
      count: 240,
      lanes: 4,
      onAnswer(answers) {
        if (answers !== 100) return
        second.send('SIGKILL')
        cluster.start().then((replica) => {
          cluster.balancer.to(first.origin, replica.origin, third.origin)
          restart.resolve(replica)
        }, restart.reject)
      },
    })
    cluster.aws.faults.clear()
    assert.deepEqual(await second.ended, { code: null, signal: 'SIGKILL' })
    const restarted = await restart.promise
    cluster.balancer.to(restarted.origin)
    for (const visitor of visitors) {
      const path = '/go/playground/PowerUser?for=1h'
      assert.equal((await visitor.open(path, { follow: false })).status, 303)
    }

    assert.ok(openings.broken.size > 0, 'the kill hit nobody')
    assert.equal(openings.answered.size + openings.broken.size, 240)
    assertRecorded(await cluster.trail(), openings)
    const verified = await cluster.verifyTrail()
    assert.match(verified.stdout, /^intact: \d+ records/)
    assert.equal(verified.code, 0)
  })
})

/** A visitor at the provider's last step: `callback` is where the provider sends the browser. */
async function untilCallback(username: string): Promise<{ visitor: Visitor; callback: string }> {
  const visitor = cluster.visitor()
  const form = await visitor.open('/sign-in/company')
  let step = await visitor.submit(form, { username, password: demoPassword }, { follow: false })
  for (let hops = 0; hops < 5; hops += 1) {
    const next = new URL(step.headers.location ?? '', step.url)
    if (next.pathname.endsWith('/callback')) return { visitor, callback: next.href }
    step = await visitor.open(next.href, { follow: false })
  }
  throw new Error(`the provider sends nobody back: ${step.url}`)
}

function cookiesOf(visitor: Visitor) {
  return visitor.cookies.all.map((cookie) => ({ ...cookie }))
}

async function isSignedIn(visitor: Visitor): Promise<boolean> {
  const { status } = await visitor.open('/', { follow: false })
  return status === 200
}
