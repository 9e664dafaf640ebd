import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { demoPassword } from '#demo/demo-people.ts'
import { createVisitor } from '../support/cookie-jar.ts'
import { startTestDemo } from '../support/demo.ts'

const path = '/go/payments-prod/ReadOnly'
/** The provider's clock stands still meanwhile, and its tokens are believed for ten minutes. */
const afterRecheckMilliseconds = 2 * 60_000

describe('claims older than recheck', () => {
  for (const [way, edit] of [
    ['by refresh token', (text: string) => text],
    ['by a silent round trip', (text: string) => text.replace(', offline_access', '')],
  ] as const) {
    it(`are renewed ${way}: a group taken away is a role lost at the next opening`, async (t) => {
      const { demo, bob, wait } = await signedInBob(t, edit)
      assert.equal((await bob.open(path)).status, 200)
      demo.company.setGroups('bob', ['staff'])
      assert.match((await bob.open(path)).url, /\/console\//, 'the claims are fresh enough')

      wait()
      const refused = await bob.open(path)
      assert.equal(refused.status, 403)
      assert.equal(new URL(refused.url).origin, demo.url)
      const { signInsAsked, renewals } = trips(demo.company.requests)
      assert.equal(renewals, 2, 'one code and one renewal')
      assert.equal(signInsAsked, way === 'by refresh token' ? 1 : 2)
    })

    it(`are renewed ${way}: who keeps the groups goes straight on`, async (t) => {
      const { bob, wait } = await signedInBob(t, edit)
      wait()
      const opened = await bob.open(path)
      assert.match(opened.url, /\/console\//)
    })

    it(`are renewed ${way}: who left the company is signed out`, async (t) => {
      const { demo, bob, wait } = await signedInBob(t, edit)
      demo.company.remove('bob')
      wait()
      const form = await bob.open(path)
      assert.equal(new URL(form.url).origin, demo.company.issuer, 'asked to sign in again')
      assert.equal((await bob.open('/', { follow: false })).status, 303)
      const { records } = await demo.broker.trail.search({ type: 'console.opening' }, 10)
      assert.deepEqual(records, [])
    })
  }

  it('open nothing while the provider is down, and sign nobody out for that', async (t) => {
    const { demo, bob, wait } = await signedInBob(t, (text) => text)
    await demo.company.stop()
    wait()
    const page = await bob.open(path, { follow: false })
    assert.equal(page.status, 503)
    assert.match(page.headers['content-type'] ?? '', /^text\/html/)
    assert.equal((await bob.open('/', { follow: false })).status, 200)
  })
})

async function signedInBob(t: TestContext, edit: (text: string) => string) {
  let passed = 0
  const clock = () => new Date(Date.now() + passed)
  const soon = (text: string) => edit(text).replace('recheck: 15m', 'recheck: 1m')
  const demo = await startTestDemo(t, { clock, edit: soon })
  const bob = createVisitor(demo.url)
  await bob.signIn('/sign-in/company', 'bob', demoPassword)
  return { demo, bob, wait: () => (passed += afterRecheckMilliseconds) }
}

function trips(requests: readonly { readonly path: string }[]) {
  const to = (path: string) => requests.filter((request) => request.path === path).length
  return { signInsAsked: to('/auth'), renewals: to('/token') }
}
