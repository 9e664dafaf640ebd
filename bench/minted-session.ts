/**
 * Browser sessions as a sign-in would leave them, written straight into the store: ten thousand real
 * sign-ins would measure the provider.
 */
import { randomBytes } from 'node:crypto'
import { Signer } from '@fastify/cookie'
import { principalKey } from '#domain/principal.ts'
import { sessionCookieName } from '#plugins/browser-session.ts'
import { createSeal } from '#plugins/seal.ts'
import type { BrowserSessions } from '#ports'
import { everybody, sessionKey } from './bench-config.ts'

const seal = createSeal([Buffer.from(sessionKey, 'hex')])
const signer = new Signer(seal.cookieSecrets)

/** Gives the value of a `Cookie` header. */
export async function mintSession(sessions: BrowserSessions, person = 1): Promise<string> {
  const id = randomBytes(24).toString('base64url')
  const now = new Date()
  const principal = {
    provider: 'company',
    issuer: 'http://127.0.0.1',
    subject: `u-${person}`,
    displayName: `Person ${person}`,
    username: `person-${person}`,
    email: `person-${person}@example.com`,
    emailVerified: true,
    groups: [everybody],
  }
  const signIn = {
    principal,
    signedInAt: now.getTime(),
    claimsAt: now.getTime(),
    providerSession: null,
    idToken: await seal.encrypt('id token', 'x'.repeat(1_000)),
    refreshToken: null,
  }
  const data = { signIn, seenAt: now.getTime() }
  await sessions.write(
    id,
    {
      data: JSON.stringify(data),
      principalKey: principalKey(principal),
      providerSession: null,
      expiresAt: new Date(now.getTime() + 8 * 3_600_000),
    },
    now,
  )
  return `${sessionCookieName(false)}=${encodeURIComponent(signer.sign(id))}`
}
