/**
 * Mail that nobody asks for by a click: before a pass ends, to the guest and the sponsor; when it is
 * over, to the sponsor. Run from time to time by each replica: each mail goes out once, and one that
 * was not taken goes out at a later run, a few times at most.
 */
import type { FastifyBaseLogger } from 'fastify'
import { verifiedEmail } from '#domain/access.ts'
import { passKey, standingOf, type GuestPass } from '#domain/guest-pass.ts'
import type { AuditTrail, Clock, GuestPasses, Mailer, OnceOnly, RunningConfig } from '#ports'
import { languages, type Language } from '../../words/language-choice.ts'
import { passWordsFor, type MailText } from '../../words/pass-words.ts'
import { wordsFor } from '../../words/words.ts'
import { mailFacts } from './pass-mail.ts'
import { sendWithRetries, type MailOutcome } from './repeated-mail.ts'

export interface ReminderOptions {
  readonly config: RunningConfig
  readonly clock: Clock
  readonly passes: GuestPasses
  readonly trail: AuditTrail
  readonly onceOnly: OnceOnly
  readonly mailer: Mailer
  readonly log: Pick<FastifyBaseLogger, 'error'>
  onOutcome?(outcome: MailOutcome): void
}

const dayMilliseconds = 86_400_000
const earliestReminder = 2 * dayMilliseconds
/** A replica that was down for longer sends no summary of what ended meanwhile. */
const latestSummary = 7 * dayMilliseconds

/** Gives the number of mails sent. */
export async function sendDueMail(options: ReminderOptions): Promise<number> {
  const now = options.clock()
  const from = new Date(now.getTime() - latestSummary)
  const until = new Date(now.getTime() + earliestReminder)
  let sent = 0
  for (const pass of await options.passes.endingBetween(from, until)) {
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
  const to = [pass.guestEmail, verifiedEmail(pass.sponsor)].filter((address) => address !== null)
  return sendAll(options, pass, 'reminder', to, async (language) =>
    passWordsFor(language).mail.reminder(factsIn(options, pass, language)),
  )
}

async function summarise(options: ReminderOptions, pass: GuestPass): Promise<number> {
  const to = verifiedEmail(pass.sponsor)
  if (to === null) return 0
  const { publicUrl } = options.config.current().server
  return sendAll(options, pass, 'summary', [to], async (language) =>
    passWordsFor(language).mail.summary({
      ...factsIn(options, pass, language),
      openings: (await openingsOf(options, pass)).map((at) => wordsFor(language).time.instant(at)),
      isRevoked: pass.revokedAt !== null,
      report: new URL(`/passes/${pass.id}`, publicUrl).href,
    }),
  )
}

async function openingsOf({ trail }: ReminderOptions, pass: GuestPass): Promise<Date[]> {
  const opened: Date[] = []
  const query = { actorKey: passKey(pass), type: 'console.opened' }
  for await (const { at } of trail.stream(query)) opened.push(at)
  return opened
}

/** In every language, one below the other: nobody asked on a page, so nobody's language is known. */
async function sendAll(
  options: ReminderOptions,
  pass: GuestPass,
  mail: 'reminder' | 'summary',
  addresses: readonly string[],
  textIn: (language: Language) => Promise<MailText>,
): Promise<number> {
  const keptUntil = new Date(pass.until.getTime() + latestSummary + dayMilliseconds)
  let sent = 0
  for (const to of addresses) {
    // A pass that was prolonged ends once more.
    const name = `pass mail ${mail} ${pass.id} ${pass.until.toISOString()} ${to}`
    const outcome = await sendWithRetries(options, { name, keptUntil, pass }, async () => {
      const texts = await Promise.all(languages.map(textIn))
      const subject = texts.map((text) => text.subject).join(' / ')
      return { to, subject, text: texts.map((one) => one.text).join('\n\n----\n\n') }
    })
    if (outcome === 'sent') sent += 1
  }
  return sent
}

function factsIn({ config }: ReminderOptions, pass: GuestPass, language: Language) {
  return mailFacts(wordsFor(language), config.current().policy, pass)
}
