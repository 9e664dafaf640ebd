/**
 * Who is asking, and how verified claims become that.
 * Owns: which claims count and what a wrong type means. Leaves to others: signatures, issuer, nonce.
 */

/** A person as one identity provider knows them: provider + issuer + subject, never the e-mail. */
export interface Principal {
  /** The provider's key in the config. */
  readonly provider: string
  readonly issuer: string
  readonly subject: string
  readonly displayName: string
  readonly username: string | null
  readonly email: string | null
  readonly emailVerified: boolean
  readonly groups: ReadonlySet<string>
}

export interface ClaimsSource {
  readonly provider: string
  readonly issuer: string
  /** A claim name, or a JSON pointer (RFC 6901) such as `/realm_access/roles`. */
  readonly groupsClaim: string
}

export type PrincipalReading =
  | { readonly outcome: 'principal'; readonly principal: Principal }
  | { readonly outcome: 'refused'; readonly reason: 'subject-malformed' | 'groups-overage' }

type Claims = Readonly<Record<string, unknown>>

const longestName = 256
const printableAscii = /^[\x21-\x7e]{1,255}$/

/**
 * A good signature makes claims authentic, not well-formed: takes what is understood, nothing else.
 * Groups that were left out for their number refuse the sign-in (Entra ID: `_claim_names`,
 * `hasgroups`); groups of a wrong type give none.
 */
export function principalFromClaims(source: ClaimsSource, claims: Claims): PrincipalReading {
  const subject = claims['sub']
  if (typeof subject !== 'string' || !printableAscii.test(subject)) {
    return { outcome: 'refused', reason: 'subject-malformed' }
  }
  if (hasOverage(claims)) return { outcome: 'refused', reason: 'groups-overage' }

  const email = text(claims['email'])
  const username = text(claims['preferred_username'])
  // Cleaning may turn one person's text into another's: then it is shown, and proves nothing.
  const isSame = (claim: string, cleaned: string | null) =>
    cleaned !== null && claims[claim] === cleaned
  return {
    outcome: 'principal',
    principal: {
      provider: source.provider,
      issuer: source.issuer,
      subject,
      displayName: text(claims['name']) ?? username ?? email ?? subject,
      username: isSame('preferred_username', username) ? username : null,
      email,
      emailVerified: isSame('email', email) && claims['email_verified'] === true,
      groups: groupsAt(claims, source.groupsClaim),
    },
  }
}

/** One text for one person, for keys in stores. No part can hold a space. */
export function principalKey(
  principal: Pick<Principal, 'provider' | 'issuer' | 'subject'>,
): string {
  return `${principal.provider} ${principal.issuer} ${principal.subject}`
}

/** ASCII only: Unicode case folding would let look-alikes such as the Kelvin sign through. */
export function foldEmail(email: string): string {
  return email.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function hasOverage(claims: Claims): boolean {
  return '_claim_names' in claims || '_claim_sources' in claims || 'hasgroups' in claims
}

/** Anything but an array of texts gives no group at all: half a list may be a forged one. */
function groupsAt(claims: Claims, claim: string): ReadonlySet<string> {
  const value = claim.startsWith('/') ? atPointer(claims, claim) : own(claims, claim)
  const isListOfTexts = Array.isArray(value) && value.every((group) => typeof group === 'string')
  return new Set(isListOfTexts ? value : [])
}

function atPointer(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(own, document)
}

function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined
}

/** Names are shown and logged: control characters out, a sane length, nothing that is only space. */
function text(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const cleaned = value
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, longestName)
    .toWellFormed()
  return cleaned === '' ? null : cleaned
}
