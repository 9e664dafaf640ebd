import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newSigningKey } from '../support/forged-jwt.ts'
import { idTokenCorpus } from '../support/id-token-corpus.ts'
import { problemWith, setUpProvider } from '../support/provider-setup.ts'

describe('an ID token', () => {
  for (const { name, expected, build } of idTokenCorpus) {
    it(`is ${expected}: ${name}`, async (t) => {
      const { hostile, signIn } = await setUpProvider(t)
      hostile.setIdToken(build)
      if (expected === 'accepted') assert.ok(await signIn())
      else await assert.rejects(signIn(), problemWith('sign-in-failed'))
    })
  }

  it('is verified with a key that the provider took up just before signing', async (t) => {
    const { hostile, signIn } = await setUpProvider(t)
    await signIn()
    const next = newSigningKey('key-2')
    hostile.published.push(next)
    hostile.signingKey = next
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 6_000 })
    assert.ok(await signIn())
  })
})
