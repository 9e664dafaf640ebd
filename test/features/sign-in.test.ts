import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startBroker } from '../support/broker.ts'
import { policyText } from '../support/policy-text.ts'

const oneProvider = policyText({
  identityProviders:
    '{ company: { name: Example SSO, issuer: "https://login.example.com", clientId: sekisho, clientSecret: secret } }',
  assignments: '[{ groups: [platform], accounts: ["*"], permissionSets: [Viewer] }]',
  portals: '{}',
})

describe('starting a sign-in', () => {
  it('offers the providers where there are several, and goes straight on where there is one', async (t) => {
    const several = await startBroker(t)
    const choice = await several.visitor().visit('/sign-in?to=%2Flinks')
    assert.equal(choice.statusCode, 200)
    assert.match(choice.body, /Example SSO/)
    assert.match(choice.body, /Partners/)

    const one = await startBroker(t, { configText: oneProvider })
    const answer = await one.visitor().visit('/sign-in?to=%2Flinks')
    assert.equal(answer.headers.location, '/sign-in/company?to=%2Flinks')
  })

  it('takes a portal straight to its own provider', async (t) => {
    const broker = await startBroker(t)
    const first = await broker.visitor().visit('/portal/acme')
    const second = await broker.visitor().visit(String(first.headers.location))
    assert.match(String(second.headers.location), /^\/sign-in\/partners\?/)
  })

  it('says so while the provider cannot be reached, and works once it can', async (t) => {
    const broker = await startBroker(t)
    broker.setReady('company', false)
    const down = await broker.visitor().visit('/sign-in/company')
    assert.equal(down.statusCode, 503)
    assert.equal((await broker.visitor().visit('/readyz')).statusCode, 503)

    broker.setReady('company', true)
    assert.equal((await broker.visitor().visit('/sign-in/company')).statusCode, 303)
    assert.equal((await broker.visitor().visit('/readyz')).statusCode, 200)
  })

  it('takes its own address from the config, whatever the Host header says', async (t) => {
    const broker = await startBroker(t)
    const answer = await broker.visitor().visit('/', {
      headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' },
    })
    assert.equal(answer.headers.location, '/sign-in?to=%2F')
  })
})

describe('finishing a sign-in', () => {
  it('brings the person where they wanted to go, under a new session id', async (t) => {
    const broker = await startBroker(t)
    const visitor = broker.visitor()
    const first = await visitor.signIn('ada', 'company', '/links')
    assert.equal(first.statusCode, 303)
    assert.equal(first.headers.location, '/links')
    const firstId = visitor.cookies.get('sid')
    await visitor.signIn('ada')
    assert.notEqual(visitor.cookies.get('sid'), firstId)

    const old = broker.visitor()
    old.cookies.set('sid', firstId ?? '')
    assert.equal((await old.visit('/')).statusCode, 303)
  })

  it('lets two tabs sign in side by side', async (t) => {
    const broker = await startBroker(t)
    const visitor = broker.visitor()
    const starts = [
      await visitor.visit('/sign-in/company?to=%2Flinks'),
      await visitor.visit('/sign-in/company?to=%2Fhistory'),
    ]
    const finished: (string | undefined)[] = []
    for (const start of starts) {
      const state = new URL(String(start.headers.location)).searchParams.get('state') ?? ''
      const answer = await visitor.visit(`/sign-in/company/callback?code=ada&state=${state}`, {
        site: 'cross-site',
      })
      finished.push(answer.headers.location)
    }
    assert.deepEqual(finished, ['/links', '/history'])
  })

  it('takes each attempt once, even with its cookie put back', async (t) => {
    const broker = await startBroker(t)
    const visitor = broker.visitor()
    const start = await visitor.visit('/sign-in/company')
    const kept = new Map(visitor.cookies)
    const state = new URL(String(start.headers.location)).searchParams.get('state') ?? ''
    const callback = `/sign-in/company/callback?code=ada&state=${state}`
    assert.equal((await visitor.visit(callback)).statusCode, 303)

    const again = broker.visitor()
    for (const [name, value] of kept) again.cookies.set(name, value)
    const replayed = await again.visit(callback)
    assert.equal(replayed.statusCode, 400)
    assert.equal(again.cookies.has('sid'), false)
  })

  it('refuses the callback of another browser', async (t) => {
    const broker = await startBroker(t)
    const start = await broker.visitor().visit('/sign-in/company')
    const state = new URL(String(start.headers.location)).searchParams.get('state') ?? ''
    const other = broker.visitor()
    const answer = await other.visit(`/sign-in/company/callback?code=ada&state=${state}`)
    assert.equal(answer.statusCode, 400)
    assert.equal(other.cookies.has('sid'), false)
  })

  it('refuses an attempt that took too long', async (t) => {
    const broker = await startBroker(t)
    const visitor = broker.visitor()
    const start = await visitor.visit('/sign-in/company')
    const state = new URL(String(start.headers.location)).searchParams.get('state') ?? ''
    broker.advance(601)
    const answer = await visitor.visit(`/sign-in/company/callback?code=ada&state=${state}`)
    assert.equal(answer.statusCode, 400)
  })

  const bad: readonly [string, (state: string) => string][] = [
    ['no state', () => 'code=ada'],
    ['no code', (state) => `state=${state}`],
    ['an empty code', (state) => `code=&state=${state}`],
    ['two codes', (state) => `code=ada&code=ada&state=${state}`],
    ['two states', (state) => `code=ada&state=${state}&state=${state}`],
    [
      'the issuer of somebody else',
      (state) => `code=ada&state=${state}&iss=https%3A%2F%2Fevil.test`,
    ],
    ['an error', (state) => `error=server_error&state=${state}`],
    ['an error and a code', (state) => `error=access_denied&code=ada&state=${state}`],
    ['a person the provider does not vouch for', (state) => `code=nobody-known&state=${state}`],
  ]
  for (const [what, query] of bad) {
    it(`refuses a callback with ${what}, on a page, and starts no session`, async (t) => {
      const broker = await startBroker(t)
      const visitor = broker.visitor()
      const start = await visitor.visit('/sign-in/company')
      const state = new URL(String(start.headers.location)).searchParams.get('state') ?? ''
      const answer = await visitor.visit(`/sign-in/company/callback?${query(state)}`)
      assert.ok([400, 403].includes(answer.statusCode), String(answer.statusCode))
      assert.match(String(answer.headers['content-type']), /text\/html/)
      assert.equal(visitor.cookies.has('sid'), false)
    })
  }

  it('refuses whose groups were left out for their number, and writes down why', async (t) => {
    const broker = await startBroker(t)
    broker.setClaims('ada', { name: 'Ada', _claim_names: { groups: 'src1' } })
    const answer = await broker.visitor().signIn('ada')
    assert.equal(answer.statusCode, 403)
    const events = (await broker.recorded()).map(({ type, reason }) => ({ type, reason }))
    assert.deepEqual(events, [{ type: 'sign-in.refused', reason: 'groups-overage' }])
  })

  it('keeps at most five attempts, so that cookies never outgrow a request', async (t) => {
    const broker = await startBroker(t)
    const visitor = broker.visitor()
    const to = encodeURIComponent(`/go/prod/Viewer?to=/${'x'.repeat(1_700)}`)
    for (let attempt = 0; attempt < 9; attempt += 1)
      await visitor.visit(`/sign-in/company?to=${to}`)
    const attempts = [...visitor.cookies].filter(([name]) => name.startsWith('tx-'))
    const bytes = attempts.reduce((sum, [, value]) => sum + value.length, 0)
    assert.ok(attempts.length >= 2 && attempts.length <= 5, String(attempts.length))
    assert.ok(bytes < 10_000, String(bytes))
  })
})

describe('a browser session', () => {
  it('ends after an hour without a request, and not before', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('ada')
    for (let step = 0; step < 3; step += 1) {
      broker.advance(3_500)
      assert.equal((await visitor.visit('/')).statusCode, 200)
    }
    broker.advance(3_601)
    assert.equal((await visitor.visit('/')).statusCode, 303)
  })

  it('ends after eight hours however busy it was', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('ada')
    for (let minutes = 30; minutes < 480; minutes += 30) {
      broker.advance(1_800)
      assert.equal((await visitor.visit('/')).statusCode, 200, `after ${minutes} minutes`)
    }
    broker.advance(1_800)
    assert.equal((await visitor.visit('/')).statusCode, 303)
  })

  it('is over after signing out, for a request in flight too', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('ada')
    const cookie = visitor.cookies.get('sid') ?? ''
    broker.advance(120)
    const [slow] = await Promise.all([visitor.visit('/'), visitor.submit('/sign-out', {})])
    assert.ok(slow)
    const ghost = broker.visitor()
    ghost.cookies.set('sid', cookie)
    assert.equal((await ghost.visit('/')).statusCode, 303)
    assert.equal((await broker.recorded()).at(-1)?.type, 'sign-out.completed')
  })

  it('is not ended by a form of another site', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('ada')
    for (const site of ['cross-site', 'same-site'] as const) {
      const answer = await visitor.visit('/sign-out', { site, form: { _csrf: 'guess' } })
      assert.equal(answer.statusCode, 403)
    }
    const noToken = await visitor.visit('/sign-out', { site: 'same-origin', form: {} })
    assert.equal(noToken.statusCode, 403)
    assert.equal((await visitor.visit('/')).statusCode, 200)
  })

  it('is ended by the provider, for that one session or for the whole person', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('ada')
    const other = await broker.signedIn('grace')
    const post = (token: string) =>
      broker.visitor().visit('/sign-in/company/backchannel-logout', {
        form: { logout_token: token },
        site: 'cross-site',
      })

    assert.equal((await post('forged')).statusCode, 400)
    assert.equal((await visitor.visit('/')).statusCode, 200)
    assert.equal((await post('u-ada  jti-2')).statusCode, 200)
    assert.equal((await visitor.visit('/')).statusCode, 303)
    assert.equal((await other.visit('/')).statusCode, 200)
    assert.equal((await post('u-ada  jti-2')).statusCode, 400, 'a logout token counts once')
  })
})
