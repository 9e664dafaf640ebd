import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

export interface SigningKey {
  kid: string
  privateKey: KeyObject
  publicKey: KeyObject
}

export type Claims = Readonly<Record<string, unknown>>
export type Header = Readonly<Record<string, unknown>>

/** Makes an RSA key; about 100 ms, so make few. */
export function newSigningKey(kid: string): SigningKey {
  return { kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) }
}

/** The public half, as a JWKS lists it. */
export function publicJwk({ kid, publicKey }: SigningKey): Record<string, unknown> {
  return { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }
}

/**
 * Signs whatever it is given, with the algorithm that the header names: libraries refuse to
 * make most of what an attacker would send. Members that are undefined are left out.
 */
export function forgeJwt(header: Header, claims: unknown, key: KeyObject | string): string {
  const input = `${encoded(header)}.${encoded(claims)}`
  return `${input}.${signature(String(header['alg']), input, key)}`
}

function encoded(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function signature(alg: string, input: string, key: KeyObject | string): string {
  const data = Buffer.from(input)
  if (alg.toLowerCase() === 'none') return ''
  if (alg === 'HS256') return createHmac('sha256', key).update(data).digest('base64url')
  if (typeof key === 'string') throw new TypeError(`${alg} needs a private key`)
  if (alg === 'PS256') return sign('sha256', data, { key, padding: 6 }).toString('base64url')
  if (alg === 'ES256') {
    return sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  }
  return sign(alg === 'RS512' ? 'sha512' : 'sha256', data, key).toString('base64url')
}
