/** From a sponsor's form to a pass: recorded first, stored with hashes only, mailed where it can be. */
import { consoleOverrideOf } from '#domain/console-override.ts'
import type { FastifyRequest } from 'fastify'
import type { Entitlement } from '#domain/access.ts'
import { passKey } from '#domain/guest-pass.ts'
import { readPassForm, type FieldProblem, type PassForm, type PassWish } from '#domain/pass-form.ts'
import { judgeWish } from '#domain/pass-giving.ts'
import type { Principal } from '#domain/principal.ts'
import { actorOf, eventOf } from '#plugins/audit-events.ts'
import type { BrowserSessionOptions } from '#plugins/browser-session.ts'
import { languageOf } from '#plugins/language.ts'
import type { AuditTrail, GuestPasses, Mailer, NewGuestPass } from '#ports'
import { passWordsFor } from '../../words/pass-words.ts'
import { wordsFor } from '../../words/words.ts'
import type { MailOutcome } from './pass-given-view.ts'
import { mailFacts } from './pass-mail.ts'
import { hashOfPin, hashOfToken, newPassId, newPassToken, newPin } from './pass-secrets.ts'

export interface GivingOptions {
  readonly session: BrowserSessionOptions
  readonly passes: GuestPasses
  readonly trail: AuditTrail
  /** Null where the config names no mail server. */
  readonly mailer: Mailer | null
}

export type FormJudgement =
  | { readonly outcome: 'granted'; readonly wish: PassWish; readonly entitlement: Entitlement }
  | { readonly outcome: 'refused'; readonly problems: readonly FieldProblem[] }

export function judgeForm(
  { config, clock }: BrowserSessionOptions,
  sponsor: Principal,
  form: PassForm,
): FormJudgement {
  const reading = readPassForm(form)
  if (reading.outcome === 'refused') return reading
  const { wish } = reading
  const settings = config.current()
  const override = consoleOverrideOf(settings.aws)
  const judgement = judgeWish(settings, sponsor, wish, override, clock())
  return judgement.outcome === 'granted' ? { ...judgement, wish } : judgement
}

export interface GivenPass {
  readonly pass: NewGuestPass
  /** Shown once, and never kept. */
  readonly link: URL
  readonly pin: string | null
}

export async function givePass(
  { session, passes, trail }: GivingOptions,
  request: FastifyRequest,
  sponsor: Principal,
  { wish, entitlement }: Extract<FormJudgement, { outcome: 'granted' }>,
): Promise<GivenPass> {
  const { account, permissionSet } = entitlement
  const token = newPassToken()
  const pin = wish.kind === 'link-and-pin' ? newPin() : null
  const pass: NewGuestPass = {
    ...wish,
    id: newPassId(),
    target: { account: account.slug, permissionSet: permissionSet.slug },
    sponsor,
    givenAt: session.clock(),
    tokenHash: hashOfToken(token),
    pinHash: pin === null ? null : await hashOfPin(pin),
  }
  await trail.record(
    eventOf(request, 'pass.given', actorOf(sponsor), {
      accountId: account.id,
      account: account.slug,
      permissionSet: permissionSet.slug,
      reason: entitlement.assignment,
      details: {
        pass: pass.id,
        guest: pass.guestName,
        guestEmail: pass.guestEmail,
        kind: pass.kind,
        from: pass.from.toISOString(),
        until: pass.until.toISOString(),
        openings: pass.openings,
        why: pass.reason,
      },
    }),
  )
  await passes.give(pass)
  const { publicUrl } = session.config.current().server
  return { pass, link: new URL(`/pass/${token}`, publicUrl), pin }
}

/** The link, never the PIN: who reads one mail must not be able to open the pass. */
export async function invite(
  { session, mailer }: GivingOptions,
  request: FastifyRequest,
  { pass, link, pin }: GivenPass,
): Promise<MailOutcome> {
  if (!mailer || pass.guestEmail === null) return 'none'
  const words = wordsFor(languageOf(request))
  const facts = mailFacts(words, session.config.current().policy, pass)
  const invitation = passWordsFor(words.language).mail.invitation({
    ...facts,
    link: link.href,
    asksPin: pin !== null,
  })
  return mailer.send({ to: pass.guestEmail, ...invitation }).then(
    () => 'sent' as const,
    (error: unknown) => {
      request.log.error({ err: error, pass: passKey(pass) }, 'an invitation could not be mailed')
      return 'failed' as const
    },
  )
}
