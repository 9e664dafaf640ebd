/** The guest's page: what one pass opens, and nothing else of the company. */
import type { Entitlement } from '#domain/access.ts'
import type { GuestPass } from '#domain/guest-pass.ts'
import type { GuestPageWords } from '../../words/pass-words.ts'
import { passWordsFor } from '../../words/pass-words.ts'
import type { Words } from '../../words/words.ts'
import type { GuestTerms } from './guest-terms.ts'

export interface PassView {
  readonly title: string
  readonly invitation: string
  readonly account: {
    readonly name: string
    readonly colour: string
    readonly environment: string | null
  }
  readonly role: {
    readonly name: string
    readonly description: string | null
    readonly caution: string | null
  }
  readonly begins: { readonly at: string; readonly text: string } | null
  readonly until: { readonly at: string; readonly text: string; readonly openings: string }
  readonly sponsor: { readonly name: string; readonly email: string | null }
  /** What keeps this visitor from going on, or what was wrong with the try before. */
  readonly note: string | null
  readonly form: {
    readonly action: string
    readonly pinHint: string | null
    readonly terms: GuestTerms
  } | null
  readonly choices: readonly { readonly text: string; readonly href: string }[]
  readonly text: GuestPageWords
}

declare module '#plugins/views.ts' {
  interface Pages {
    pass: PassView
  }
}

/** Who looks at the page of a pass that is bound to an e-mail. */
export type PassViewer =
  | { readonly kind: 'holder' }
  | { readonly kind: 'stranger' }
  | { readonly kind: 'other'; readonly name: string }

export interface PassViewInput {
  readonly words: Words
  readonly pass: GuestPass
  readonly entitlement: Entitlement
  readonly hasBegun: boolean
  readonly viewer: PassViewer
  readonly sponsorEmail: string | null
  readonly terms: GuestTerms
  readonly action: string
  readonly providers: readonly { readonly name: string; readonly href: string }[]
  readonly fault: PassFault | null
}

export type PassFault =
  | { readonly fault: 'terms' | 'pin-malformed' }
  | { readonly fault: 'wrong-pin'; readonly triesLeft: number }

export function passView(input: PassViewInput): PassView {
  const { words, pass, entitlement, hasBegun, viewer, providers } = input
  const { account, permissionSet, endsAt } = entitlement
  const text = passWordsFor(words.language).guest
  const until = endsAt ?? pass.until
  const isHolder = viewer.kind === 'holder'
  return {
    title: text.title(pass.guestName),
    invitation: text.invitation(pass.sponsor.displayName),
    account: {
      name: account.name,
      colour: account.environment?.colour ?? 'none',
      environment: account.environment?.name ?? null,
    },
    role: {
      name: permissionSet.name,
      description: permissionSet.description,
      caution: permissionSet.caution,
    },
    begins: hasBegun ? null : { at: pass.from.toISOString(), text: words.time.instant(pass.from) },
    until: {
      at: until.toISOString(),
      text: words.time.instant(until),
      openings: text.openingsLeft(
        pass.openings === null ? null : pass.openings - pass.openingsUsed,
      ),
    },
    sponsor: { name: pass.sponsor.displayName, email: input.sponsorEmail },
    note: noteFor(input, text),
    form: isHolder && hasBegun ? formOf(input, text) : null,
    choices:
      isHolder || !hasBegun
        ? []
        : providers.map(({ name, href }) => ({ text: text.continueWith(name), href })),
    text,
  }
}

export interface PassReadyView {
  readonly title: string
  readonly explanation: string
  readonly href: string
  readonly button: string
}

declare module '#plugins/views.ts' {
  interface Pages {
    'pass-ready': PassReadyView
  }
}

export function passReadyView(words: Words, { account, permissionSet }: Entitlement, href: string) {
  const text = passWordsFor(words.language).guest
  return {
    title: text.readyTitle,
    explanation: text.ready(permissionSet.name, account.name),
    href,
    button: text.toConsole,
  } satisfies PassReadyView
}

function noteFor({ hasBegun, viewer, fault }: PassViewInput, text: GuestPageWords): string | null {
  if (!hasBegun) return text.notYet
  if (viewer.kind === 'stranger') return text.boundToEmail
  if (viewer.kind === 'other') return text.otherPerson(viewer.name)
  switch (fault?.fault) {
    case 'terms':
      return text.termsNotAccepted
    case 'pin-malformed':
      return text.pinMalformed
    case 'wrong-pin':
      return text.wrongPin(fault.triesLeft)
    case undefined:
      return null
    default:
      return fault satisfies never
  }
}

function formOf({ pass, terms, action }: PassViewInput, text: GuestPageWords) {
  return {
    action,
    pinHint: pass.kind === 'link-and-pin' ? text.pinHint(pass.sponsor.displayName) : null,
    terms,
  }
}
