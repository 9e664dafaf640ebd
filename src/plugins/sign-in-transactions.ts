/**
 * What a sign-in attempt remembers between start and callback: one sealed cookie an attempt, so that
 * two tabs do not break each other and a stranger costs the store nothing.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { createHash, randomBytes } from 'node:crypto'
import { Type } from 'typebox'
import { Check } from 'typebox/schema'
import { readReturnTarget, returnPath, type ReturnTarget } from '#domain/return-target.ts'
import type { Clock, OnceOnly, SignInTransaction } from '#ports'
import type { Seal } from './seal.ts'

/** Was the wish to open something the person's own, when it was first seen? After the provider's
 * redirect the browser calls everything cross-site. */
export type Intent = 'own' | 'ask'

export interface SignInAttempt {
  readonly transaction: SignInTransaction
  readonly target: ReturnTarget
  readonly intent: Intent
  /** A renewal asks the provider without a form (`prompt=none`). */
  readonly isSilent: boolean
}

export type FoundAttempt =
  | { readonly outcome: 'attempt'; readonly attempt: SignInAttempt }
  | { readonly outcome: 'none' | 'expired' | 'replayed' }

const Kept = Type.Object({
  provider: Type.String(),
  state: Type.String(),
  nonce: Type.String(),
  codeVerifier: Type.String(),
  startedAt: Type.Number(),
  target: Type.String(),
  intent: Type.Union([Type.Literal('own'), Type.Literal('ask')]),
  isSilent: Type.Boolean(),
})

const mostAttempts = 5
/** Node refuses requests with more than 16 KiB of headers. */
const mostCookieBytes = 9_000

export interface SignInTransactionsOptions {
  readonly isHttps: boolean
  readonly attemptSeconds: number
  readonly seal: Seal
  readonly clock: Clock
  readonly onceOnly: OnceOnly
}

export function createSignInTransactions(options: SignInTransactionsOptions) {
  const { isHttps, attemptSeconds, seal, clock, onceOnly } = options
  const prefix = isHttps ? '__Host-tx-' : 'tx-'
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure: isHttps } as const

  return {
    async start(
      request: FastifyRequest,
      reply: FastifyReply,
      wanted: Omit<SignInAttempt, 'transaction'> & { readonly provider: string },
    ): Promise<SignInTransaction> {
      const random = () => randomBytes(32).toString('base64url')
      const transaction: SignInTransaction = {
        provider: wanted.provider,
        state: random(),
        nonce: random(),
        codeVerifier: random(),
        startedAt: clock(),
      }
      const sealed = await seal.encrypt('sign-in', textOf({ ...wanted, transaction }))
      for (const name of surplus(request, prefix, sealed.length))
        reply.clearCookie(name, attributes)
      reply.setCookie(prefix + tagOf(transaction.state), sealed, {
        ...attributes,
        maxAge: attemptSeconds,
      })
      return transaction
    },

    /** Takes the attempt: its cookie goes, and its state is good once in all replicas. */
    async take(request: FastifyRequest, reply: FastifyReply, state: string): Promise<FoundAttempt> {
      const name = prefix + tagOf(state)
      const sealed = request.cookies[name]
      if (sealed === undefined) return { outcome: 'none' }
      reply.clearCookie(name, attributes)

      const attempt = attemptFrom(await seal.decrypt('sign-in', sealed))
      if (attempt?.transaction.state !== state) return { outcome: 'none' }
      const endsAt = attempt.transaction.startedAt.getTime() + attemptSeconds * 1000
      if (clock().getTime() >= endsAt) return { outcome: 'expired' }
      const isFirst = await onceOnly.take(`state ${hashOf(state)}`, new Date(endsAt))
      return isFirst ? { outcome: 'attempt', attempt } : { outcome: 'replayed' }
    },
  }
}

export type SignInTransactions = ReturnType<typeof createSignInTransactions>

function textOf({ transaction, target, intent, isSilent }: SignInAttempt): string {
  const startedAt = transaction.startedAt.getTime()
  return JSON.stringify({ ...transaction, startedAt, target: returnPath(target), intent, isSilent })
}

function attemptFrom(text: string | null): SignInAttempt | null {
  const kept: unknown = text === null ? null : JSON.parse(text)
  if (!Check(Kept, kept)) return null
  const { target, intent, isSilent, startedAt, ...transaction } = kept
  const readTarget = readReturnTarget(target)
  return readTarget
    ? {
        transaction: { ...transaction, startedAt: new Date(startedAt) },
        target: readTarget,
        intent,
        isSilent,
      }
    : null
}

/** Cookies arrive oldest first (RFC 6265, 5.4): the first ones go until the new one fits. */
function surplus(request: FastifyRequest, prefix: string, newBytes: number): string[] {
  const kept = Object.entries(request.cookies).filter(([name]) => name.startsWith(prefix))
  let bytes = kept.reduce((sum, [, value]) => sum + (value?.length ?? 0), newBytes)
  const goes: string[] = []
  for (const [name, value] of kept) {
    if (kept.length - goes.length < mostAttempts && bytes <= mostCookieBytes) break
    goes.push(name)
    bytes -= value?.length ?? 0
  }
  return goes
}

function hashOf(state: string): string {
  return createHash('sha256').update(state).digest('hex')
}

function tagOf(state: string): string {
  return hashOf(state).slice(0, 12)
}
