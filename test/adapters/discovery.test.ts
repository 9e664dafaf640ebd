import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { content, huge, json, redirect, type Reply } from '../support/hostile-replies.ts'
import { problemWith, setUpProvider } from '../support/provider-setup.ts'

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
      const { hostile, provider, logged, signIn } = await setUpProvider(t, {}, (one) => {
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
