/**
 * One configured OpenID provider as the port describes it. Owns: when discovery is tried again, the
 * order of checks after a callback, and that no error of a library gets out.
 */
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import { createHash } from 'node:crypto'
import { principalFromClaims } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import type { IdentityProviderSettings } from '#domain/settings.ts'
import type {
  CallbackAnswer,
  Clock,
  IdentityProvider,
  SignInTransaction,
  VerifiedSignIn,
} from '#ports'
import { boundedFetch } from '../bounded-fetch.ts'
import {
  createCodeExchange,
  TokenRequestFailed,
  type CodeExchange,
  type TokenAnswer,
} from './code-exchange.ts'
import { discover, type ProviderMetadata } from './discovery.ts'
import { remoteKeys, TokenRefused, verifyIdToken, type ExpectedToken } from './id-token-verifier.ts'
import { verifyLogoutToken } from './logout-token-verifier.ts'

export interface IdentityProviderOptions {
  readonly publicUrl: URL
  readonly clock: Clock
  /** Name and version, for the provider's logs. */
  readonly product: string
  readonly log: {
    info(facts: object, message: string): void
    warn(facts: object, message: string): void
  }
}

interface Discovered {
  readonly metadata: ProviderMetadata
  readonly exchange: CodeExchange
  readonly keys: JWTVerifyGetKey
}

const firstRetryMilliseconds = 1_000
const longestRetryMilliseconds = 30_000
const refreshMilliseconds = 24 * 3_600_000

export function createIdentityProvider(
  settings: IdentityProviderSettings,
  options: IdentityProviderOptions,
): IdentityProvider & { close(): Promise<void> } {
  const discovery = keepDiscovered(settings, options)
  const expected: ExpectedToken = {
    issuer: settings.issuer,
    clientId: settings.clientId,
    algorithms: settings.signingAlgorithms,
  }
  const ready = async (): Promise<Discovered> => {
    const found = await discovery.current()
    if (!found)
      throw new Problem('identity-provider-unavailable', { facts: { provider: settings.name } })
    return found
  }
  const complete = async (
    answer: TokenAnswer,
    nonce: string | null,
    { keys, metadata }: Discovered,
  ): Promise<VerifiedSignIn> => {
    if (answer.idToken === null) throw new TokenRefused('the answer holds no ID token')
    const binding = { nonce, accessToken: answer.accessToken }
    const payload = await verifyIdToken(answer.idToken, expected, keys, binding, options.clock)
    const claims = await claimsOf(settings, metadata, payload, answer.accessToken)
    return signInOf(settings, payload, claims, answer, answer.idToken)
  }

  return {
    key: settings.key,
    name: settings.name,
    isReady: () => discovery.isReady(),
    async authorizationUrl(transaction, prompt) {
      const { exchange } = await ready()
      return exchange.authorizationUrl({
        ...settings.authorizationParameters,
        ...requestParameters(transaction),
        ...(prompt === null ? {} : { prompt }),
      })
    },
    checkIssuer(issuer) {
      const isPromised =
        discovery.metadata()?.authorization_response_iss_parameter_supported === true
      const isRight = issuer === null ? !isPromised : issuer === settings.issuer
      if (!isRight)
        throw new Problem('sign-in-failed', { cause: new TokenRefused('iss of the callback') })
    },
    async completeSignIn(transaction, answer: CallbackAnswer) {
      const found = await ready()
      this.checkIssuer(answer.issuer)
      return settle(async () => {
        const tokens = await found.exchange.exchange(answer.code, transaction.codeVerifier)
        return complete(tokens, transaction.nonce, found)
      })
    },
    async refresh(refreshToken, subject) {
      const found = await ready()
      return settle(async () => {
        const tokens = await found.exchange.refresh(refreshToken)
        const renewed = await complete(tokens, null, found)
        if (renewed.principal.subject !== subject)
          throw new TokenRefused('sub of the refreshed token')
        return { ...renewed, refreshToken: renewed.refreshToken ?? refreshToken }
      })
    },
    signOutUrl(idToken, returnTo) {
      const endpoint = discovery.metadata()?.end_session_endpoint
      if (endpoint === undefined || !URL.canParse(endpoint)) return null
      const url = new URL(endpoint)
      if (idToken !== null) url.searchParams.set('id_token_hint', idToken)
      url.searchParams.set('client_id', settings.clientId)
      url.searchParams.set('post_logout_redirect_uri', returnTo.href)
      return url
    },
    async verifyLogoutToken(token) {
      const { keys } = await ready()
      return settle(() => verifyLogoutToken(token, expected, keys, options.clock))
    },
    close: () => discovery.close(),
  }
}

/** Library errors end here: what they hold must not reach a log. */
async function settle<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Problem) throw error
    if (error instanceof TokenRequestFailed && (error.status === null || error.status >= 500)) {
      throw new Problem('identity-provider-unavailable', { cause: error })
    }
    const isRefusal = error instanceof TokenRequestFailed && error.status === 400
    throw new Problem(isRefusal ? 'sign-in-expired' : 'sign-in-failed', { cause: error })
  }
}

function requestParameters(transaction: SignInTransaction): Record<string, string> {
  return {
    state: transaction.state,
    nonce: transaction.nonce,
    code_challenge: createHash('sha256').update(transaction.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
}

function signInOf(
  settings: IdentityProviderSettings,
  { sid }: JWTPayload,
  claims: Readonly<Record<string, unknown>>,
  answer: TokenAnswer,
  idToken: string,
): VerifiedSignIn {
  const { key, issuer, groupsClaim } = settings
  const reading = principalFromClaims({ provider: key, issuer, groupsClaim }, claims)
  if (reading.outcome === 'refused') {
    throw new Problem(reading.reason === 'groups-overage' ? 'groups-overage' : 'sign-in-failed')
  }
  return {
    principal: reading.principal,
    idToken,
    refreshToken: answer.refreshToken,
    providerSession: typeof sid === 'string' ? `${key} ${sid}` : null,
  }
}

/** One configured source. Userinfo counts only for the subject of the ID token (Core, 5.3.2). */
async function claimsOf(
  settings: IdentityProviderSettings,
  metadata: ProviderMetadata,
  payload: JWTPayload,
  accessToken: string | null,
): Promise<Readonly<Record<string, unknown>>> {
  if (settings.claimsFrom === 'id_token') return payload
  if (metadata.userinfo_endpoint === undefined || accessToken === null) {
    throw new TokenRefused('no userinfo endpoint or no access token')
  }
  const answer = await boundedFetch(new URL(metadata.userinfo_endpoint), {
    headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
    timeoutMilliseconds: 4_000,
    maxBytes: 256 * 1024,
  })
  if (answer.status !== 200) throw new TokenRefused(`userinfo answered ${answer.status}`)
  const claims: unknown = JSON.parse(answer.text)
  const isObject = typeof claims === 'object' && claims !== null && !Array.isArray(claims)
  if (!isObject || !('sub' in claims) || claims.sub !== payload.sub) {
    throw new TokenRefused('sub of userinfo')
  }
  return { ...claims }
}

interface KeptDiscovery {
  current(): Promise<Discovered | null>
  metadata(): ProviderMetadata | null
  isReady(): boolean
  close(): Promise<void>
}

/** Tries until the provider answers, then daily; an endpoint that moved to another host is refused. */
function keepDiscovered(
  settings: IdentityProviderSettings,
  options: IdentityProviderOptions,
): KeptDiscovery {
  let found: Discovered | null = null
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | null = null
  let isClosed = false
  let retryMilliseconds = firstRetryMilliseconds
  const callbackUri = new URL(`/sign-in/${settings.key}/callback`, options.publicUrl).href

  const attempt = async () => {
    try {
      const metadata = await discover(settings.issuer)
      if (found && hostsOf(found.metadata) !== hostsOf(metadata)) {
        options.log.warn(
          { provider: settings.key },
          'the provider moved its endpoints: restart to accept',
        )
      } else {
        const exchange = createCodeExchange(settings, metadata, callbackUri, options.product)
        const keys =
          found?.metadata.jwks_uri === metadata.jwks_uri
            ? found.keys
            : remoteKeys(metadata.jwks_uri)
        await found?.exchange.close()
        if (!found) options.log.info({ provider: settings.key }, 'identity provider discovered')
        found = { metadata, exchange, keys }
      }
      retryMilliseconds = firstRetryMilliseconds
      again(refreshMilliseconds)
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown'
      options.log.warn({ provider: settings.key, reason }, 'identity provider cannot be discovered')
      again(retryMilliseconds)
      retryMilliseconds = Math.min(retryMilliseconds * 2, longestRetryMilliseconds)
    }
  }
  const start = (): Promise<void> => {
    running ??= attempt().finally(() => {
      running = null
    })
    return running
  }
  const again = (milliseconds: number) => {
    clearTimeout(timer)
    if (!isClosed) timer = setTimeout(() => void start(), milliseconds).unref()
  }
  void start()

  return {
    async current() {
      if (!found) await start()
      return found
    },
    metadata: () => found?.metadata ?? null,
    isReady: () => found !== null,
    async close() {
      isClosed = true
      clearTimeout(timer)
      await running
      await found?.exchange.close()
    },
  }
}

function hostsOf(metadata: ProviderMetadata): string {
  const { authorization_endpoint, token_endpoint, jwks_uri } = metadata
  return [authorization_endpoint, token_endpoint, jwks_uri]
    .map((url) => new URL(url).host)
    .join(' ')
}
