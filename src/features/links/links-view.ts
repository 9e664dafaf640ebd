import type { Entitlement } from '#domain/access.ts'
import type { Account } from '#domain/access-policy.ts'
import type { ConsoleAddress } from '#domain/console-link.ts'
import { consolePageOf } from '#domain/console-page.ts'
import { defaultDestination } from '#domain/opening-plan.ts'
import type { NamedLink } from '#domain/settings.ts'
import { accountNumber } from '../../words/account-number.ts'
import type { LinksWords } from '../../words/links-words.ts'
import { isOtherPartition, type LinkMaking, type LinkWish } from './link-making.ts'

export interface LinksView {
  readonly title: string
  readonly links: LinksWords
  readonly url: string
  readonly accounts: readonly Choice[]
  readonly roles: readonly Choice[]
  /** Shown beside the account's field; null where the address names none. */
  readonly found: string | null
  /** Why there is no link, though something was pasted. */
  readonly refusal: string | null
  /** What the person should know about the link that was made. */
  readonly notes: readonly string[]
  readonly made: MadeLink | null
  readonly named: readonly NamedRow[]
}

interface Choice {
  readonly value: string
  readonly text: string
  readonly isChosen: boolean
}

interface Place {
  readonly account: string
  readonly colour: string
  readonly environment: string | null
  readonly role: string
  readonly page: { readonly title: string; readonly name: string | null }
}

interface MadeLink extends Place {
  readonly path: string
  readonly address: string
  readonly number: string
  readonly caution: string | null
  readonly region: string
}

interface NamedRow extends Place {
  readonly name: string
  readonly path: string
  readonly copyText: string
}

declare module '#plugins/views.ts' {
  interface Pages {
    links: LinksView
  }
}

export interface LinksInput {
  readonly links: LinksWords
  readonly entitlements: readonly Entitlement[]
  readonly wish: LinkWish
  readonly making: LinkMaking
  /** Named links that this person may open, and by which entitlement. */
  readonly named: readonly { readonly link: NamedLink; readonly entitlement: Entitlement }[]
  readonly publicUrl: URL
}

export function linksView(input: LinksInput): LinksView {
  const { links, wish, making, named } = input
  const { reading } = making
  const address = reading?.outcome === 'console-page' ? reading : null
  const made = madeLink(input, address)
  return {
    title: links.title,
    links,
    url: wish.url,
    accounts: accountChoices(input),
    roles: roleChoices(input),
    found: address?.accountId ? links.found(accountNumber(address.accountId)) : null,
    refusal: made === null ? refusalText(input) : null,
    notes: made === null || address === null ? [] : notesOn(input, address),
    made,
    named: byAccount(named).map(({ link, entitlement }) => namedRow(links, link, entitlement)),
  }
}

function accountChoices({ links, entitlements, making }: LinksInput): Choice[] {
  const accounts = new Set(entitlements.map(({ account }) => account))
  return [
    { value: '', text: links.accountInAddress, isChosen: making.account === null },
    ...[...accounts].map((account) => ({
      value: account.slug,
      text: `${placeOf(account)} (${accountNumber(account.id)})`,
      isChosen: account === making.account,
    })),
  ]
}

function roleChoices({ links, wish, making }: LinksInput): Choice[] {
  const chosen = making.chosen?.permissionSet.slug ?? wish.role
  return [
    { value: '', text: links.firstRole, isChosen: false },
    ...making.roles.map(({ permissionSet: { slug, name } }) => ({
      value: slug,
      text: name,
      isChosen: slug === chosen,
    })),
  ]
}

/** Null also where nothing was pasted. */
function refusalText({ links, entitlements, making }: LinksInput): string | null {
  const { reading, account } = making
  if (entitlements.length === 0) return links.noRoles
  if (reading === null) return null
  if (reading.outcome === 'refused') return links.refusals[reading.reason](reading.host)
  if (account !== null) return isOtherPartition(reading, account) ? links.otherPartition : null
  return reading.accountId === null
    ? links.chooseAccount
    : links.notHeld(accountNumber(reading.accountId))
}

function notesOn({ links, wish, making }: LinksInput, address: ConsoleAddress): string[] {
  const { account, chosen } = making
  if (account === null) return []
  const { accountId, sessionPart, hadSignInTraces } = address
  const isOther = accountId !== null && accountId !== account.id
  const isOtherRole = wish.role !== '' && wish.role !== chosen?.permissionSet.slug
  return [
    ...(isOther ? [links.otherAccount(accountNumber(accountId), placeOf(account))] : []),
    ...(isOtherRole ? [links.roleNotThere(wish.role, placeOf(account))] : []),
    ...(sessionPart === null ? [] : [links.leftOutSession(sessionPart)]),
    ...(hadSignInTraces ? [links.leftOutSignIn] : []),
  ]
}

function madeLink(
  { links, making, publicUrl }: LinksInput,
  address: ConsoleAddress | null,
): MadeLink | null {
  const { chosen, path } = making
  if (chosen === null || path === null || address === null) return null
  return {
    ...placeIn(links, chosen, address.to),
    path,
    address: new URL(path, publicUrl).href,
    number: accountNumber(chosen.account.id),
    caution: chosen.permissionSet.caution,
    region: new URL(path, publicUrl).searchParams.get('region') ?? links.usualRegion,
  }
}

function namedRow(links: LinksWords, link: NamedLink, entitlement: Entitlement): NamedRow {
  const { account, permissionSet } = entitlement
  const to = link.to ?? permissionSet.destination ?? account.destination ?? defaultDestination
  return {
    ...placeIn(links, entitlement, to),
    name: link.name,
    path: `/to/${encodeURIComponent(link.name)}`,
    copyText: links.copyNamed(link.name),
  }
}

function placeIn(links: LinksWords, { account, permissionSet }: Entitlement, to: string): Place {
  const page = consolePageOf(to)
  return {
    account: account.name,
    colour: account.environment?.colour ?? 'none',
    environment: account.environment?.name ?? null,
    role: permissionSet.name,
    page: { title: links.pageName(page), name: page.kind === 'home' ? null : (page.name ?? to) },
  }
}

/** Those of one account stand together, accounts in the order of their first link. */
function byAccount(named: LinksInput['named']): LinksInput['named'] {
  return [...Map.groupBy(named, ({ entitlement }) => entitlement.account).values()].flat()
}

function placeOf({ name, environment }: Account): string {
  return environment === null ? name : `${name}, ${environment.name}`
}
