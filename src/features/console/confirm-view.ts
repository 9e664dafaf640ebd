import type { Entitlement } from '#domain/access.ts'
import { defaultDestination } from '#domain/opening-plan.ts'
import type { Principal } from '#domain/principal.ts'
import { accountNumber } from '../../words/account-number.ts'
import type { Words } from '../../words/words.ts'

export interface ConfirmView {
  readonly title: string
  /** Why there is a question. */
  readonly why: string
  readonly account: {
    readonly name: string
    readonly number: string
    readonly colour: string
    readonly environment: string | null
  }
  readonly role: { readonly name: string; readonly caution: string | null }
  readonly page: { readonly title: string; readonly address: string | null }
  readonly region: string
  readonly ends: { readonly at: string; readonly text: string; readonly lasts: string }
  readonly person: { readonly name: string; readonly email: string | null }
  /** Said where the link names a page of its own. */
  readonly warning: string | null
  readonly continueUrl: string
  readonly continueText: string
}

declare module '#plugins/views.ts' {
  interface Pages {
    confirm: ConfirmView
  }
}

export interface ConfirmInput {
  readonly words: Words
  readonly principal: Principal
  readonly entitlement: Entitlement
  /** A path or an https URL, as `readDestination` gave it. */
  readonly destination: string
  readonly region: string | null
  readonly wantedSeconds: number
  readonly endsAt: Date
  readonly continueUrl: string
  /** Host that the link stood on; null where the browser does not say. */
  readonly cameFrom: string | null
  /** Our own host: a link from there is no surprise. */
  readonly ownHost?: string
}

export function confirmView(input: ConfirmInput): ConfirmView {
  const { words, principal, entitlement, destination, endsAt, wantedSeconds } = input
  const { account, permissionSet } = entitlement
  const environment = account.environment?.name ?? null
  const isUsual = destination === (permissionSet.destination ?? account.destination)
  const isHome = destination === defaultDestination
  return {
    title: words.confirm.title(
      words.firstName(principal.displayName),
      words.place(account.name, environment, permissionSet.name),
    ),
    why: whyAsked(input),
    account: {
      name: account.name,
      number: accountNumber(account.id),
      colour: account.environment?.colour ?? 'none',
      environment,
    },
    role: { name: permissionSet.name, caution: permissionSet.caution },
    page: pageOf(destination, words),
    region: input.region ?? words.roleFacts.anyRegion,
    ends: {
      at: endsAt.toISOString(),
      text: words.time.instant(endsAt),
      lasts: words.confirm.lasts(
        words.time.span(wantedSeconds),
        wantedSeconds >= permissionSet.consoleSeconds,
      ),
    },
    person: { name: principal.displayName, email: principal.email },
    warning: isUsual || isHome ? null : words.confirm.readThere,
    continueUrl: input.continueUrl,
    continueText: words.confirm.continueTo(permissionSet.name),
  }
}

function whyAsked({ words, entitlement, cameFrom, ownHost }: ConfirmInput): string {
  if (cameFrom !== null && cameFrom !== ownHost) return words.confirm.fromHost(cameFrom)
  if (entitlement.permissionSet.caution !== null) return words.confirm.cautionAsks
  return cameFrom === null ? words.confirm.fromElsewhere : words.confirm.fromOurs
}

/** The host only where the address names one: a path opens on the Region's console. */
function pageOf(destination: string, words: Words): ConfirmView['page'] {
  if (destination === defaultDestination) return { title: words.roleFacts.startPage, address: null }
  if (destination.startsWith('/')) return { title: destination, address: null }
  const { host, pathname, search, hash } = new URL(destination)
  return { title: host, address: `${pathname}${search}${hash}` }
}
