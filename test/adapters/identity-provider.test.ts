import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import { createIdentityProvider } from '#adapters/oidc/identity-provider.ts'
import type { ProblemCode } from '#domain/problem.ts'
import { Problem } from '#domain/problem.ts'
import type { IdentityProviderSettings } from '#domain/settings.ts'
import type { SignInTransaction } from '#ports'
import { newSigningKey } from '../support/forged-jwt.ts'
import { startHostileProvider, type HostileProvider } from '../support/hostile-provider.ts'
import {
  content,
  drip,
  hang,
  huge,
  json,
  redirect,
  type Reply,
} from '../support/hostile-replies.ts'
import { idTokenCorpus } from '../support/id-token-corpus.ts'

const canary = 'canary-4f1d'

interface Setup {
  readonly hostile: HostileProvider
  readonly provider: ReturnType<typeof createIdentityProvider>
  readonly logged: string[]
  /** Walks to the provider and back, and gives the answer and its transaction. */
  answer(): Promise<{ transaction: SignInTransaction; code: string; issuer: string | null }>
  signIn(): ReturnType<ReturnType<typeof createIdentityProvider>['completeSignIn']>
}

async function setUp(
  t: TestContext,
  change: Partial<IdentityProviderSettings> = {},
  prepare: (hostile: HostileProvider) => void = () => {},
): Promise<Setup> {
  const hostile = await startHostileProvider(t)
  prepare(hostile)
  const logged: string[] = []
  const note = (facts: object, message: string) =>
    void logged.push(`${JSON.stringify(facts)} ${message}`)
  const provider = createIdentityProvider(
    {
      key: 'company',
      name: 'Hostile SSO',
      issuer: hostile.issuer,
      clientId: hostile.clientId,
      clientSecret: hostile.clientSecret,
      scopes: ['openid', 'profile', 'email'],
      groupsClaim: 'groups',
      claimsFrom: 'id_token',
      clientAuthentication: 'client_secret_basic',
      signingAlgorithms: ['RS256'],
      authorizationParameters: {},
      ...change,
    },
    {
      publicUrl: new URL('http://127.0.0.1:1'),
      clock: () => new Date(),
      product: 'Sekisho/test',
      log: { info: note, warn: note },
    },
  )
  t.after(() => provider.close())

  const answer = async () => {
    const transaction = {
      provider: 'company',
      state: 'state-1',
      nonce: 'nonce-1',
      codeVerifier: 'v'.repeat(43),
      startedAt: new Date(),
    }
    const url = await provider.authorizationUrl(transaction, null)
    const response = await fetch(url, { redirect: 'manual' })
    const back = new URL(response.headers.get('location') ?? '').searchParams
    return { transaction, code: back.get('code') ?? '', issuer: back.get('iss') }
  }
  const signIn = async () => {
    const { transaction, code, issuer } = await answer()
    return provider.completeSignIn(transaction, { code, issuer })
  }
  return { hostile, provider, logged, answer, signIn }
}

const problemWith = (code: ProblemCode) => (error: unknown) => {
  assert.ok(error instanceof Problem)
  assert.equal(error.code, code)
  return true
}

describe('a sign-in with an honest provider', () => {
  it('gives the person, by claims of a verified token', async (t) => {
    const { hostile, signIn } = await setUp(t)
    hostile.setPerson({
      sub: 'u-1',
      name: 'Ada',
      email: 'ada@example.com',
      email_verified: true,
      groups: ['a', 'b'],
    })
    const { principal, idToken } = await signIn()
    assert.equal(principal.subject, 'u-1')
    assert.equal(principal.issuer, hostile.issuer)
    assert.deepEqual([...principal.groups], ['a', 'b'])
    assert.equal(idToken.split('.').length, 3)
  })

  it('sends state, nonce and an S256 challenge, and its own callback', async (t) => {
    const { provider } = await setUp(t)
    const url = await provider.authorizationUrl(
      {
        provider: 'company',
        state: 's',
        nonce: 'n',
        codeVerifier: 'v'.repeat(43),
        startedAt: new Date(),
      },
      'none',
    )
    const { searchParams } = url
    assert.equal(searchParams.get('state'), 's')
    assert.equal(searchParams.get('nonce'), 'n')
    assert.equal(searchParams.get('code_challenge_method'), 'S256')
    assert.equal(searchParams.get('prompt'), 'none')
    assert.equal(searchParams.get('response_type'), 'code')
    assert.equal(searchParams.get('redirect_uri'), 'http://127.0.0.1:1/sign-in/company/callback')
  })

  it('keeps the query of an endpoint, as Azure AD B2C needs it', async (t) => {
    const { hostile, provider } = await setUp(t, {}, (one) => {
      one.setDiscovery((_request, usual) =>
        json({
          ...usual,
          authorization_endpoint: `${one.issuer}/authorize?p=policy`,
          token_endpoint: `${one.issuer}/token?p=policy`,
        }),
      )
    })
    const transaction = {
      provider: 'company',
      state: 's',
      nonce: 'n',
      codeVerifier: 'v'.repeat(43),
      startedAt: new Date(),
    }
    const url = await provider.authorizationUrl(transaction, null)
    assert.equal(url.searchParams.get('p'), 'policy')
    const response = await fetch(url, { redirect: 'manual' })
    const back = new URL(response.headers.get('location') ?? '').searchParams
    await provider
      .completeSignIn(transaction, { code: back.get('code') ?? '', issuer: back.get('iss') })
      .catch(() => undefined)
    assert.equal(hostile.requestsTo('/token')[0]?.query.get('p'), 'policy')
  })

  it('takes claims from userinfo where the config says so, of the same subject only', async (t) => {
    const { hostile, signIn } = await setUp(t, { claimsFrom: 'userinfo' })
    hostile.setUserinfo((_request, usual) => json({ ...usual, groups: ['from-userinfo'] }))
    assert.deepEqual([...(await signIn()).principal.groups], ['from-userinfo'])

    hostile.setUserinfo((_request, usual) =>
      json({ ...usual, sub: 'somebody-else', groups: ['admin'] }),
    )
    await assert.rejects(signIn(), problemWith('sign-in-failed'))
  })
})

describe('an ID token', () => {
  for (const { name, expected, build } of idTokenCorpus) {
    it(`is ${expected}: ${name}`, async (t) => {
      const { hostile, signIn } = await setUp(t)
      hostile.setIdToken(build)
      if (expected === 'accepted') assert.ok(await signIn())
      else await assert.rejects(signIn(), problemWith('sign-in-failed'))
    })
  }

  it('is verified with a key that the provider took up just before signing', async (t) => {
    const { hostile, signIn } = await setUp(t)
    await signIn()
    const next = newSigningKey('key-2')
    hostile.published.push(next)
    hostile.signingKey = next
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 6_000 })
    assert.ok(await signIn())
  })
})

describe('a callback', () => {
  it('must name the issuer where the metadata promises it, and name the right one', async (t) => {
    const { provider, answer } = await setUp(t, {}, (hostile) => {
      hostile.setDiscovery((_request, usual) =>
        json({ ...usual, authorization_response_iss_parameter_supported: true }),
      )
    })
    const { transaction, code } = await answer()
    for (const issuer of [null, 'https://evil.test', `${new URL('http://127.0.0.1').href}`]) {
      await assert.rejects(
        provider.completeSignIn(transaction, { code, issuer }),
        problemWith('sign-in-failed'),
      )
    }
  })

  it('of another issuer never reaches the token endpoint', async (t) => {
    const { hostile, provider, answer } = await setUp(t)
    const { transaction, code } = await answer()
    await assert.rejects(
      provider.completeSignIn(transaction, { code, issuer: 'https://evil.test' }),
    )
    assert.equal(hostile.requestsTo('/token').length, 0)
  })
})

describe('a token endpoint that misbehaves', () => {
  const replies: readonly [string, Reply, ProblemCode][] = [
    [
      'refuses the code',
      json({ error: 'invalid_grant', error_description: canary }, 400),
      'sign-in-expired',
    ],
    [
      'refuses our secret',
      json({ error: 'invalid_client', error_description: canary }, 401),
      'sign-in-failed',
    ],
    [
      'breaks',
      content(`<html>${canary}</html>`, 'text/html', 500),
      'identity-provider-unavailable',
    ],
    [
      'answers HTML',
      content(`<html>${canary}</html>`, 'text/html'),
      'identity-provider-unavailable',
    ],
    ['answers a list', json([canary]), 'sign-in-failed'],
    ['answers no ID token', json({ access_token: canary, token_type: 'Bearer' }), 'sign-in-failed'],
    ['sends us elsewhere', redirect('http://127.0.0.1:1/token'), 'identity-provider-unavailable'],
    ['answers with fifty megabytes', huge(50_000_000), 'identity-provider-unavailable'],
  ]
  for (const [what, reply, code] of replies) {
    it(`and ${what} gives "${code}", and nothing of the exchange`, async (t) => {
      const { hostile, logged, signIn } = await setUp(t)
      hostile.setToken(() => reply)
      const error = await signIn().then(
        () => assert.fail('signed in'),
        (problem: unknown) => problem,
      )
      assert.ok(error instanceof Problem)
      const everything = inspect(error, { depth: 20, showHidden: true }) + logged.join()
      assert.doesNotMatch(everything, new RegExp(`${canary}|hostile-secret|Basic |v{43}`))
      assert.ok([code, 'sign-in-failed'].includes(error.code), error.code)
    })
  }

  for (const [what, reply] of [
    ['hangs', hang],
    ['drips', drip],
  ] as const) {
    it(`and ${what} is given up on within five seconds`, async (t) => {
      const { hostile, signIn } = await setUp(t)
      hostile.setToken(() => reply)
      const started = performance.now()
      await assert.rejects(signIn(), problemWith('identity-provider-unavailable'))
      assert.ok(performance.now() - started < 8_000)
    })
  }
})

describe('discovery', () => {
  const documents: readonly [
    string,
    (issuer: string) => (usual: Record<string, unknown>) => Reply,
  ][] = [
    ['names another issuer', () => (usual) => json({ ...usual, issuer: 'https://evil.test' })],
    ['adds a slash to the issuer', (issuer) => (usual) => json({ ...usual, issuer: `${issuer}/` })],
    [
      'names no issuer',
      () =>
        ({ issuer: _issuer, ...usual }) =>
          json(usual),
    ],
    ['fails', () => (usual) => json(usual, 500)],
    ['redirects', (issuer) => () => redirect(`${issuer}/elsewhere`)],
    ['is no JSON', () => () => content('<html>', 'text/html')],
    [
      'points to a plain http endpoint',
      () => (usual) => json({ ...usual, token_endpoint: 'http://evil.test/token' }),
    ],
    [
      'offers no code flow',
      () => (usual) => json({ ...usual, response_types_supported: ['id_token'] }),
    ],
    [
      'offers plain PKCE only',
      () => (usual) => json({ ...usual, code_challenge_methods_supported: ['plain'] }),
    ],
    ['is too large', () => () => huge(5_000_000)],
  ]
  for (const [what, document] of documents) {
    it(`that ${what} leaves the provider not ready, and a later good one makes it ready`, async (t) => {
      const { hostile, provider, logged, signIn } = await setUp(t, {}, (one) => {
        const reply = document(one.issuer)
        one.setDiscovery((_request, usual) => reply(usual))
      })
      await assert.rejects(signIn(), problemWith('identity-provider-unavailable'))
      assert.equal(provider.isReady(), false)
      assert.match(logged.join('\n'), /cannot be discovered/)

      hostile.setDiscovery((_request, usual) => json(usual))
      assert.ok(await signIn())
      assert.equal(provider.isReady(), true)
    })
  }
})

describe('a logout token', () => {
  it('names the person and the session to end', async (t) => {
    const { hostile, provider } = await setUp(t)
    const token = hostile.signLogoutToken({ sub: 'u-1', sid: 'session-1', jti: 'jti-1' })
    assert.deepEqual(await provider.verifyLogoutToken(token), {
      subject: 'u-1',
      providerSession: 'session-1',
      tokenId: 'jti-1',
    })
  })

  const forged: readonly [string, (hostile: HostileProvider) => string][] = [
    ['an ID token', (hostile) => hostile.signIdToken({ nonce: 'nonce-1' })],
    ['no events', (hostile) => hostile.signLogoutToken({ events: undefined })],
    [
      'another event',
      (hostile) => hostile.signLogoutToken({ events: { 'https://evil.test': {} } }),
    ],
    ['a nonce', (hostile) => hostile.signLogoutToken({ nonce: 'n' })],
    ['another issuer', (hostile) => hostile.signLogoutToken({ iss: 'https://evil.test' })],
    ['another audience', (hostile) => hostile.signLogoutToken({ aud: 'somebody' })],
    [
      'neither person nor session',
      (hostile) => hostile.signLogoutToken({ sub: undefined, sid: undefined }),
    ],
    ['no id', (hostile) => hostile.signLogoutToken({ jti: undefined })],
    ['no time', (hostile) => hostile.signLogoutToken({ iat: undefined })],
    [
      'an old time',
      (hostile) => hostile.signLogoutToken({ iat: 1_600_000_000, exp: 1_600_000_100 }),
    ],
    ['no signature', (hostile) => hostile.signLogoutToken({}, { alg: 'none' })],
    ['the type of an ID token', (hostile) => hostile.signLogoutToken({}, { typ: 'JWT' })],
    [
      'our own secret as key',
      (hostile) => hostile.signLogoutToken({}, { alg: 'HS256' }, hostile.clientSecret),
    ],
    ['nothing like a token', () => 'a.b.c'],
  ]
  for (const [what, make] of forged) {
    it(`with ${what} is refused`, async (t) => {
      const { hostile, provider } = await setUp(t)
      await assert.rejects(provider.verifyLogoutToken(make(hostile)), problemWith('sign-in-failed'))
    })
  }
})
