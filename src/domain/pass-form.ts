/**
 * The sponsor's form, as typed, into a pass that is wished for. Owns: what a field may look like.
 * Leaves to others: whether this sponsor may give it (pass-giving.ts).
 */
import type { AccessRequest } from './access.ts'
import type { GuestPass } from './guest-pass.ts'
import { isTimeZone, readLocalInstant } from './local-instant.ts'
import { foldEmail } from './principal.ts'

/** Every field as the browser sends it; an empty text where it was left out. */
export interface PassForm {
  readonly kind: string
  readonly name: string
  readonly email: string
  /** `account/permissionSet`, slugs both. */
  readonly role: string
  /** A console page to land on; empty: the role's usual one. */
  readonly to: string
  /** `2026-11-27T18:00` or a bare date, in `zone`. */
  readonly from: string
  readonly until: string
  /** IANA name of the time zone that the sponsor thinks in. */
  readonly zone: string
  /** A number; empty: any number. */
  readonly openings: string
  readonly reason: string
}

export type PassField = keyof PassForm

export interface PassWish extends Pick<
  GuestPass,
  'kind' | 'guestName' | 'guestEmail' | 'target' | 'destination' | 'reason'
> {
  readonly from: Date
  readonly until: Date
  readonly openings: number | null
}

export type FieldFault =
  | { readonly fault: 'missing' | 'malformed' | 'not-allowed' | 'over' | 'before-from' }
  | { readonly fault: 'too-long'; readonly most: number }
  | { readonly fault: 'below-used'; readonly openingsUsed: number }
  | { readonly fault: 'too-much-time'; readonly mostSeconds: number }
  | { readonly fault: 'after-own-end'; readonly ownEnd: Date }

export type FieldProblem = { readonly field: PassField } & FieldFault

export type FormReading =
  | { readonly outcome: 'wish'; readonly wish: PassWish }
  | { readonly outcome: 'refused'; readonly problems: readonly FieldProblem[] }

const longest = { name: 80, reason: 300, email: 254, to: 1_800 } as const
export const mostOpenings = 1_000

// What browsers take for type=email (WHATWG HTML, "valid email address"), with a dot in the domain.
const legalEmail =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/

/** All that is wrong with the fields by themselves, in one go. */
export function readPassForm(form: PassForm): FormReading {
  const problems: FieldProblem[] = []
  const wrong = (field: PassField, fault: FieldFault) => problems.push({ field, ...fault })
  const kind = kindFrom(form.kind)
  const target = targetFrom(form.role)
  const zone = isTimeZone(form.zone) ? form.zone : null
  const openings = openingsFrom(form.openings)
  const [from, until] = (['from', 'until'] as const).map((field) =>
    readLocalInstant(form[field].trim(), zone ?? 'UTC', field === 'from' ? 'start' : 'end'),
  )

  for (const field of ['name', 'reason'] as const) {
    if (line(form[field]) === '') wrong(field, { fault: 'missing' })
  }
  for (const field of ['name', 'reason', 'email', 'to'] as const) {
    const most = longest[field]
    if (line(form[field]).length > most) wrong(field, { fault: 'too-long', most })
  }
  const email = line(form.email)
  if (kind === null) wrong('kind', { fault: 'missing' })
  if (kind === 'email' && email === '') wrong('email', { fault: 'missing' })
  if (email !== '' && !legalEmail.test(email)) wrong('email', { fault: 'malformed' })
  if (target === null) wrong('role', { fault: 'missing' })
  if (zone === null) wrong('zone', { fault: 'malformed' })
  if (!from) wrong('from', { fault: 'malformed' })
  if (!until) wrong('until', { fault: 'malformed' })
  if (openings === 'malformed') wrong('openings', { fault: 'malformed' })
  if (problems.length > 0 || !kind || !target || !from || !until || openings === 'malformed') {
    return { outcome: 'refused', problems }
  }

  const to = line(form.to)
  return {
    outcome: 'wish',
    wish: {
      kind,
      guestName: line(form.name),
      guestEmail: email === '' ? null : foldEmail(email),
      target,
      destination: to === '' ? null : to,
      reason: line(form.reason),
      from,
      until,
      openings,
    },
  }
}

export function kindFrom(text: string): GuestPass['kind'] | null {
  return text === 'email' || text === 'link-and-pin' ? text : null
}

function targetFrom(role: string): AccessRequest | null {
  const [, account, permissionSet] = /^([^/]+)\/([^/]+)$/.exec(role) ?? []
  return account !== undefined && permissionSet !== undefined ? { account, permissionSet } : null
}

function openingsFrom(text: string): number | null | 'malformed' {
  if (text.trim() === '') return null
  const count = /^[0-9]{1,4}$/.test(text.trim()) ? Number(text) : 0
  return count >= 1 && count <= mostOpenings ? count : 'malformed'
}

/** Shown on pages, in mail and in the trail: no control or direction characters, one line. */
function line(text: string): string {
  return text
    .replace(/[\p{Zl}\p{Zp}\t\r\n]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
}
