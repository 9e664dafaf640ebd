/** Our side of a sign-in, against a provider that a test makes lie. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { createIdentityProvider } from '#adapters/oidc/identity-provider.ts'
import { Problem, type ProblemCode } from '#domain/problem.ts'
import type { IdentityProviderSettings } from '#domain/settings.ts'
import type { SignInTransaction } from '#ports'
import { startHostileProvider, type HostileProvider } from './hostile-provider.ts'

export interface ProviderSetup {
  readonly hostile: HostileProvider
  readonly provider: ReturnType<typeof createIdentityProvider>
  readonly logged: string[]
  /** Walks to the provider and back, and gives the answer and its transaction. */
  answer(): Promise<{ transaction: SignInTransaction; code: string; issuer: string | null }>
  signIn(): ReturnType<ReturnType<typeof createIdentityProvider>['completeSignIn']>
}

export async function setUpProvider(
  t: TestContext,
  change: Partial<IdentityProviderSettings> = {},
  prepare: (hostile: HostileProvider) => void = () => {},
): Promise<ProviderSetup> {
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

export const problemWith = (code: ProblemCode) => (error: unknown) => {
  assert.ok(error instanceof Problem)
  assert.equal(error.code, code)
  return true
}
