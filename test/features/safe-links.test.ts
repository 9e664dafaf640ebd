import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startBroker } from '../support/broker.ts'

describe('a link from elsewhere', () => {
  for (const site of ['cross-site', 'same-site'] as const) {
    it(`asks once when the link is ${site}, and the yes opens that one role`, async (t) => {
      const broker = await startBroker(t)
      const visitor = await broker.signedIn('grace')
      const page = await visitor.visit('/go/prod/Viewer?to=%2Fs3%2Fhome', { site })
      assert.equal(page.statusCode, 200)
      assert.match(page.body, /Payments/)
      assert.match(page.body, /grace@example\.com/)
      assert.deepEqual(broker.opened, [])

      const yes = /href="(\/go\/prod\/Viewer[^"]*continue=[^"]+)"/
        .exec(page.body)?.[1]
        ?.replaceAll('&amp;', '&')
      assert.ok(yes)
      const answer = await visitor.visit(yes, { site })
      assert.equal(answer.statusCode, 303)
      assert.deepEqual(
        broker.opened.map(({ destination }) => destination),
        ['/s3/home'],
      )
    })
  }

  it('cannot bring the yes of another target, another session, or an old one', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    const page = await visitor.visit('/go/prod/Viewer', { site: 'cross-site' })
    const token = /continue=([^"&]+)/.exec(page.body)?.[1] ?? ''
    const attempts = [
      () => visitor.visit(`/go/staging/Viewer?continue=${token}`, { site: 'cross-site' }),
      () => visitor.visit(`/go/prod/Viewer?to=%2Fiam&continue=${token}`, { site: 'cross-site' }),
      async () =>
        (await broker.signedIn('grace')).visit(`/go/prod/Viewer?continue=${token}`, {
          site: 'cross-site',
        }),
      () => {
        broker.advance(121)
        return visitor.visit(`/go/prod/Viewer?continue=${token}`, { site: 'cross-site' })
      },
    ]
    for (const attempt of attempts) {
      const answer = await attempt()
      assert.equal(answer.statusCode, 200)
      assert.deepEqual(broker.opened, [])
    }
  })

  const embedded: readonly [string, Record<string, string>][] = [
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a frame', { 'sec-fetch-dest': 'iframe' }],
    ['a script', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
  ]
  for (const [what, headers] of embedded) {
    it(`gets 403 as ${what}, signed in or not`, async (t) => {
      const broker = await startBroker(t)
      const visitor = await broker.signedIn('grace')
      assert.equal((await visitor.visit('/go/prod/Viewer', { headers })).statusCode, 403)
      assert.deepEqual(broker.opened, [])
    })
  }

  it('gets 204 as a prefetch', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    const answer = await visitor.visit('/go/prod/Viewer', {
      headers: { 'sec-purpose': 'prefetch' },
    })
    assert.equal(answer.statusCode, 204)
    assert.deepEqual(broker.opened, [])
  })

  it('keeps a stranger’s own wish through the sign-in, and asks where it was not their own', async (t) => {
    const broker = await startBroker(t)
    const typed = broker.visitor()
    const start = await typed.visit('/go/prod/Viewer?for=30m')
    const to = new URL(String(start.headers.location), 'http://x').searchParams.get('to') ?? ''
    assert.equal(to, '/go/prod/Viewer?for=30m')
    const back = await typed.signIn('grace', 'company', to)
    const opened = await typed.visit(String(back.headers.location), { site: 'cross-site' })
    assert.equal(opened.statusCode, 303)
    assert.equal(broker.opened[0]?.wantedSeconds, 1_800)

    const led = broker.visitor()
    const ledStart = await led.visit(`/sign-in/company?to=${encodeURIComponent(to)}`, {
      site: 'cross-site',
    })
    const state = new URL(String(ledStart.headers.location)).searchParams.get('state') ?? ''
    const ledBack = await led.visit(`/sign-in/company/callback?code=grace&state=${state}`, {
      site: 'cross-site',
    })
    const asked = await led.visit(String(ledBack.headers.location), { site: 'cross-site' })
    assert.equal(asked.statusCode, 200)
    assert.equal(broker.opened.length, 1)
  })

  it('asks once more for a role marked with caution, even from the portal', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('ada')
    const page = await visitor.visit('/go/prod/Admin', { site: 'same-origin' })
    assert.equal(page.statusCode, 200)
    assert.match(page.body, /Writes to everything/)
    assert.deepEqual(broker.opened, [])
  })
})
