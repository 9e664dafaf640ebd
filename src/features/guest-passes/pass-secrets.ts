/** What opens a pass: a link that nobody guesses, and six digits that travel another way. */
import { createHash, randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto'

const saltBytes = 16
const hashBytes = 32
/** 16 MiB and some ten milliseconds a try (RFC 7914); the lock after five is what protects six digits. */
const cost = { N: 16_384, r: 8, p: 1 } as const
const idLength = 12

/** 256 random bits, base64url. */
export function newPassToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Hex SHA-256: enough for what cannot be guessed, and found without comparing secrets. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** 60 random bits, in letters and digits that AWS takes in session names. */
export function newPassId(): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  return [...randomBytes(idLength)].map((byte) => alphabet[byte % 32]).join('')
}

export function newPin(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}

/** `salt.hash`, base64url. */
export async function hashOfPin(pin: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  return `${salt.toString('base64url')}.${(await derive(pin, salt)).toString('base64url')}`
}

/** The same work where there is no PIN to compare with, so that time tells nothing about a link. */
export async function isPin(pin: string, pinHash: string | null): Promise<boolean> {
  const [salt = '', hash = ''] = pinHash?.split('.') ?? []
  const right = Buffer.from(hash, 'base64url')
  const given = await derive(pin, salt === '' ? Buffer.alloc(saltBytes) : fromBase64(salt))
  return right.length === given.length && timingSafeEqual(right, given)
}

function fromBase64(text: string): Buffer {
  return Buffer.from(text, 'base64url')
}

function derive(pin: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, hashBytes, cost, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}
