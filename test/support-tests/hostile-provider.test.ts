import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { compactVerify, createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { createVisitor } from '../support/cookie-jar.ts'
import { newSigningKey } from '../support/forged-jwt.ts'
import { startHostileProvider } from '../support/hostile-provider.ts'
import type { HostileProvider } from '../support/hostile-provider.ts'
import { cut, drip, hang, huge, json, redirect } from '../support/hostile-replies.ts'
import { idTokenCorpus } from '../support/id-token-corpus.ts'

const verifier = 'v'.repeat(64)

describe('the hostile provider', () => {
  it('is an honest one until told otherwise', async (t) => {
    const provider = await startHostileProvider(t)
    provider.setPerson({ name: 'Ada', groups: ['platform'] })
    const callback = await authorize(provider)
    assert.equal(callback.get('state'), 's-1')
    assert.equal(callback.get('iss'), provider.issuer)

    const tokens = await exchange(provider, callback.get('code'))
    const keys = createRemoteJWKSet(new URL('/jwks', provider.issuer))
    const { payload } = await jwtVerify(String(tokens['id_token']), keys, {
      issuer: provider.issuer,
      audience: provider.clientId,
    })
    assert.equal(payload['nonce'], 'n-1')
    assert.deepEqual(payload['groups'], ['platform'])

    const userinfo = await fetch(`${provider.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${String(tokens['access_token'])}` },
    })
    assert.deepEqual(await userinfo.json(), { sub: 'person-1', name: 'Ada', groups: ['platform'] })
  })

  it('takes a code once, and only with its verifier', async (t) => {
    const provider = await startHostileProvider(t)
    const code = (await authorize(provider)).get('code')
    assert.ok('id_token' in (await exchange(provider, code)))
    assert.equal((await exchange(provider, code))['error_description'], 'unknown or used code')

    const other = (await authorize(provider)).get('code')
    const refused = await exchange(provider, other, 'w'.repeat(64))
    assert.equal(refused['error_description'], 'wrong code_verifier')
  })

  it('changes any part of the way back', async (t) => {
    const provider = await startHostileProvider(t)
    provider.setCallback((parameters) => {
      parameters.delete('iss')
      parameters.append('code', 'second')
      parameters.set('error', 'access_denied')
    })
    const callback = await authorize(provider)
    assert.equal(callback.has('iss'), false)
    assert.equal(callback.getAll('code').length, 2)
    assert.equal(callback.get('error'), 'access_denied')
  })

  it('lies in every endpoint, and is honest again after a reset', async (t) => {
    const provider = await startHostileProvider(t)
    const discovery = `${provider.issuer}/.well-known/openid-configuration`
    provider.setDiscovery((_request, usual) => json({ ...usual, issuer: 'https://other' }))
    assert.equal((await read(discovery))['issuer'], 'https://other')
    provider.setJwks(() => json({ keys: [] }))
    assert.deepEqual(await read(`${provider.issuer}/jwks`), { keys: [] })
    provider.setUserinfo(() => json(['a list'], 500))
    assert.deepEqual(await read(`${provider.issuer}/userinfo`), ['a list'])
    provider.setToken(() => redirect('/jwks'))
    assert.deepEqual(await exchange(provider, 'any'), { keys: [] })
    provider.setIdToken(async () => 'garbage')

    provider.reset()
    assert.equal((await read(discovery))['issuer'], provider.issuer)
    const tokens = await exchange(provider, (await authorize(provider)).get('code'))
    assert.equal(decodeJwt(String(tokens['id_token'])).sub, 'person-1')
  })

  it('rotates and withdraws keys', async (t) => {
    const provider = await startHostileProvider(t)
    const fresh = newSigningKey('key-2')
    provider.published.push(fresh)
    provider.signingKey = fresh
    const keys = createRemoteJWKSet(new URL('/jwks', provider.issuer))
    const token = provider.signIdToken({ sub: 'a' })
    assert.equal((await jwtVerify(token, keys)).protectedHeader.kid, 'key-2')

    provider.published.splice(0, Infinity, fresh)
    const listed = await read(`${provider.issuer}/jwks`)
    assert.deepEqual(
      (listed['keys'] as { kid: string }[]).map(({ kid }) => kid),
      ['key-2'],
    )
  })

  it('hangs, drips, cuts off and floods', async (t) => {
    const provider = await startHostileProvider(t)
    const ask = (): Promise<string> =>
      fetch(`${provider.issuer}/jwks`, { signal: AbortSignal.timeout(200) }).then((r) => r.text())

    provider.setJwks(() => hang)
    await assert.rejects(ask(), { name: 'TimeoutError' })
    provider.setJwks(() => drip)
    await assert.rejects(ask(), { name: 'TimeoutError' })
    provider.setJwks(() => cut)
    await assert.rejects(ask(), { message: 'fetch failed' })

    provider.setJwks((_request, usual) => huge(50 * 1024 * 1024, usual))
    const flood = await fetch(`${provider.issuer}/jwks`)
    const text = await flood.text()
    assert.ok(text.length > 50 * 1024 * 1024)
    assert.deepEqual(Object.keys(JSON.parse(text) as object), ['keys', 'padding'])
  })

  it('signs logout tokens, correct or with a claim changed', async (t) => {
    const provider = await startHostileProvider(t)
    const keys = createRemoteJWKSet(new URL('/jwks', provider.issuer))
    const good = await jwtVerify(provider.signLogoutToken({ sid: 'x' }), keys, {
      typ: 'logout+jwt',
      issuer: provider.issuer,
    })
    assert.equal(good.payload['sid'], 'x')
    assert.equal('events' in decodeJwt(provider.signLogoutToken({ events: undefined })), false)
  })
})

describe('the corpus of ID tokens', () => {
  it('has a name of its own for each of its tokens, and enough of both kinds', () => {
    assert.equal(new Set(idTokenCorpus.map(({ name }) => name)).size, idTokenCorpus.length)
    const refused = idTokenCorpus.filter(({ expected }) => expected === 'refused')
    assert.ok(refused.length >= 50)
    assert.ok(idTokenCorpus.length - refused.length >= 10)
  })

  it('has good signatures on all that must be refused for their claims alone', async (t) => {
    const provider = await startHostileProvider(t)
    const context = provider.idTokenContext('n-1', 'access-token')
    const judged = idTokenCorpus.filter(
      ({ name }) => !/by | alg |signature|signing|kid|garbage|empty$|parts|payload|crit/.test(name),
    )
    assert.ok(judged.length >= 45)
    for (const { name, build } of judged) {
      const token = await build(context)
      await assert.doesNotReject(
        compactVerify(token, provider.signingKey.publicKey, { algorithms: ['RS256'] }),
        name,
      )
    }
  })

  it('reaches the client through a whole exchange', async (t) => {
    const provider = await startHostileProvider(t)
    for (const { build } of idTokenCorpus) {
      let sent = ''
      provider.setIdToken(async (context) => (sent = await build(context)))
      const tokens = await exchange(provider, (await authorize(provider)).get('code'))
      assert.equal(tokens['id_token'], sent)
    }
  })
})

async function authorize(provider: HostileProvider): Promise<URLSearchParams> {
  const url = new URL('/authorize', provider.issuer)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  url.search = new URLSearchParams({
    redirect_uri: `${provider.issuer}/callback`,
    state: 's-1',
    nonce: 'n-1',
    code_challenge: challenge,
  }).toString()
  const answer = await createVisitor(provider.issuer).open(url.href)
  return new URL(answer.url).searchParams
}

async function exchange(
  provider: HostileProvider,
  code: string | null,
  codeVerifier = verifier,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${provider.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: String(code),
      redirect_uri: `${provider.issuer}/callback`,
      code_verifier: codeVerifier,
    }),
  })
  return (await response.json()) as Record<string, unknown>
}

async function read(url: string): Promise<Record<string, unknown>> {
  return (await (await fetch(url)).json()) as Record<string, unknown>
}
