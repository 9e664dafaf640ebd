/** The sponsor's page: passes given, and the form for a new one. */
import type { Entitlement } from '#domain/access.ts'
import { standingOf, type GuestPass, type PassStanding } from '#domain/guest-pass.ts'
import type { FieldProblem, PassField, PassForm } from '#domain/pass-form.ts'
import type { AccessPolicy } from '#domain/access-policy.ts'
import { findAccount, type AccessRequest } from '#domain/access.ts'
import { actorOf } from '#plugins/audit-events.ts'
import type { PassCursor, PassPage } from '#ports'
import type { Language } from '../../words/language-choice.ts'
import {
  passWordsFor,
  type PassFormWords,
  type PassWords,
  type SponsorPageWords,
} from '../../words/pass-words.ts'
import type { Words } from '../../words/words.ts'

export interface PassesView {
  readonly title: string
  readonly csrfToken: string
  readonly heading: string
  readonly rows: readonly PassRow[]
  readonly showsSponsor: boolean
  /** Null where these are the newest. */
  readonly newestHref: string | null
  /** Null where there are no older ones. */
  readonly olderHref: string | null
  /** Null for people who only look on. */
  readonly form: PassFormView | null
  readonly text: SponsorPageWords
}

interface PassRow {
  readonly id: string
  readonly guest: string
  readonly email: string | null
  readonly place: PlaceView
  readonly standing: string
  readonly mark: string
  readonly untilAt: string
  readonly until: string
  readonly used: string
  readonly sponsor: string
  readonly mayEnd: boolean
}

/** Account and role as pages show them; slugs where the config no longer names them. */
export interface PlaceView {
  readonly account: string
  readonly colour: string
  readonly environment: string | null
  readonly role: string
}

interface PassFormView {
  readonly values: PassForm
  readonly once: string
  readonly faults: Readonly<Partial<Record<PassField, string>>>
  readonly hasProblems: boolean
  readonly groups: readonly {
    readonly name: string
    readonly roles: readonly {
      readonly value: string
      readonly text: string
      readonly isChosen: boolean
    }[]
  }[]
  readonly offersPin: boolean
  readonly untilHint: string
  readonly text: PassFormWords
}

declare module '#plugins/views.ts' {
  interface Pages {
    passes: PassesView
  }
}

export interface PassesInput {
  readonly words: Words
  readonly policy: AccessPolicy
  readonly page: PassPage
  readonly isFirstPage: boolean
  readonly seesAll: boolean
  mayEnd(pass: GuestPass): boolean
  readonly now: Date
  readonly csrfToken: string
  readonly giving: GivingInput | null
}

export interface GivingInput {
  readonly offers: readonly Entitlement[]
  readonly offersPin: boolean
  readonly longestSeconds: number
  readonly values: PassForm
  readonly problems: readonly FieldProblem[]
  /** Makes one pass of one form, however often it is sent. */
  readonly once: string
}

export function passesView(input: PassesInput): PassesView {
  const { words, page, seesAll, giving } = input
  const text = passWordsFor(words.language)
  return {
    title: text.sponsor.title,
    csrfToken: input.csrfToken,
    heading: seesAll ? text.sponsor.all : text.sponsor.mine,
    rows: page.passes.map((pass) => rowOf(pass, input, text.sponsor)),
    showsSponsor: seesAll,
    newestHref: input.isFirstPage ? null : '/passes',
    olderHref: page.next && `/passes?after=${cursorText(page.next)}`,
    form: giving && formView(giving, words, text),
    text: text.sponsor,
  }
}

/** Where readers of this language mostly live: a start, for the field says which zone it is. */
export function usualZone(language: Language): string {
  return language === 'ja' ? 'Asia/Tokyo' : 'UTC'
}

/** `1764061200000-0123456789ab`: when the last pass of a page was given, and which. */
export function cursorText({ givenAt, id }: PassCursor): string {
  return `${givenAt.getTime()}-${id}`
}

export function cursorFrom(text: string): PassCursor {
  const [givenAt = '', id = ''] = text.split('-')
  return { givenAt: new Date(Number(givenAt)), id }
}

export function placeOf(policy: AccessPolicy, target: AccessRequest): PlaceView {
  const account = findAccount(policy, target.account)
  return {
    account: account?.name ?? target.account,
    colour: account?.environment?.colour ?? 'none',
    environment: account?.environment?.name ?? null,
    role: policy.permissionSets.get(target.permissionSet)?.name ?? target.permissionSet,
  }
}

/** The class beside `state`: a sign before the word, colour only for what is wrong. */
export const standingMark: Readonly<Record<PassStanding, string>> = {
  usable: '',
  'not-yet': 'wait',
  ended: 'off',
  'used-up': 'off',
  revoked: 'off',
  locked: 'bad',
}

function rowOf(pass: GuestPass, input: PassesInput, text: SponsorPageWords): PassRow {
  const { words, policy, now } = input
  const standing = standingOf(pass, now)
  return {
    id: pass.id,
    guest: pass.guestName,
    email: pass.guestEmail,
    place: placeOf(policy, pass.target),
    standing: text.standing(standing, words.time.instant(pass.from)),
    mark: standingMark[standing],
    untilAt: pass.until.toISOString(),
    until: words.time.instant(pass.until),
    used: text.used(pass.openingsUsed, pass.openings),
    sponsor: actorOf(pass.sponsor).name,
    mayEnd: input.mayEnd(pass) && (standing === 'usable' || standing === 'not-yet'),
  }
}

function formView(
  { offers, offersPin, longestSeconds, values, problems, once }: GivingInput,
  words: Words,
  { form }: PassWords,
): PassFormView {
  const byEnvironment = Map.groupBy(
    offers,
    ({ account }) => account.environment?.name ?? form.noEnvironment,
  )
  return {
    values,
    once,
    faults: Object.fromEntries(
      problems.map((problem) => [problem.field, form.problem(problem, words.time)]),
    ),
    hasProblems: problems.length > 0,
    groups: [...byEnvironment].map(([name, roles]) => ({
      name,
      roles: roles.map(({ account, permissionSet }) => {
        const value = `${account.slug}/${permissionSet.slug}`
        const isChosen = value === values.role
        return { value, text: `${account.name} / ${permissionSet.name}`, isChosen }
      }),
    })),
    offersPin,
    untilHint: form.untilHint(words.time.span(longestSeconds)),
    text: form,
  }
}
