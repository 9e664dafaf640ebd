import { randomBytes } from 'node:crypto'

import type { Call } from './double-listener.ts'
import { parseArn, roleNameOf } from './role-arn.ts'
import { wholeSeconds } from './role-sessions.ts'
import type { RoleSession } from './role-sessions.ts'
import type { PendingSignIn } from './signin-tokens.ts'

/** AWS console, "Getting started", multi-session: five identities at once in a browser. */
const sessionsPerBrowser = 5

/** What a browser signed in to, as the console shows it. */
export interface ConsoleSession {
  readonly role: RoleSession
  readonly accountId: string
  readonly roleName: string
  /** Where AWS sends people whose session ended; null if the sign-in named none that is a web page. */
  readonly issuer: string | null
  /** Of the host that was signed in to or landed on. */
  readonly region: string | null
  readonly startedAt: Date
  readonly expiresAt: Date
}

export type SignInOutcome = 'signed-in' | 'must-sign-out-first' | 'too-many-sessions'

interface BrowserSessions {
  open: readonly ConsoleSession[]
  /** What the expiry page offers when nothing is open any more. */
  lastIssuer: string | null
}

/** The console sessions of every browser, told apart by a cookie. */
export class ConsoleSessions {
  readonly #browsers = new Map<string, BrowserSessions>()
  readonly #multiSession: boolean
  readonly #limit: number

  constructor({ multiSession, limit }: { readonly multiSession: boolean; readonly limit: number }) {
    this.#multiSession = multiSession
    this.#limit = limit
  }

  /** The sessions that still last, the latest first. */
  openIn(browser: string | null, now: Date): readonly ConsoleSession[] {
    const { open } = this.#find(browser)
    return open.filter(({ expiresAt }) => expiresAt > now).toReversed()
  }

  lastIssuerIn(browser: string | null): string | null {
    return this.#find(browser).lastIssuer
  }

  /** Signing in anew to the same role session takes the place of the one before. */
  signIn(browser: string, session: ConsoleSession, now: Date): SignInOutcome {
    const open = this.openIn(browser, now).toReversed()
    if (!this.#multiSession && open.some(({ accountId }) => accountId !== session.accountId)) {
      return 'must-sign-out-first'
    }
    const others = this.#multiSession ? open.filter((other) => !isSame(other, session)) : []
    if (others.length >= sessionsPerBrowser) return 'too-many-sessions'

    this.#browsers.delete(browser)
    this.#browsers.set(browser, { open: [...others, session], lastIssuer: session.issuer })
    this.#forgetOldest()
    return 'signed-in'
  }

  signOut(browser: string | null): void {
    this.#find(browser).open = []
  }

  #find(browser: string | null): BrowserSessions {
    return this.#browsers.get(browser ?? '') ?? { open: [], lastIssuer: null }
  }

  #forgetOldest(): void {
    for (const browser of this.#browsers.keys()) {
      if (this.#browsers.size <= this.#limit) return
      this.#browsers.delete(browser)
    }
  }
}

function isSame(one: ConsoleSession, other: ConsoleSession): boolean {
  return one.role.arn === other.role.arn
}

export function startConsoleSession(
  { session, sessionSeconds }: PendingSignIn,
  { issuer, region, now }: { issuer: string | null; region: string | null; now: Date },
): ConsoleSession {
  const endsMs =
    sessionSeconds === null ? session.expiresAt.getTime() : now.getTime() + sessionSeconds * 1000
  return {
    role: session,
    accountId: parseArn(session.roleArn)?.accountId ?? '',
    roleName: roleNameOf(session.roleArn),
    issuer,
    region,
    startedAt: now,
    expiresAt: wholeSeconds(endsMs),
  }
}

/** Cookies know no ports: the name does, so that two doubles on one machine stay apart. */
export function browserCookieName(signInOrigin: string): string {
  return `aws-double-${new URL(signInOrigin).port}`
}

export function browserOf({ headers }: Call, cookieName: string): string | null {
  const cookies = (headers['cookie'] ?? '').split(/[;,]\s*/)
  const found = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))
  return found?.slice(cookieName.length + 1) ?? null
}

export function newBrowser(): string {
  return randomBytes(18).toString('base64url')
}
