/**
 * Where to go after a sign-in: a page of ours as structured data, never a free URL (CWE-601).
 * Source of the hostile forms that a string check lets through: RFC 3986 and the WHATWG URL standard
 * disagree about backslashes, tabs and doubled slashes.
 */

export interface OpeningTarget {
  readonly kind: 'opening'
  readonly account: string
  readonly permissionSet: string
  readonly to: string | null
  readonly region: string | null
  /** As written: `30m`. */
  readonly for: string | null
}

export type ReturnTarget =
  | OpeningTarget
  | { readonly kind: 'portal'; readonly portal: string | null }
  | { readonly kind: 'link'; readonly link: string }
  | { readonly kind: 'pass'; readonly token: string }
  | { readonly kind: 'page'; readonly page: Page }

const pages = ['links', 'passes', 'audit', 'history'] as const
type Page = (typeof pages)[number]

/** Longest `to`: the transaction that carries it must fit into a cookie (RFC 6265, 6.1: 4096 bytes). */
export const longestDestination = 1_800

const slug = /^[A-Za-z0-9._=,+@-]{1,64}$/
export const slugPattern = slug.source

export const homeTarget: ReturnTarget = { kind: 'portal', portal: null }

/** Null for anything that is not one of our own pages. */
export function readReturnTarget(text: string): ReturnTarget | null {
  const base = 'http://own.invalid'
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || !URL.canParse(text, base)) return null
  const url = new URL(text, base)
  if (url.origin !== base) return null

  const [first = '', second = '', third = '', ...rest] = url.pathname.slice(1).split('/')
  if (rest.length > 0) return null
  if (third !== '') return first === 'go' ? openingTarget(second, third, url.searchParams) : null
  if (second !== '') return slug.test(second) ? targetWithName(first, second) : null
  if (first === '') return homeTarget
  const page = pages.find((known) => known === first)
  return page ? { kind: 'page', page } : null
}

export function returnPath(target: ReturnTarget): string {
  switch (target.kind) {
    case 'portal':
      return target.portal === null ? '/' : `/portal/${target.portal}`
    case 'link':
      return `/to/${target.link}`
    case 'pass':
      return `/pass/${target.token}`
    case 'page':
      return `/${target.page}`
    case 'opening':
      return openingPath(target, {})
    default:
      return target satisfies never
  }
}

/** `/go/…` with its options in a fixed order, so that one opening has one address. */
export function openingPath(
  target: Omit<OpeningTarget, 'kind'>,
  more: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams()
  if (target.to !== null) query.set('to', target.to)
  if (target.region !== null) query.set('region', target.region)
  if (target.for !== null) query.set('for', target.for)
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  const options = query.size > 0 ? `?${query.toString()}` : ''
  return `/go/${encodeURIComponent(target.account)}/${encodeURIComponent(target.permissionSet)}${options}`
}

function targetWithName(first: string, name: string): ReturnTarget | null {
  switch (first) {
    case 'portal':
      return { kind: 'portal', portal: name }
    case 'to':
      return { kind: 'link', link: name }
    case 'pass':
      return { kind: 'pass', token: name }
    default:
      return null
  }
}

function openingTarget(
  account: string,
  permissionSet: string,
  query: URLSearchParams,
): OpeningTarget | null {
  const to = query.get('to')
  const region = query.get('region')
  const wanted = query.get('for')
  const isSound =
    slug.test(account) &&
    slug.test(permissionSet) &&
    (to === null || to.length <= longestDestination) &&
    (region === null || slug.test(region)) &&
    (wanted === null || slug.test(wanted))
  return isSound ? { kind: 'opening', account, permissionSet, to, region, for: wanted } : null
}
