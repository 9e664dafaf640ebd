/** The words of guest passes: the guest's page, the sponsor's pages, and mail. */
import type { AuditEventType } from '../domain/audit-event.ts'
import type { FieldProblem, PassField } from '../domain/pass-form.ts'
import type { PassStanding } from '../domain/guest-pass.ts'
import { enPasses } from './en-passes.ts'
import { jaPasses } from './ja-passes.ts'
import type { Language } from './language-choice.ts'

export interface PassWords {
  readonly guest: GuestPageWords
  readonly sponsor: SponsorPageWords
  readonly form: PassFormWords
  readonly given: PassGivenWords
  readonly report: PassReportWords
  readonly mail: PassMailWords
}

export interface GuestPageWords {
  title(guest: string): string
  invitation(sponsor: string): string
  readonly from: string
  readonly until: string
  readonly invitedBy: string
  openingsLeft(left: number | null): string
  readonly pin: string
  pinHint(sponsor: string): string
  readonly terms: string
  /** Where the config has none, one line each. */
  usualTerms(sponsor: string): readonly string[]
  readonly accept: string
  readonly open: string
  readonly boundToEmail: string
  continueWith(provider: string): string
  otherPerson(who: string): string
  readonly notYet: string
  readonly termsNotAccepted: string
  readonly pinMalformed: string
  wrongPin(triesLeft: number): string
  readonly readyTitle: string
  ready(role: string, account: string): string
  readonly toConsole: string
}

export interface SponsorPageWords {
  readonly title: string
  readonly explanation: string
  readonly mine: string
  readonly all: string
  readonly none: string
  readonly guest: string
  readonly role: string
  readonly state: string
  readonly until: string
  readonly openings: string
  readonly sponsor: string
  readonly change: string
  readonly endNow: string
  readonly pages: string
  readonly newest: string
  readonly older: string
  standing(standing: PassStanding, from: string): string
  used(used: number, of: number | null): string
}

export interface PassFormWords {
  readonly title: string
  readonly nothingToGive: string
  readonly hasProblems: string
  readonly label: Readonly<Record<PassField, string>>
  readonly byEmail: string
  readonly byEmailHint: string
  readonly byPin: string
  readonly byPinHint: string
  readonly chooseRole: string
  readonly noEnvironment: string
  readonly toHint: string
  untilHint(longest: string): string
  readonly zone: string
  readonly openingsHint: string
  readonly reasonHint: string
  readonly emailHint: string
  readonly submit: string
  readonly afterwards: string
  problem(
    problem: FieldProblem,
    spell: { span(seconds: number): string; instant(at: Date): string },
  ): string
}

export interface PassGivenWords {
  title(guest: string): string
  readonly once: string
  readonly link: string
  readonly copyLink: string
  readonly pin: string
  readonly pinHint: string
  emailHint(email: string): string
  mailSent(email: string): string
  readonly mailFailed: string
  readonly toReport: string
  readonly toPasses: string
}

export interface PassReportWords {
  title(guest: string): string
  readonly facts: string
  readonly email: string
  readonly reason: string
  readonly given: string
  readonly from: string
  readonly termsAccepted: string
  readonly neverAccepted: string
  readonly events: string
  readonly noEvents: string
  readonly when: string
  readonly what: string
  readonly address: string
  readonly ends: string
  readonly requestId: string
  readonly csv: string
  readonly extend: string
  extendHint(latest: string): string
  readonly extendNow: string
  /** What happened, before the new end. */
  readonly endMoved: string
  readonly end: string
  readonly endHint: string
  readonly ended: string
  readonly cut: string
  cutHint(roleArn: string): string
  readonly cutReaches: readonly string[]
  readonly copyPolicy: string
  readonly backToPasses: string
  event(type: AuditEventType): string
  refusal(reason: string): string
}

export interface MailText {
  readonly subject: string
  readonly text: string
}

export interface PassMailFacts {
  readonly guest: string
  readonly sponsor: string
  readonly place: string
  readonly from: string
  readonly until: string
}

export interface PassMailWords {
  invitation(facts: PassMailFacts & { readonly link: string; readonly asksPin: boolean }): MailText
  reminder(facts: PassMailFacts): MailText
  summary(
    facts: PassMailFacts & {
      readonly openings: readonly string[]
      readonly isRevoked: boolean
      readonly report: string
    },
  ): MailText
}

const byLanguage: Readonly<Record<Language, PassWords>> = { en: enPasses, ja: jaPasses }

export function passWordsFor(language: Language): PassWords {
  return byLanguage[language]
}
