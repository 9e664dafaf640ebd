import { randomBytes } from 'node:crypto'

import type { RoleSession } from './role-sessions.ts'

/** BrokerDoc: the URL is valid for 15 minutes after it was made. */
const tokenSeconds = 900

/** A console session that has been granted and waits to be signed in to. */
export interface PendingSignIn {
  readonly session: RoleSession
  /** How long the console session will last; null for as long as the credentials do. */
  readonly sessionSeconds: number | null
}

interface SigninToken extends PendingSignIn {
  /** The host that issued it, Region prefix included: no other takes it. */
  readonly issuedAtHost: string
  readonly expiresAt: Date
}

/** Sign-in tokens that have been given out, the newest `limit` of them. */
export class SigninTokens {
  readonly #tokens = new Map<string, SigninToken>()
  readonly #limit: number
  readonly #singleUse: boolean

  constructor({ limit, singleUse }: { readonly limit: number; readonly singleUse: boolean }) {
    this.#limit = limit
    this.#singleUse = singleUse
  }

  issue(signIn: PendingSignIn, host: string, now: Date): string {
    const token = randomBytes(480).toString('base64url')
    const expiresAt = new Date(now.getTime() + tokenSeconds * 1000)
    this.#tokens.set(token, { ...signIn, issuedAtHost: host, expiresAt })
    for (const oldest of this.#tokens.keys()) {
      if (this.#tokens.size <= this.#limit) break
      this.#tokens.delete(oldest)
    }
    return token
  }

  /** What the token stands for, or why it stands for nothing; uses it up only by `spend`. */
  find(token: string, host: string, now: Date): PendingSignIn | string {
    const found = this.#tokens.get(token)
    if (!found) return 'the sign-in token is unknown'
    if (found.expiresAt <= now) return 'the sign-in token is more than 15 minutes old'
    if (found.issuedAtHost !== host) return `the sign-in token was issued by ${found.issuedAtHost}`
    return found
  }

  spend(token: string): void {
    if (this.#singleUse) this.#tokens.delete(token)
  }
}
