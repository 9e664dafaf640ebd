import { createHash, generateKeyPairSync } from 'node:crypto'
import { forgeJwt, publicJwk } from './forged-jwt.ts'
import type { Claims, Header } from './forged-jwt.ts'
import { honestClaims } from './id-token-context.ts'
import type { IdTokenContext } from './id-token-context.ts'

export interface CorpusToken {
  /** Finishes "an ID token …". */
  name: string
  expected: 'accepted' | 'refused'
  build: (context: IdTokenContext) => Promise<string>
}

type Changes = Claims | ((context: IdTokenContext) => Claims)

/** A token that is correct but for some claims and members of its header. */
function claims(
  expected: CorpusToken['expected'],
  name: string,
  changes: Changes,
  header: Header = {},
): CorpusToken {
  return {
    name,
    expected,
    async build(context) {
      const changed = typeof changes === 'function' ? changes(context) : changes
      return context.sign({ ...honestClaims(context), ...changed }, header)
    },
  }
}

/** A token that a thief or a muddled provider made in some other way. */
function forged(name: string, build: (context: IdTokenContext) => string): CorpusToken {
  return { name, expected: 'refused', build: async (context) => build(context) }
}

const minute = 60
const day = 24 * 60 * minute

/** Seconds since 1970, that far from now. */
const at =
  (claim: string, offsetSeconds: number): Changes =>
  ({ now }) => ({ [claim]: Math.floor(now.getTime() / 1000) + offsetSeconds })

const foreign = 'another-client'

const accepted: readonly CorpusToken[] = [
  claims('accepted', 'that is correct', {}),
  claims('accepted', 'without a typ', {}, { typ: undefined }),
  claims('accepted', 'without a kid, where one key is published', {}, { kid: undefined }),
  claims('accepted', 'whose audience is an array of us alone', ({ clientId }) => ({
    aud: [clientId],
  })),
  claims('accepted', 'whose azp is us', ({ clientId }) => ({ azp: clientId })),
  claims('accepted', 'whose at_hash is right', ({ accessToken }) => ({
    at_hash: leftHalfHash(accessToken),
  })),
  claims('accepted', 'issued five minutes ago', at('iat', -5 * minute)),
  claims('accepted', 'issued ten seconds ahead of our clock', at('iat', 10)),
  claims('accepted', 'expired ten seconds ago, within the tolerance', at('exp', -10)),
  claims('accepted', 'valid from ten seconds ahead, within the tolerance', at('nbf', 10)),
  claims('accepted', 'with a sub of 255 characters', { sub: 's'.repeat(255) }),
  claims('accepted', 'with punctuation in its sub', { sub: 'auth0|1:a@b/c' }),
  claims(
    'accepted',
    'with claims and header members nobody knows',
    { pet: { name: 'Rex' } },
    {
      'x-pet': 'Rex',
    },
  ),
]

const signatures: readonly CorpusToken[] = [
  forged('with alg none and no signature', (context) =>
    context.sign(honestClaims(context), { alg: 'none' }),
  ),
  forged('with alg nOnE', (context) => context.sign(honestClaims(context), { alg: 'nOnE' })),
  forged('with alg none over a good signature', (context) => {
    const [, payload, signature] = context.sign(honestClaims(context)).split('.')
    return [base64url({ alg: 'none', typ: 'JWT' }), payload, signature].join('.')
  }),
  forged('with HS256 by the client secret', (context) =>
    context.sign(honestClaims(context), { alg: 'HS256' }, context.clientSecret),
  ),
  forged('with HS256 by the public key', (context) => {
    const pem = context.keys.signing.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    return context.sign(honestClaims(context), { alg: 'HS256' }, pem)
  }),
  forged('by another key with the same kid', (context) =>
    context.sign(honestClaims(context), {}, context.keys.other.privateKey),
  ),
  forged('by another key whose public half is in the header (jwk)', (context) => {
    const { privateKey } = context.keys.other
    return context.sign(honestClaims(context), { jwk: publicJwk(context.keys.other) }, privateKey)
  }),
  forged('by another key that the header points to (jku, x5u)', (context) => {
    const url = `${context.issuer}/attackers-jwks`
    const { privateKey } = context.keys.other
    return context.sign(honestClaims(context), { jku: url, x5u: url, kid: 'x' }, privateKey)
  }),
  forged('with a kid that is not published', (context) =>
    context.sign(honestClaims(context), { kid: 'unknown' }, context.keys.other.privateKey),
  ),
  forged('with PS256, which is not configured, by the right key', (context) =>
    context.sign(honestClaims(context), { alg: 'PS256' }),
  ),
  forged('with RS512, which is not configured, by the right key', (context) =>
    context.sign(honestClaims(context), { alg: 'RS512' }),
  ),
  forged('with ES256 by a key of its own', (context) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return context.sign(honestClaims(context), { alg: 'ES256' }, privateKey)
  }),
  forged('without a signature', (context) => {
    const token = context.sign(honestClaims(context))
    return token.slice(0, token.lastIndexOf('.') + 1)
  }),
  forged('whose claims were changed after signing', (context) => {
    const [header, , signature] = context.sign(honestClaims(context)).split('.')
    return [header, base64url({ ...honestClaims(context), sub: 'person-2' }), signature].join('.')
  }),
]

const shapes: readonly CorpusToken[] = [
  forged('that is garbage', () => 'garbage'),
  forged('that is empty', () => ''),
  forged('of three empty parts', () => '..'),
  forged('of two parts', (context) =>
    context.sign(honestClaims(context)).split('.').slice(0, 2).join('.'),
  ),
  forged('of five parts, like an encrypted one', (context) => {
    const [header, payload, signature] = context.sign(honestClaims(context)).split('.')
    return [header, payload, signature, 'AAAA', 'AAAA'].join('.')
  }),
  forged('whose payload is an array', ({ keys: { signing } }) =>
    forgeJwt({ alg: 'RS256', kid: signing.kid }, ['sub'], signing.privateKey),
  ),
  forged('whose payload is a text', ({ keys: { signing } }) =>
    forgeJwt({ alg: 'RS256', kid: signing.kid }, 'person-1', signing.privateKey),
  ),
  claims('refused', 'with a critical extension nobody knows', {}, { crit: ['pet'], pet: 'Rex' }),
  claims('refused', 'with an unencoded payload (b64)', {}, { crit: ['b64'], b64: false }),
  claims('refused', 'that is an access token by its typ', {}, { typ: 'at+jwt' }),
  claims('refused', 'that is a logout token by its typ', {}, { typ: 'logout+jwt' }),
]

const issuers: readonly CorpusToken[] = [
  claims('refused', 'of another issuer', { iss: 'https://login.example.org' }),
  claims('refused', 'of our issuer and a slash', ({ issuer }) => ({ iss: `${issuer}/` })),
  claims('refused', 'of our issuer in capitals', ({ issuer }) => ({ iss: issuer.toUpperCase() })),
  claims('refused', 'without an issuer', { iss: undefined }),
  claims('refused', 'with an array of issuers', ({ issuer }) => ({ iss: [issuer] })),
]

const audiences: readonly CorpusToken[] = [
  claims('refused', 'for another client', { aud: foreign }),
  claims('refused', 'without an audience', { aud: undefined }),
  claims('refused', 'with an empty audience', { aud: [] }),
  claims('refused', 'for a client whose name starts like ours', ({ clientId }) => ({
    aud: `${clientId}-2`,
  })),
  claims('refused', 'for us and another client', ({ clientId }) => ({ aud: [clientId, foreign] })),
  claims('refused', 'for us and another client, with us as azp', ({ clientId }) => ({
    aud: [clientId, foreign],
    azp: clientId,
  })),
  claims('refused', 'for us and another client, with that as azp', ({ clientId }) => ({
    aud: [clientId, foreign],
    azp: foreign,
  })),
  claims('refused', 'for us twice', ({ clientId }) => ({ aud: [clientId, clientId] })),
  claims('refused', 'for us, with another client as azp', { azp: foreign }),
  claims('refused', 'for us, with an array as azp', ({ clientId }) => ({ azp: [clientId] })),
]

const times: readonly CorpusToken[] = [
  claims('refused', 'without exp', { exp: undefined }),
  claims('refused', 'without iat', { iat: undefined }),
  claims('refused', 'with exp as text', ({ now }) => ({
    exp: String(Math.floor(now.getTime() / 1000) + 5 * minute),
  })),
  claims('refused', 'with iat as text', ({ now }) => ({
    iat: String(Math.floor(now.getTime() / 1000)),
  })),
  claims('refused', 'that expired two minutes ago', at('exp', -2 * minute)),
  claims('refused', 'that is valid only in an hour', at('nbf', 60 * minute)),
  claims('refused', 'issued an hour ahead of our clock', at('iat', 60 * minute)),
  claims('refused', 'issued a week ago', at('iat', -7 * day)),
]

const nonces: readonly CorpusToken[] = [
  claims('refused', 'without a nonce', { nonce: undefined }),
  claims('refused', 'with another nonce', { nonce: 'another-nonce' }),
  claims('refused', 'with an empty nonce', { nonce: '' }),
  claims('refused', 'with a longer nonce', ({ nonce }) => ({ nonce: `${nonce}x` })),
  claims('refused', 'with its nonce in an array', ({ nonce }) => ({ nonce: [nonce] })),
  claims('refused', 'with a number as nonce', { nonce: 1 }),
]

const subjects: readonly CorpusToken[] = [
  claims('refused', 'without sub', { sub: undefined }),
  claims('refused', 'whose sub is a number', { sub: 12345 }),
  claims('refused', 'whose sub is null', { sub: null }),
  claims('refused', 'whose sub is an array', { sub: ['person-1'] }),
  claims('refused', 'whose sub is empty', { sub: '' }),
  claims('refused', 'whose sub is not ASCII', { sub: 'pérson-1' }),
  claims('refused', 'whose sub has a line break', { sub: 'person-1\n' }),
  claims('refused', 'whose sub has 256 characters', { sub: 's'.repeat(256) }),
]

const tokenHashes: readonly CorpusToken[] = [
  claims('refused', 'whose at_hash is of another access token', {
    at_hash: leftHalfHash('another-access-token'),
  }),
  claims('refused', 'whose at_hash is the whole hash', ({ accessToken }) => ({
    at_hash: createHash('sha256').update(accessToken).digest('base64url'),
  })),
  claims('refused', 'whose at_hash is a number', { at_hash: 1 }),
]

/**
 * Every way of being right, and every way of being wrong that the threat model knows
 * (OpenID Connect Core, 3.1.3.7 and 3.1.3.8; RFC 8725; the test plans of the OpenID Foundation).
 * The verifier and a whole sign-in judge each of them alike.
 */
export const idTokenCorpus: readonly CorpusToken[] = [
  ...accepted,
  ...signatures,
  ...shapes,
  ...issuers,
  ...audiences,
  ...times,
  ...nonces,
  ...subjects,
  ...tokenHashes,
]

/** OpenID Connect Core, 3.1.3.6, for the algorithms that use SHA-256. */
function leftHalfHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')
}

function base64url(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
