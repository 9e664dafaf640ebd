/**
 * Mail that nobody asks for by a click: before a pass ends, to the guest and the sponsor; when it is
 * over, to the sponsor. Run from time to time by each replica: each mail goes out once.
 */
import type { FastifyBaseLogger } from 'fastify'
import { verifiedEmail } from '#domain/access.ts'
import { passKey, standingOf, type GuestPass } from '#domain/guest-pass.ts'
import type { AuditTrail, Clock, GuestPasses, Mailer, OnceOnly, RunningConfig } from '#ports'
import { languages, type Language } from '../../words/language-choice.ts'
import { passWordsFor, type MailText } from '../../words/pass-words.ts'
import { wordsFor } from '../../words/words.ts'
import { mailFacts } from './pass-mail.ts'

export interface ReminderOptions {
  readonly config: RunningConfig
  readonly clock: Clock
  readonly passes: GuestPasses
  readonly trail: AuditTrail
  readonly onceOnly: OnceOnly
  readonly mailer: Mailer
  readonly log: Pick<FastifyBaseLogger, 'error'>
}

const dayMilliseconds = 86_400_000
const earliestReminder = 2 * dayMilliseconds
/** A replica that was down for longer sends no summary of what ended meanwhile. */
const latestSummary = 7 * dayMilliseconds

/** Gives the number of mails sent. A mail that is not taken is logged, and not tried again. */
export async function sendDueMail(options: ReminderOptions): Promise<number> {
  const now = options.clock()
  let sent = 0
  for (const pass of await options.passes.list(null)) {
    if (isEndingSoon(pass, now)) sent += await remind(options, pass)
    else if (isJustOver(pass, now)) sent += await summarise(options, pass)
  }
  return sent
}

/** In the last two days, or the last quarter of a shorter pass. */
export function isEndingSoon(pass: GuestPass, now: Date): boolean {
  const [start, end] = [pass.from.getTime(), pass.until.getTime()]
  const lead = Math.min(earliestReminder, (end - start) / 4)
  return standingOf(pass, now) === 'usable' && now.getTime() >= end - lead
}

export function isJustOver(pass: GuestPass, now: Date): boolean {
  const endedAt = Math.min(pass.until.getTime(), pass.revokedAt?.getTime() ?? Infinity)
  return now.getTime() >= endedAt && now.getTime() < endedAt + latestSummary
}

async function remind(options: ReminderOptions, pass: GuestPass): Promise<number> {
  if (!(await isFirst(options, 'reminder', pass))) return 0
  const to = [pass.guestEmail, verifiedEmail(pass.sponsor)].filter((address) => address !== null)
  return sendAll(options, pass, to, (language) =>
    passWordsFor(language).mail.reminder(factsIn(options, pass, language)),
  )
}

async function summarise(options: ReminderOptions, pass: GuestPass): Promise<number> {
  const to = verifiedEmail(pass.sponsor)
  if (to === null || !(await isFirst(options, 'summary', pass))) return 0
  const opened: Date[] = []
  const query = { actorKey: passKey(pass), type: 'console.opened' }
  for await (const { at } of options.trail.stream(query)) opened.push(at)
  const { publicUrl } = options.config.current().server
  return sendAll(options, pass, [to], (language) =>
    passWordsFor(language).mail.summary({
      ...factsIn(options, pass, language),
      openings: opened.map((at) => wordsFor(language).time.instant(at)),
      isRevoked: pass.revokedAt !== null,
      report: new URL(`/passes/${pass.id}`, publicUrl).href,
    }),
  )
}

/** In every language, one below the other: nobody asked on a page, so nobody's language is known. */
async function sendAll(
  { mailer, log }: ReminderOptions,
  pass: GuestPass,
  addresses: readonly string[],
  textIn: (language: Language) => MailText,
): Promise<number> {
  const texts = languages.map(textIn)
  const subject = texts.map((text) => text.subject).join(' / ')
  const text = texts.map((one) => one.text).join('\n\n----\n\n')
  let sent = 0
  for (const to of addresses) {
    await mailer.send({ to, subject, text }).then(
      () => (sent += 1),
      (error: unknown) => {
        log.error({ err: error, pass: passKey(pass) }, 'a mail about a guest pass was not taken')
      },
    )
  }
  return sent
}

/** Through all replicas, for as long as the mail could be due. */
function isFirst(
  { onceOnly }: ReminderOptions,
  mail: 'reminder' | 'summary',
  pass: GuestPass,
): Promise<boolean> {
  const until = new Date(pass.until.getTime() + latestSummary + dayMilliseconds)
  return onceOnly.take(`pass mail ${mail} ${pass.id}`, until)
}

function factsIn({ config }: ReminderOptions, pass: GuestPass, language: Language) {
  return mailFacts(wordsFor(language), config.current().policy, pass)
}
