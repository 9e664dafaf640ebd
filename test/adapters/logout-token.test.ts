import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { HostileProvider } from '../support/hostile-provider.ts'
import { problemWith, setUpProvider } from '../support/provider-setup.ts'

describe('a logout token', () => {
  it('names the person and the session to end', async (t) => {
    const { hostile, provider } = await setUpProvider(t)
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
      const { hostile, provider } = await setUpProvider(t)
      await assert.rejects(provider.verifyLogoutToken(make(hostile)), problemWith('sign-in-failed'))
    })
  }
})
