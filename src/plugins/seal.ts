import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'

/** What the browser or the store keeps for us without being able to read or forge it. */
export interface Seal {
  /** JWE (RFC 7516), `dir` with A256GCM and a fresh IV; `purpose` separates the keys. */
  encrypt(purpose: string, text: string): Promise<string>
  /** Null where it was not sealed by one of our keys for this purpose. */
  decrypt(purpose: string, sealed: string): Promise<string | null>
  /** HMAC-SHA-256 by the newest key, base64url. */
  sign(purpose: string, text: string): string
  /** By any key, in constant time. */
  verify(purpose: string, text: string, signature: string): boolean
  /** Secrets for the session cookie's signature, newest first. */
  readonly cookieSecrets: string[]
}

/** Newest key first: it seals, all of them open, so that keys rotate without signing anybody out. */
export function createSeal(keys: readonly Uint8Array[]): Seal {
  const [newest] = keys
  if (!newest) throw new Error('a seal needs at least one key')
  const named = new Map(keys.map((key) => [keyIdOf(key), key]))
  const macOf = (key: Uint8Array, purpose: string, text: string) =>
    createHmac('sha256', subkey(key, `sign ${purpose}`))
      .update(text)
      .digest()

  return {
    cookieSecrets: keys.map((key) => Buffer.from(subkey(key, 'session cookie')).toString('hex')),
    encrypt: (purpose, text) =>
      new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keyIdOf(newest) })
        .encrypt(subkey(newest, `encrypt ${purpose}`)),
    async decrypt(purpose, sealed) {
      const key = named.get(keyIdIn(sealed))
      if (!key) return null
      const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }
      return compactDecrypt(sealed, subkey(key, `encrypt ${purpose}`), options).then(
        ({ plaintext }) => new TextDecoder().decode(plaintext),
        () => null,
      )
    },
    sign: (purpose, text) => macOf(newest, purpose, text).toString('base64url'),
    verify(purpose, text, signature) {
      const given = Buffer.from(signature, 'base64url')
      return keys.some((key) => {
        const right = macOf(key, purpose, text)
        return given.length === right.length && timingSafeEqual(given, right)
      })
    },
  }
}

function subkey(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', `sekisho ${purpose}`, 32))
}

function keyIdOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('sekisho key id').digest('base64url').slice(0, 8)
}

function keyIdIn(sealed: string): string {
  try {
    return decodeProtectedHeader(sealed).kid ?? ''
  } catch {
    return ''
  }
}
