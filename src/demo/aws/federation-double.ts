import { timingSafeEqual } from 'node:crypto'

import { consoleDestination } from './console-destination.ts'
import type { ConsoleDestination } from './console-destination.ts'
import {
  browserCookieName,
  browserOf,
  newBrowser,
  startConsoleSession,
} from './console-sessions.ts'
import type { ConsoleSessions } from './console-sessions.ts'
import { splitRegion } from './double-listener.ts'
import type { Answer, Call, DoubleSite } from './double-listener.ts'
import type { RoleSession, RoleSessions } from './role-sessions.ts'
import { parseObject } from './session-policy.ts'
import {
  badRequestPage,
  mustSignOutPage,
  notFoundPage,
  signedOutPage,
  tooManySessionsPage,
} from './sign-in-pages.ts'
import type { SigninTokens } from './signin-tokens.ts'

export interface FederationWorld {
  readonly clock: () => Date
  readonly partition: string
  readonly signInOrigin: string
  readonly consoleOrigin: string
  readonly sessions: RoleSessions
  readonly tokens: SigninTokens
  readonly consoleSessions: ConsoleSessions
}

/** The sign-in host: `/federation` with its two actions, and `/oauth` for signing out. */
export function federationDouble(world: FederationWorld): DoubleSite {
  return {
    at: (call) => {
      if (call.path === '/oauth') return 'logout'
      return fieldOf(call, 'Action') === 'login' ? 'login' : 'federation'
    },
    regionOf: ({ region }) => region,
    answer: (call) => answer(call, world),
  }
}

function answer(call: Call, world: FederationWorld): Answer {
  const action = fieldOf(call, 'Action')
  if (call.path === '/oauth' && action === 'logout') return signOut(call, world)
  if (call.path !== '/federation') return notFoundPage()
  if (action === 'getSigninToken') return issueToken(call, world)
  if (action === 'login') return signIn(call, world)
  return badRequestPage(`there is no action ${action ?? '(none)'}`)
}

function issueToken(call: Call, { clock, sessions, tokens }: FederationWorld): Answer {
  const now = clock()
  const session = provenSession(fieldOf(call, 'Session') ?? '', sessions, now)
  if (typeof session === 'string') return badRequestPage(session)

  // AWS's names have one spelling; another one is some other parameter, and ignored.
  const duration = fieldOf(call, 'SessionDuration')
  if (duration !== null) {
    if (!/^\d{1,6}$/.test(duration) || Number(duration) < 900 || Number(duration) > 43_200) {
      return badRequestPage('SessionDuration is not a number of seconds from 900 to 43200')
    }
    if (session.chained) {
      return badRequestPage('SessionDuration came with credentials from role chaining')
    }
  }
  const sessionSeconds = duration === null ? null : Number(duration)
  const token = tokens.issue({ session, sessionSeconds }, hostOf(call), now)
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ SigninToken: token }),
  }
}

/** The role session whose credentials these really are, or what is wrong with them. */
function provenSession(text: string, sessions: RoleSessions, now: Date): RoleSession | string {
  const credentials = parseObject(text)
  if (!credentials) return 'Session is not a JSON object'
  const { sessionId, sessionKey, sessionToken } = credentials
  if (
    typeof sessionId !== 'string' ||
    typeof sessionKey !== 'string' ||
    typeof sessionToken !== 'string'
  ) {
    return 'Session lacks sessionId, sessionKey or sessionToken'
  }
  const session = sessions.issuedAs(sessionId)
  if (!session) return 'the access key id is of no role session'
  if (!isSameText(sessionKey, session.secretAccessKey)) return 'the secret access key is wrong'
  if (!isSameText(sessionToken, session.sessionToken)) return 'the session token is wrong'
  return session.expiresAt <= now ? 'the credentials have expired' : session
}

function isSameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function signIn(call: Call, world: FederationWorld): Answer {
  const { clock, consoleSessions, tokens } = world
  const now = clock()
  const token = fieldOf(call, 'SigninToken') ?? ''
  const pending = tokens.find(token, hostOf(call), now)
  if (typeof pending === 'string') return badRequestPage(pending)
  const destination = consoleDestination(fieldOf(call, 'Destination') ?? '', world)
  if (!destination) return badRequestPage('Destination is not on the console')

  const session = startConsoleSession(pending, {
    issuer: webPage(fieldOf(call, 'Issuer')),
    region: destination.region ?? call.region ?? null,
    now,
  })
  const cookieName = browserCookieName(world.signInOrigin)
  const browser = browserOf(call, cookieName) ?? newBrowser()
  const outcome = consoleSessions.signIn(browser, session, now)
  switch (outcome) {
    case 'signed-in':
      tokens.spend(token)
      return arrival(destination, `${cookieName}=${browser}`)
    case 'must-sign-out-first':
      return mustSignOutPage(logoutPath(call))
    case 'too-many-sessions':
      return tooManySessionsPage(logoutPath(call))
    default:
      return outcome satisfies never
  }
}

function arrival({ url }: ConsoleDestination, cookie: string): Answer {
  return {
    status: 302,
    headers: {
      location: url,
      'set-cookie': `${cookie}; Path=/; HttpOnly; SameSite=Lax`,
      'cache-control': 'no-store',
    },
  }
}

function signOut(call: Call, world: FederationWorld): Answer {
  const { consoleOrigin, consoleSessions, signInOrigin } = world
  consoleSessions.signOut(browserOf(call, browserCookieName(world.signInOrigin)))
  const target = URL.parse(fieldOf(call, 'redirect_uri') ?? '')
  // AWS follows redirect_uri only where both hosts carry a Region prefix, and never to other sites.
  const isRegional = target?.origin === consoleOrigin || splitRegion(target?.pathname ?? '').region
  const isOwn = target?.origin === signInOrigin || target?.origin === consoleOrigin
  if (!target || !call.region || !isRegional || !isOwn) return signedOutPage()
  return { status: 302, headers: { location: target.href, 'cache-control': 'no-store' } }
}

function logoutPath({ region }: Call): string {
  return `${region ? `/${region}` : ''}/oauth?Action=logout`
}

/** A sign-in token is good on the host that issued it; the Region prefix plays a host's name. */
function hostOf({ headers, region }: Call): string {
  return `${headers['host'] ?? ''}${region ? `/${region}` : ''}`
}

/** Parameters come in the query or, where the request is long, in a posted form. */
function fieldOf({ form, query }: Call, name: string): string | null {
  return form.get(name) ?? query.get(name)
}

/** Only a web page may be linked to: the link is shown to people. */
function webPage(text: string | null): string | null {
  const url = URL.parse(text ?? '')
  return url && /^https?:$/.test(url.protocol) ? url.href : null
}
