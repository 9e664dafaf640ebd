/**
 * The broker's own session: cookie, idle and absolute ends, and who is behind a request.
 * Owns: what is kept of a sign-in, and when it ends. Leaves to others: how a sign-in happens.
 */
import cookie from '@fastify/cookie'
import session, { type SessionStore } from '@fastify/session'
import type { FastifyReply, FastifyRequest, Session } from 'fastify'
import fp from 'fastify-plugin'
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/schema'
import { selects } from '#domain/access.ts'
import { principalKey, type Principal } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import type { BrowserSessions, Clock, GuestPasses, RunningConfig, VerifiedSignIn } from '#ports'
import type { Seal } from './seal.ts'
import { keepSponsorSnapshot } from './sponsor-snapshots.ts'
import type { Visitor } from './visitor.ts'

const SignIn = Type.Object({
  principal: Type.Object({
    provider: Type.String(),
    issuer: Type.String(),
    subject: Type.String(),
    displayName: Type.String(),
    username: Type.Union([Type.String(), Type.Null()]),
    email: Type.Union([Type.String(), Type.Null()]),
    emailVerified: Type.Boolean(),
    groups: Type.Array(Type.String()),
  }),
  signedInAt: Type.Number(),
  claimsAt: Type.Number(),
  providerSession: Type.Union([Type.String(), Type.Null()]),
  /** Sealed: they would let somebody in. */
  idToken: Type.String(),
  refreshToken: Type.Union([Type.String(), Type.Null()]),
})

/** Instants in milliseconds since the epoch, as JSON keeps them. */
export type KeptSignIn = Static<typeof SignIn>

const Kept = Type.Object({
  signIn: Type.Optional(SignIn),
  seenAt: Type.Optional(Type.Number()),
  /** How often the cookie was signed anew after a change of keys. */
  signings: Type.Optional(Type.Number()),
  _csrf: Type.Optional(Type.String()),
})

const keptSession = Compile(Kept)

declare module 'fastify' {
  interface Session extends Static<typeof Kept> {}
  interface FastifyRequest {
    /** Read by `visitorOf`; null for strangers. */
    visitor: Visitor | null
  }
}

export interface BrowserSessionOptions {
  readonly config: RunningConfig
  readonly sessions: BrowserSessions
  readonly clock: Clock
  readonly seal: Seal
  /** Where a sponsor's claims are kept for the passes they gave. */
  readonly passes: Pick<GuestPasses, 'refreshSponsor'>
}

const cookieOptions = { path: '/', httpOnly: true, sameSite: 'lax' } as const
/** The idle end moves in steps, so that a busy page writes once a minute. */
const seenStepMilliseconds = 60_000

export function sessionCookieName(isHttps: boolean): string {
  return isHttps ? '__Host-sid' : 'sid'
}

export const browserSession = fp<BrowserSessionOptions>(
  async (app, options) => {
    const { config, clock, seal } = options
    const { publicUrl, sessions: limits } = config.current().server
    const isHttps = publicUrl.protocol === 'https:'
    const cookieName = sessionCookieName(isHttps)

    await app.register(cookie)
    await app.register(session, {
      cookieName,
      secret: seal.cookieSecrets,
      cookie: { ...cookieOptions, secure: isHttps },
      saveUninitialized: false,
      rolling: false,
      store: sessionStore(options, { ...cookieOptions, secure: isHttps }),
    })
    app.decorateRequest('visitor', null)
    app.addHook('onRequest', async (request) => {
      if (isHttps && request.protocol !== 'https') throw new Problem('connection-not-https')
      const kept = request.session.signIn
      if (!kept) return
      const now = clock().getTime()
      const isOver =
        now >= kept.signedInAt + limits.absoluteSeconds * 1000 ||
        now >= (request.session.seenAt ?? 0) + limits.idleSeconds * 1000
      if (isOver) {
        await request.session.regenerate()
        return
      }
      const isStale = now - (request.session.seenAt ?? 0) >= seenStepMilliseconds
      if (isStale) request.session.seenAt = now
      // Signed by an older key: the plugin signs the cookie of a changed session anew, and would take
      // away that of an unchanged one.
      const isOldSignature = request.cookies[cookieName] !== request.session.encryptedSessionId
      if (isOldSignature) request.session.signings = (request.session.signings ?? 0) + 1
      request.visitor = visitorFrom(kept, config, limits.absoluteSeconds)
    })
  },
  { name: 'browser-session' },
)

/** Null for strangers. */
export function visitorOf(request: FastifyRequest): Visitor | null {
  return request.visitor
}

/** Throws `sign-in-required`. */
export function requireVisitor(request: FastifyRequest): Visitor {
  if (!request.visitor) throw new Problem('sign-in-required')
  return request.visitor
}

/** A new session id for every sign-in; the old one is destroyed (session fixation, CWE-384). */
export async function beginSession(
  request: FastifyRequest,
  signIn: VerifiedSignIn,
  options: BrowserSessionOptions,
): Promise<void> {
  await keepSponsorSnapshot(options, signIn.principal)
  await request.session.regenerate()
  const now = options.clock().getTime()
  request.session.seenAt = now
  await keepSignIn(request, signIn, now, options)
}

/** New claims for a session that goes on. */
export async function renewClaims(
  request: FastifyRequest,
  signIn: VerifiedSignIn,
  options: BrowserSessionOptions,
): Promise<void> {
  await keepSponsorSnapshot(options, signIn.principal)
  const signedInAt = request.session.signIn?.signedInAt ?? options.clock().getTime()
  await keepSignIn(request, signIn, signedInAt, options)
}

async function keepSignIn(
  request: FastifyRequest,
  signIn: VerifiedSignIn,
  signedInAt: number,
  { clock, seal, config }: BrowserSessionOptions,
): Promise<void> {
  request.session.signIn = await keptFrom(signIn, signedInAt, clock().getTime(), seal)
  await request.session.save()
  const { absoluteSeconds } = config.current().server.sessions
  request.visitor = visitorFrom(request.session.signIn, config, absoluteSeconds)
}

/** Ends the session here and in the store, and tells the browser. */
export async function endSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { config }: BrowserSessionOptions,
): Promise<void> {
  const secure = config.current().server.publicUrl.protocol === 'https:'
  request.visitor = null
  await request.session.destroy()
  reply.clearCookie(sessionCookieName(secure), { ...cookieOptions, secure })
}

async function keptFrom(
  { principal, idToken, refreshToken, providerSession }: VerifiedSignIn,
  signedInAt: number,
  claimsAt: number,
  seal: Seal,
): Promise<KeptSignIn> {
  return {
    principal: { ...principal, groups: [...principal.groups] },
    signedInAt,
    claimsAt,
    providerSession,
    idToken: await seal.encrypt('id token', idToken),
    refreshToken: refreshToken === null ? null : await seal.encrypt('refresh token', refreshToken),
  }
}

function visitorFrom(kept: KeptSignIn, config: RunningConfig, absoluteSeconds: number): Visitor {
  const settings = config.current()
  const principal: Principal = { ...kept.principal, groups: new Set(kept.principal.groups) }
  const { guestPasses, auditReaders, operators } = settings
  return {
    principal,
    providerName: settings.identityProviders.get(principal.provider)?.name ?? principal.provider,
    signInEndsAt: new Date(kept.signedInAt + absoluteSeconds * 1000),
    may: {
      givePasses: guestPasses !== null && selects(guestPasses.sponsors, principal),
      readAudit: auditReaders !== null && selects(auditReaders, principal),
      operate: operators !== null && selects(operators, principal),
    },
  }
}

/** Cookie options never come back from the store, and nothing is stored for strangers. */
function sessionStore(
  { sessions, clock, config }: BrowserSessionOptions,
  cookieOfAll: Partial<Session['cookie']>,
): SessionStore {
  const expiryOf = (kept: Session) => {
    const { idleSeconds, absoluteSeconds } = config.current().server.sessions
    const now = clock().getTime()
    const idleEnd = (kept.seenAt ?? now) + idleSeconds * 1000
    const absoluteEnd = (kept.signIn?.signedInAt ?? now) + absoluteSeconds * 1000
    return new Date(Math.min(idleEnd, absoluteEnd))
  }
  return {
    get(id, done) {
      const read = async () => {
        const stored = await sessions.read(id, clock())
        const kept: unknown = stored === null ? null : JSON.parse(stored.data)
        return keptSession.Check(kept)
          ? { ...kept, cookie: { originalMaxAge: null, ...cookieOfAll } }
          : null
      }
      read().then((found) => done(null, found), done)
    },
    set(id, kept, done) {
      const { signIn, seenAt, signings, _csrf } = kept
      if (!signIn) {
        done()
        return
      }
      const stored = {
        data: JSON.stringify({ signIn, seenAt, signings, _csrf }),
        principalKey: principalKey(signIn.principal),
        providerSession: signIn.providerSession,
        expiresAt: expiryOf(kept),
      }
      sessions.write(id, stored, clock()).then(() => done(), done)
    },
    destroy(id, done) {
      sessions.end(id, clock()).then(() => done(), done)
    },
  }
}
