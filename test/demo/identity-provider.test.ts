import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import type { JWTPayload } from 'jose'
import { startIdentityProvider } from '#demo/identity-provider.ts'
import type { DemoPerson, IdentityProvider } from '#demo/identity-provider.ts'
import { assertAccessible, launchBrowser, newPage } from '../support/browser.ts'
import { createVisitor } from '../support/cookie-jar.ts'
import type { Answer, Visitor } from '../support/cookie-jar.ts'

const ada: DemoPerson = {
  username: 'ada',
  password: 'engine',
  subject: 'u-1',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  emailVerified: true,
  groups: ['platform', 'security'],
}
const grace: DemoPerson = { username: 'grace', password: 'moth', subject: 'u-2', name: 'Grace' }
const clientId = 'sekisho'
const clientSecret = 'secret with : + / ='
const verifier = 'v'.repeat(64)
const challenge = createHash('sha256').update(verifier).digest('base64url')

describe('the demo’s identity provider', () => {
  it('signs a person in and vouches for name, e-mail and groups in a signed ID token', async (t) => {
    const { idp, client } = await start(t)
    const { tokens } = await signIn(idp, client, 'openid profile email')
    const claims = await verified(idp, tokens['id_token'])
    assert.equal(claims.sub, 'u-1')
    assert.equal(claims['nonce'], 'n-1')
    assert.equal(claims['name'], 'Ada Lovelace')
    assert.equal(claims['email'], 'ada@example.com')
    assert.equal(claims['email_verified'], true)
    assert.deepEqual(claims['groups'], ['platform', 'security'])
    assert.equal(tokens['refresh_token'], undefined)

    const userinfo = await fetch(`${idp.issuer}/me`, {
      headers: { authorization: `Bearer ${String(tokens['access_token'])}` },
    })
    assert.deepEqual(((await userinfo.json()) as JWTPayload)['groups'], ['platform', 'security'])
  })

  it('sends no groups claim for somebody without groups, and any type that a test sets', async (t) => {
    const { idp, client } = await start(t)
    const { tokens } = await signIn(idp, client, 'openid', grace)
    assert.equal('groups' in (await verified(idp, tokens['id_token'])), false)

    idp.setGroups('grace', 'platform,admins')
    const again = await signIn(idp, client, 'openid', grace)
    assert.equal((await verified(idp, again.tokens['id_token']))['groups'], 'platform,admins')
  })

  it('asks again after a wrong password, and tells the client of a refusal', async (t) => {
    const { idp, client } = await start(t)
    const visitor = createVisitor(idp.issuer)
    const refused = await visitor.signIn(authorizationUrl(idp, client), 'ada', 'wrong')
    assert.equal(refused.status, 401)
    assert.match(refused.body, /There is no such user name and password/)

    const cancelled = await visitor.submit(refused, { cancel: 'yes' })
    assert.equal(new URL(cancelled.url).searchParams.get('error'), 'access_denied')
    assert.equal(new URL(cancelled.url).searchParams.get('iss'), idp.issuer)
  })

  it('insists on PKCE', async (t) => {
    const { idp, client } = await start(t)
    const url = authorizationUrl(idp, client, {
      code_challenge: undefined,
      code_challenge_method: undefined,
    })
    const answer = await createVisitor(idp.issuer).open(url)
    assert.equal(new URL(answer.url).searchParams.get('error'), 'invalid_request')
  })

  it('needs no second password in the same browser, and answers prompt=none', async (t) => {
    const { idp, client } = await start(t)
    const { visitor } = await signIn(idp, client, 'openid')
    const silent = await visitor.open(authorizationUrl(idp, client, { prompt: 'none' }))
    assert.ok(new URL(silent.url).searchParams.has('code'))

    const stranger = createVisitor(idp.issuer)
    const refused = await stranger.open(authorizationUrl(idp, client, { prompt: 'none' }))
    assert.equal(new URL(refused.url).searchParams.get('error'), 'login_required')
  })

  it('refreshes with the groups of the moment, until the person is removed', async (t) => {
    const { idp, client } = await start(t)
    const { tokens, visitor } = await signIn(idp, client, 'openid offline_access')
    idp.setGroups('ada', ['platform'])
    const fresh = await refresh(idp, tokens['refresh_token'])
    assert.deepEqual((await verified(idp, fresh['id_token']))['groups'], ['platform'])

    idp.remove('ada')
    const late = await refresh(idp, fresh['refresh_token'] ?? tokens['refresh_token'])
    assert.equal(late['error'], 'invalid_grant')
    const silent = await visitor.open(authorizationUrl(idp, client, { prompt: 'none' }))
    assert.equal(new URL(silent.url).searchParams.get('error'), 'login_required')
    const form = await visitor.open(authorizationUrl(idp, client))
    assert.match(form.body, /Who can sign in/)
    assert.doesNotMatch(form.body, /Ada Lovelace/)
    assert.deepEqual(client.logoutTokens, [])
  })

  it('signs out at the client’s request, tells it behind the scenes, and sends the person back', async (t) => {
    const { idp, client } = await start(t)
    const { tokens, visitor } = await signIn(idp, client, 'openid')
    const { sid } = await verified(idp, tokens['id_token'])

    const url = new URL('/session/end', idp.issuer)
    url.searchParams.set('id_token_hint', String(tokens['id_token']))
    url.searchParams.set('post_logout_redirect_uri', `${client.origin}/signed-out`)
    url.searchParams.set('state', 's-2')
    const end = await visitor.submit(await visitor.open(url.href), { logout: 'yes' })

    assert.equal(end.url, `${client.origin}/signed-out?state=s-2`)
    assert.equal((await logoutClaims(idp, client))['sid'], sid)
    const silent = await visitor.open(authorizationUrl(idp, client, { prompt: 'none' }))
    assert.equal(new URL(silent.url).searchParams.get('error'), 'login_required')
  })

  it('ends a removed person’s sessions on demand, with a logout token for the client', async (t) => {
    const { idp, client } = await start(t)
    const { tokens, visitor } = await signIn(idp, client, 'openid')
    await signIn(idp, client, 'openid', grace)
    const { sid } = await verified(idp, tokens['id_token'])
    idp.remove('ada')
    await idp.endSessionsOf('ada')

    const claims = await logoutClaims(idp, client)
    assert.equal(claims['sid'], sid)
    assert.equal(claims.sub, 'u-1')
    assert.deepEqual(claims['events'], { 'http://schemas.openid.net/event/backchannel-logout': {} })
    const silent = await visitor.open(authorizationUrl(idp, client, { prompt: 'none' }))
    assert.equal(new URL(silent.url).searchParams.get('error'), 'login_required')
  })

  it('records every request', async (t) => {
    const { idp, client } = await start(t)
    await createVisitor(idp.issuer).open(authorizationUrl(idp, client))
    assert.deepEqual(idp.requests[0], { path: '/auth', method: 'GET' })
    assert.match(idp.requests[1]?.path ?? '', /^\/interaction\//)
  })

  it('shows pages that anybody can use, in a real browser, without breaking its own CSP', async (t) => {
    const { idp, client } = await start(t)
    const { page, assertNoConsoleErrors } = await newPage(t, await launchBrowser(t))
    await page.goto(authorizationUrl(idp, client))
    await assertAccessible(page)
    await page.getByLabel('User name').fill('ada')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    await assertAccessible(page)

    await page.getByRole('link', { name: 'grace' }).click()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/callback\?code=/)

    await page.goto(`${idp.issuer}/session/end`)
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Signed out' }).waitFor()
    await assertAccessible(page)
    assertNoConsoleErrors()
  })
})

interface Client {
  origin: string
  logoutTokens: string[]
}

async function start(t: TestContext): Promise<{ idp: IdentityProvider; client: Client }> {
  const client = await startClient(t)
  const idp = await startIdentityProvider({
    title: 'Example Company',
    people: [ada, grace],
    client: {
      clientId,
      clientSecret,
      redirectUris: [`${client.origin}/callback`],
      postLogoutRedirectUris: [`${client.origin}/signed-out`],
      backchannelLogoutUri: `${client.origin}/backchannel-logout`,
    },
  })
  t.after(() => idp.stop())
  return { idp, client }
}

/** A client that takes every address and keeps the logout tokens. */
async function startClient(t: TestContext): Promise<Client> {
  const logoutTokens: string[] = []
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        if (request.url === '/backchannel-logout') {
          logoutTokens.push(new URLSearchParams(body).get('logout_token') ?? '')
        }
        response.setHeader('content-type', 'text/html').end('<title>Client</title>')
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, logoutTokens }
}

function authorizationUrl(
  idp: IdentityProvider,
  client: Client,
  changes: Record<string, string | undefined> = {},
): string {
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: `${client.origin}/callback`,
    scope: 'openid',
    state: 's-1',
    nonce: 'n-1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...changes,
  }
  const url = new URL('/auth', idp.issuer)
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return url.href
}

type Tokens = Record<string, unknown>

async function signIn(
  idp: IdentityProvider,
  client: Client,
  scope: string,
  person = ada,
): Promise<{ tokens: Tokens; visitor: Visitor; end: Answer }> {
  const visitor = createVisitor(idp.issuer)
  const url = authorizationUrl(idp, client, { scope })
  const end = await visitor.signIn(url, person.username, person.password)
  const code = new URL(end.url).searchParams.get('code')
  assert.ok(code, `no code at ${end.url}: ${end.body}`)
  const tokens = await requestTokens(idp, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: `${client.origin}/callback`,
    code_verifier: verifier,
  })
  return { tokens, visitor, end }
}

function refresh(idp: IdentityProvider, refreshToken: unknown): Promise<Tokens> {
  return requestTokens(idp, { grant_type: 'refresh_token', refresh_token: String(refreshToken) })
}

async function requestTokens(
  idp: IdentityProvider,
  fields: Record<string, string>,
): Promise<Tokens> {
  const pair = [clientId, clientSecret].map(encodeURIComponent).join(':')
  const response = await fetch(`${idp.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
    body: new URLSearchParams(fields),
  })
  return (await response.json()) as Tokens
}

async function verified(idp: IdentityProvider, token: unknown, typ?: string): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL('/jwks', idp.issuer))
  const { payload } = await jwtVerify(String(token), keys, {
    issuer: idp.issuer,
    audience: clientId,
    ...(typ && { typ }),
  })
  return payload
}

async function logoutClaims(idp: IdentityProvider, client: Client): Promise<JWTPayload> {
  assert.equal(client.logoutTokens.length, 1)
  return verified(idp, client.logoutTokens[0], 'logout+jwt')
}
