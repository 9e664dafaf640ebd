import type { OAuth2Token } from '@fastify/oauth2'
import Fastify, { type FastifyInstance } from 'fastify'
import type { IdentityProviderSettings } from '#domain/settings.ts'
import type { ProviderMetadata } from './discovery.ts'

/** Why an exchange failed, without the exchange: its error holds our secret and the code. */
export class TokenRequestFailed extends Error {
  override readonly name = 'TokenRequestFailed'
  /** HTTP status of the provider's answer; null where there was none. */
  readonly status: number | null

  constructor(status: number | null) {
    super(status === null ? 'the token endpoint did not answer' : `the token endpoint: ${status}`)
    this.status = status
  }
}

export interface TokenAnswer {
  readonly idToken: string | null
  readonly accessToken: string | null
  readonly refreshToken: string | null
}

/** The client object of @fastify/oauth2: it builds the authorization URL and does the exchange. */
export interface CodeExchange {
  authorizationUrl(parameters: Readonly<Record<string, string>>): Promise<URL>
  /** Rejects with `TokenRequestFailed`. */
  exchange(code: string, codeVerifier: string): Promise<TokenAnswer>
  /** RFC 6749, section 6. Rejects with `TokenRequestFailed`. */
  refresh(refreshToken: string): Promise<TokenAnswer>
  close(): Promise<void>
}

interface PluginClient {
  readonly oauth2: {
    authorizeURL(parameters: object): string
    getToken(parameters: object): Promise<OAuth2Token>
    createToken(token: object): OAuth2Token
  }
}

/**
 * The plugin must be registered before its instance is ready, but a provider may only be discovered
 * long after ours is. So it gets an instance of its own, which never listens. It is loaded when the
 * first person signs in: with what it brings, it would be a tenth of every start.
 */
export function createCodeExchange(
  settings: IdentityProviderSettings,
  metadata: ProviderMetadata,
  callbackUri: string,
  product: string,
): CodeExchange {
  let host: Promise<FastifyInstance> | null = null
  const client = async () => {
    host ??= openHost(settings, metadata, callbackUri, product).catch((error: unknown) => {
      host = null
      throw error
    })
    return (await host).getDecorator<PluginClient>('provider').oauth2
  }
  const scope = settings.scopes.join(' ')

  return {
    async authorizationUrl(parameters) {
      const address = { redirect_uri: callbackUri, scope, ...parameters }
      return new URL((await client()).authorizeURL(address))
    },
    async exchange(code, codeVerifier) {
      const wish = { code, redirect_uri: callbackUri, code_verifier: codeVerifier }
      return answerOf((await client()).getToken(wish))
    },
    async refresh(refreshToken) {
      return answerOf((await client()).createToken({ refresh_token: refreshToken }).refresh())
    },
    close: async () => (await host?.catch(() => null))?.close(),
  }
}

async function openHost(
  settings: IdentityProviderSettings,
  metadata: ProviderMetadata,
  callbackUri: string,
  product: string,
): Promise<FastifyInstance> {
  const { default: oauth2 } = await import('@fastify/oauth2')
  const host = Fastify()
  await host.register(oauth2, {
    name: 'provider',
    callbackUri,
    pkce: 'S256',
    hostPrefixedCookies: true,
    userAgent: product,
    credentials: {
      client: { id: settings.clientId, secret: settings.clientSecret },
      auth: endpointsOf(metadata),
      http: { timeout: 4_000, maxBytes: 256 * 1024, redirects: false },
      options: {
        authorizationMethod:
          settings.clientAuthentication === 'client_secret_basic' ? 'header' : 'body',
      },
    },
  })
  await host.ready()
  return host
}

/** Paths keep their query: Azure AD B2C names its policy there. */
function endpointsOf(metadata: ProviderMetadata) {
  const authorize = new URL(metadata.authorization_endpoint)
  const token = new URL(metadata.token_endpoint)
  return {
    authorizeHost: authorize.origin,
    authorizePath: authorize.pathname + authorize.search,
    tokenHost: token.origin,
    tokenPath: token.pathname + token.search,
  }
}

async function answerOf(request: Promise<OAuth2Token>): Promise<TokenAnswer> {
  const answer = await request.catch((error: unknown) => {
    throw new TokenRequestFailed(statusOf(error))
  })
  const members: Readonly<Record<string, unknown>> = { ...answer.token }
  const text = (name: string) => (typeof members[name] === 'string' ? members[name] : null)
  return {
    idToken: text('id_token'),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
  }
}

/** Boom's `output.statusCode` is the provider's status where `data.isResponseError` says so. */
function statusOf(error: unknown): number | null {
  const at = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  const status = at(at(error, 'output'), 'statusCode')
  const isAnswer = at(at(error, 'data'), 'isResponseError') === true
  return isAnswer && typeof status === 'number' ? status : null
}
