/**
 * The person as AWS's `RoleSessionName` and `SourceIdentity`: what CloudTrail shows of every call.
 * Owns: never giving one name to two texts, and never showing an e-mail that nobody verified.
 */
import { createHash } from 'node:crypto'

import type { Principal } from './principal.ts'

interface NameSource {
  readonly kind: 'email' | 'username' | 'subject'
  readonly text: string
}

const longestName = 64
const hashLength = 16
const legalName = /^[A-Za-z0-9_+=,.@-]{2,64}$/
/** What `mappedName` gives, so that nobody can choose such a name: it would be mapped itself. */
const looksMapped = /=[A-Za-z0-9_-]{16}(?:@[A-Za-z0-9.-]+)?$/

/**
 * Verified e-mail, else username, else subject: as it is where AWS takes it (STS API Reference,
 * AssumeRole: 2 to 64 of `[\w+=,.@-]`), else cut, made legal and marked with a hash of the whole.
 */
export function roleSessionName(principal: Principal): string {
  const source = nameSourceOf(principal)
  const { kind, text } = source
  // Trust policies match `*@example.org`: an @ is for verified e-mails only.
  const mayKeepAt = kind === 'email' || !text.includes('@')
  const isKept = mayKeepAt && legalName.test(text) && !looksMapped.test(text)
  return isKept ? text : mappedName(source)
}

/** The same text: its alphabet has no colon, so it cannot begin with the reserved `aws:`. */
export function sourceIdentityOf(principal: Principal): string {
  return roleSessionName(principal)
}

function nameSourceOf({ email, emailVerified, username, subject }: Principal): NameSource {
  if (email !== null && emailVerified && /^[^@]+@[^@]+$/.test(email)) {
    return { kind: 'email', text: email }
  }
  return username === null
    ? { kind: 'subject', text: subject }
    : { kind: 'username', text: username }
}

/** `o-neil=HASH@example.org`; without the domain where it is illegal itself or leaves no room. */
function mappedName(source: NameSource): string {
  const domain = source.kind === 'email' ? source.text.slice(source.text.indexOf('@') + 1) : ''
  const keepsDomain =
    /^[A-Za-z0-9.-]+$/.test(domain) && domain.length <= longestName - hashLength - '_=@'.length
  const start = keepsDomain ? source.text.slice(0, -domain.length - 1) : source.text
  const end = `=${hashOf(source)}${keepsDomain ? `@${domain}` : ''}`
  return start.replace(/[^A-Za-z0-9_+=,.-]/gu, '-').slice(0, longestName - end.length) + end
}

/** 96 bits. UTF-16, since UTF-8 would make one of all lone surrogates; the kind keeps them apart. */
function hashOf({ kind, text }: NameSource): string {
  return createHash('sha256')
    .update(`${kind} ${text}`, 'utf16le')
    .digest('base64url')
    .slice(0, hashLength)
}
