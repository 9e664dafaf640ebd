/** One mail through any number of replicas: once where it is taken, a few times where it is not. */
import type { FastifyBaseLogger } from 'fastify'
import { passKey, type GuestPass } from '#domain/guest-pass.ts'
import type { Clock, Mailer, OnceOnly } from '#ports'

/** `not-due`: sent before, given up before, or being sent. */
export type MailOutcome = 'sent' | 'failed' | 'given-up' | 'not-due'

export interface RepeatedMailOptions {
  readonly clock: Clock
  readonly onceOnly: OnceOnly
  readonly mailer: Mailer
  readonly log: Pick<FastifyBaseLogger, 'error'>
  onOutcome?(outcome: MailOutcome): void
}

export interface MailToSend {
  /** One per mail and address. */
  readonly name: string
  /** For as long as it could be due. */
  readonly keptUntil: Date
  readonly pass: GuestPass
}

/** At the runs of an hour: a mail server that is down for longer wants somebody to look at it. */
export const mostTries = 4
/** Below the time between two runs, and longer than any mail server is waited for. */
const leaseMilliseconds = 840_000

/**
 * Each try is a key that is taken once. A mail that was taken takes the keys of all further tries
 * along; the lease keeps a second replica from trying while the first one does. Where the process dies
 * between, the mail may go out twice.
 */
export async function sendWithRetries(
  options: RepeatedMailOptions,
  mail: MailToSend,
  message: () => Promise<Parameters<Mailer['send']>[0]>,
): Promise<MailOutcome> {
  const outcome = await attempt(options, mail, message)
  if (outcome !== 'not-due') options.onOutcome?.(outcome)
  return outcome
}

async function attempt(
  { clock, onceOnly, mailer, log }: RepeatedMailOptions,
  { name, keptUntil, pass }: MailToSend,
  message: () => Promise<Parameters<Mailer['send']>[0]>,
): Promise<MailOutcome> {
  const leaseUntil = new Date(clock().getTime() + leaseMilliseconds)
  if (!(await onceOnly.take(`${name} lease`, leaseUntil))) return 'not-due'
  const take = (number: number) => onceOnly.take(`${name} try ${number}`, keptUntil)
  let number = 1
  while (number <= mostTries && !(await take(number))) number += 1
  if (number > mostTries) return 'not-due'
  try {
    await mailer.send(await message())
  } catch (error) {
    const isLast = number === mostTries
    const facts = { err: error, pass: passKey(pass), try: number }
    log.error(facts, isLast ? 'a mail about a guest pass was given up' : notTaken)
    return isLast ? 'given-up' : 'failed'
  }
  for (let later = number + 1; later <= mostTries; later += 1) await take(later)
  return 'sent'
}

const notTaken = 'a mail about a guest pass was not taken, and will be tried again'
