import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { forgeJwt, newSigningKey, publicJwk } from './forged-jwt.ts'
import type { Claims, Header, SigningKey } from './forged-jwt.ts'
import { content, json, redirect } from './hostile-replies.ts'
import type { Reply } from './hostile-replies.ts'
import { honestClaims } from './id-token-context.ts'
import type { IdTokenContext } from './id-token-context.ts'

export interface ReceivedRequest {
  method: string
  path: string
  query: URLSearchParams
  /** The form of a POST, empty otherwise. */
  form: URLSearchParams
  headers: IncomingHttpHeaders
}

/** Decides on an answer; `usual` is what an honest provider would send as JSON. */
export type Programme = (
  request: ReceivedRequest,
  usual: Record<string, unknown>,
) => Reply | Promise<Reply>

export interface HostileProviderOptions {
  clientId?: string
  clientSecret?: string
  now?: () => Date
}

/** An OpenID provider that is honest until a test makes it lie. Nobody has to type a password. */
export interface HostileProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly requests: ReceivedRequest[]
  /** Requests to one path, such as `/token`. */
  requestsTo(path: string): ReceivedRequest[]
  /** The keys that the JWKS lists, one at first. Tests add, replace and withdraw them. */
  readonly published: SigningKey[]
  /** The key that signs, which need not be published. */
  signingKey: SigningKey
  /** Who signs in: claims of the ID token and of userinfo. `sub` is `person-1` unless set. */
  setPerson(claims: Claims): void
  /** Changes the parameters of the way back: delete, duplicate, replace, or set `error`. */
  setCallback(change: (parameters: URLSearchParams, request: ReceivedRequest) => void): void
  setDiscovery(programme: Programme): void
  setToken(programme: Programme): void
  setUserinfo(programme: Programme): void
  setJwks(programme: Programme): void
  /** Makes the ID token of an otherwise honest token answer. */
  setIdToken(build: (context: IdTokenContext) => Promise<string>): void
  /** What the ID tokens of the corpus are built from, for a verifier that needs no sign-in. */
  idTokenContext(nonce: string, accessToken: string): IdTokenContext
  signIdToken(claims: Claims, header?: Header, key?: SigningKey['privateKey'] | string): string
  /** A logout token, correct but for what is given; undefined takes a claim away. */
  signLogoutToken(claims?: Claims, header?: Header, key?: SigningKey['privateKey'] | string): string
  /** Honest again, with the first key. What was received stays. */
  reset(): void
  stop(): Promise<void>
}

/** What an authorization request asked for, kept until its code is exchanged. */
interface Attempt {
  nonce: string | null
  challenge: string | null
  redirectUri: string | null
}

interface Programmes {
  discovery: Programme
  token: Programme
  userinfo: Programme
  jwks: Programme
  callback: (parameters: URLSearchParams, request: ReceivedRequest) => void
  idToken: (context: IdTokenContext) => Promise<string>
}

// Two keys for the whole process: making them is the slow part.
let keys: { first: SigningKey; other: SigningKey } | undefined

export async function startHostileProvider(
  t: { after(close: () => Promise<void>): void },
  options: HostileProviderOptions = {},
): Promise<HostileProvider> {
  const { clientId = 'sekisho', clientSecret = 'hostile-secret', now = () => new Date() } = options
  keys ??= { first: newSigningKey('key-1'), other: newSigningKey('key-1') }
  const { first, other } = keys
  const requests: ReceivedRequest[] = []
  const attempts = new Map<string, Attempt>()
  const accessTokens = new Set<string>()
  const published: SigningKey[] = [first]
  let signingKey = first
  let person: Claims = {}
  let programmes = honest()

  const server = createServer((incoming, response) => {
    received(incoming)
      .then(async (request) => {
        requests.push(request)
        return (await answerTo(request))(response)
      })
      .catch((error: unknown) => {
        // A mistake of the test's own programme: the client sees a 500, the reader the reason.
        content(String(error), 'text/plain', 500)(response)
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function answerTo(request: ReceivedRequest): Promise<Reply> {
    switch (request.path) {
      case '/.well-known/openid-configuration':
        return programmes.discovery(request, discoveryDocument(issuer))
      case '/authorize':
        return callback(request)
      case '/token':
        return token(request)
      case '/userinfo':
        return userinfo(request)
      case '/jwks':
        return programmes.jwks(request, { keys: published.map(publicJwk) })
      case '/logout':
        return redirect(request.query.get('post_logout_redirect_uri') ?? issuer)
      default:
        return json({ error: 'not_found' }, 404)
    }
  }

  function callback(request: ReceivedRequest): Reply {
    const { query } = request
    const code = random()
    attempts.set(code, {
      nonce: query.get('nonce'),
      challenge: query.get('code_challenge'),
      redirectUri: query.get('redirect_uri'),
    })
    const parameters = new URLSearchParams({ code, state: query.get('state') ?? '', iss: issuer })
    programmes.callback(parameters, request)
    return redirect(`${query.get('redirect_uri')}?${parameters.toString()}`)
  }

  async function token(request: ReceivedRequest): Promise<Reply> {
    const { form } = request
    const attempt = attempts.get(form.get('code') ?? '')
    attempts.delete(form.get('code') ?? '')
    const refreshing = form.get('grant_type') === 'refresh_token'
    const refusal = refreshing ? null : objectionTo(form, attempt)
    const accessToken = random()
    accessTokens.add(accessToken)
    const usual = refusal
      ? { error: 'invalid_grant', error_description: refusal }
      : {
          access_token: accessToken,
          token_type: 'Bearer',
          expires_in: 300,
          refresh_token: random(),
          id_token: await programmes.idToken(contextFor(attempt?.nonce ?? null, accessToken)),
        }
    return programmes.token(request, usual)
  }

  function userinfo(request: ReceivedRequest): Reply | Promise<Reply> {
    const bearer = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    const known = accessTokens.has(bearer)
    return programmes.userinfo(
      request,
      known ? { sub: 'person-1', ...person } : { error: 'invalid_token' },
    )
  }

  function contextFor(nonce: string | null, accessToken: string): IdTokenContext {
    const context = { issuer, clientId, clientSecret, accessToken, now: now(), sign: signIdToken }
    return { ...context, nonce, extraClaims: person, keys: { signing: signingKey, other } }
  }

  function signIdToken(
    claims: Claims,
    header: Header = {},
    key: SigningKey['privateKey'] | string = signingKey.privateKey,
  ): string {
    return forgeJwt({ alg: 'RS256', typ: 'JWT', kid: signingKey.kid, ...header }, claims, key)
  }

  const provider: HostileProvider = {
    issuer,
    clientId,
    clientSecret,
    requests,
    requestsTo: (path) => requests.filter((request) => request.path === path),
    published,
    get signingKey() {
      return signingKey
    },
    set signingKey(key) {
      signingKey = key
    },
    setPerson: (claims) => void (person = claims),
    setCallback: (change) => void (programmes.callback = change),
    setDiscovery: (programme) => void (programmes.discovery = programme),
    setToken: (programme) => void (programmes.token = programme),
    setUserinfo: (programme) => void (programmes.userinfo = programme),
    setJwks: (programme) => void (programmes.jwks = programme),
    setIdToken: (build) => void (programmes.idToken = build),
    idTokenContext: contextFor,
    signIdToken,
    signLogoutToken(claims = {}, header = {}, key) {
      const usual = logoutClaims({ issuer, clientId, now: now() })
      return signIdToken({ ...usual, ...claims }, { typ: 'logout+jwt', ...header }, key)
    },
    reset() {
      programmes = honest()
      published.splice(0, Infinity, first)
      signingKey = first
      person = {}
    },
    async stop() {
      if (!server.listening) return
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
  t.after(() => provider.stop())
  return provider
}

function honest(): Programmes {
  const truthful: Programme = (_request, usual) => json(usual, 'error' in usual ? 400 : 200)
  return {
    discovery: truthful,
    token: truthful,
    userinfo: (_request, usual) => json(usual, 'error' in usual ? 401 : 200),
    jwks: truthful,
    callback: () => {},
    idToken: async (context) => context.sign(honestClaims(context)),
  }
}

function discoveryDocument(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/logout`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  }
}

function logoutClaims(of: { issuer: string; clientId: string; now: Date }): Claims {
  const nowSeconds = Math.floor(of.now.getTime() / 1000)
  return {
    iss: of.issuer,
    aud: of.clientId,
    sub: 'person-1',
    iat: nowSeconds,
    exp: nowSeconds + 120,
    jti: random(),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  }
}

/** What an honest token endpoint would object to; null where all is well. */
function objectionTo(form: URLSearchParams, attempt: Attempt | undefined): string | null {
  if (!attempt) return 'unknown or used code'
  if (form.get('redirect_uri') !== attempt.redirectUri) return 'another redirect_uri'
  const verifier = form.get('code_verifier') ?? ''
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  return challenge === attempt.challenge ? null : 'wrong code_verifier'
}

async function received(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://provider.invalid')
  const { method = 'GET', headers } = incoming
  const form = new URLSearchParams(method === 'POST' ? await text(incoming) : '')
  return { method, path: pathname, query: searchParams, form, headers }
}

function random(): string {
  return randomBytes(16).toString('base64url')
}
