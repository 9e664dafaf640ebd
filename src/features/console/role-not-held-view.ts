import type { Entitlement } from '#domain/access.ts'
import type { Account } from '#domain/access-policy.ts'
import type { Principal } from '#domain/principal.ts'
import { openingPath } from '#domain/return-target.ts'
import { contactLink, type ContactLink } from '#plugins/contact-link.ts'
import { accountNumber } from '../../words/account-number.ts'
import type { Words } from '../../words/words.ts'

export interface RoleNotHeldView {
  readonly title: string
  readonly explanation: string
  readonly heading: string
  readonly account: {
    readonly name: string
    readonly number: string
    readonly colour: string
    readonly environment: string | null
  }
  readonly roles: readonly {
    readonly name: string
    readonly href: string
    readonly isCaution: boolean
    readonly meta: string
  }[]
  readonly contact: ContactLink | null
  readonly message: string
}

declare module '#plugins/views.ts' {
  interface Pages {
    'role-not-held': RoleNotHeldView
  }
}

export interface RoleNotHeldInput {
  readonly words: Words
  readonly principal: Principal
  readonly account: Account
  /** Name of the role asked for, or its slug. */
  readonly wantedName: string
  /** What this person may open in this account: at least one, or they may not see it. */
  readonly held: readonly Entitlement[]
  readonly contact: string | null
}

export function roleNotHeldView(input: RoleNotHeldInput): RoleNotHeldView {
  const { words, principal, account, wantedName, held, contact } = input
  const environment = account.environment?.name ?? null
  const who = principal.email ?? principal.displayName
  const number = accountNumber(account.id)
  return {
    title: words.roleNotHeld.title,
    explanation: words.roleNotHeld.explanation(
      words.place(account.name, environment, wantedName),
      who,
    ),
    heading: words.roleNotHeld.inAccount(account.name),
    account: {
      name: account.name,
      number,
      colour: account.environment?.colour ?? 'none',
      environment,
    },
    roles: held.map((entitlement) => heldRole(words, entitlement)),
    contact: contactLink(contact, `${account.name} / ${wantedName}`),
    message: words.roleNotHeld.messageText({
      who,
      role: wantedName,
      account: account.name,
      number,
    }),
  }
}

function heldRole(words: Words, { account, permissionSet }: Entitlement) {
  const { name, slug, description, caution, consoleSeconds } = permissionSet
  const target = {
    account: account.slug,
    permissionSet: slug,
    to: null,
    region: null,
    for: null,
  }
  return {
    name,
    href: openingPath(target, {}),
    isCaution: caution !== null,
    meta: [description, words.time.upTo(consoleSeconds)].filter(Boolean).join(' · '),
  }
}
