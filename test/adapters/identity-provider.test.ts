import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { json } from '../support/hostile-replies.ts'
import { problemWith, setUpProvider } from '../support/provider-setup.ts'

describe('a sign-in with an honest provider', () => {
  it('gives the person, by claims of a verified token', async (t) => {
    const { hostile, signIn } = await setUpProvider(t)
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
    const { provider } = await setUpProvider(t)
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
    const { hostile, provider } = await setUpProvider(t, {}, (one) => {
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
    const { hostile, signIn } = await setUpProvider(t, { claimsFrom: 'userinfo' })
    hostile.setUserinfo((_request, usual) => json({ ...usual, groups: ['from-userinfo'] }))
    assert.deepEqual([...(await signIn()).principal.groups], ['from-userinfo'])

    hostile.setUserinfo((_request, usual) =>
      json({ ...usual, sub: 'somebody-else', groups: ['admin'] }),
    )
    await assert.rejects(signIn(), problemWith('sign-in-failed'))
  })
})

describe('a callback', () => {
  it('must name the issuer where the metadata promises it, and name the right one', async (t) => {
    const { provider, answer } = await setUpProvider(t, {}, (hostile) => {
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
    const { hostile, provider, answer } = await setUpProvider(t)
    const { transaction, code } = await answer()
    await assert.rejects(
      provider.completeSignIn(transaction, { code, issuer: 'https://evil.test' }),
    )
    assert.equal(hostile.requestsTo('/token').length, 0)
  })
})
