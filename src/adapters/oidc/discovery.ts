import { Type, type Static } from 'typebox'
import { Check, Errors } from 'typebox/schema'
import { boundedFetch } from '../bounded-fetch.ts'

const Metadata = Type.Object({
  issuer: Type.String(),
  authorization_endpoint: Type.String(),
  token_endpoint: Type.String(),
  jwks_uri: Type.String(),
  response_types_supported: Type.Array(Type.String()),
  userinfo_endpoint: Type.Optional(Type.String()),
  end_session_endpoint: Type.Optional(Type.String()),
  code_challenge_methods_supported: Type.Optional(Type.Array(Type.String())),
  authorization_response_iss_parameter_supported: Type.Optional(Type.Boolean()),
})

/** What we use of OpenID Connect Discovery 1.0, section 3, checked. */
export type ProviderMetadata = Static<typeof Metadata>

/** Why a provider cannot be used: for the operator's log, never for visitors. */
export class DiscoveryFailed extends Error {
  override readonly name = 'DiscoveryFailed'
}

const timeoutMilliseconds = 4_000
const maxBytes = 256 * 1024

/**
 * Fetches and checks the provider's metadata. The issuer must be byte-equal to the configured one
 * (section 4.3), or another provider's document could point our browsers and secrets elsewhere.
 * Rejects with `DiscoveryFailed` or `ExchangeFailed`.
 */
export async function discover(issuer: string): Promise<ProviderMetadata> {
  const url = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const answer = await boundedFetch(url, { timeoutMilliseconds, maxBytes })
  if (answer.status !== 200) throw new DiscoveryFailed(`discovery answered ${answer.status}`)

  const document = parseJson(answer.text)
  if (!Check(Metadata, document)) {
    const [, [first]] = Errors(Metadata, document)
    throw new DiscoveryFailed(`discovery: ${first?.instancePath ?? '/'} ${first?.message ?? ''}`)
  }
  if (document.issuer !== issuer) {
    throw new DiscoveryFailed(`discovery names issuer ${document.issuer}, the config ${issuer}`)
  }
  requireSoundEndpoints(document, new URL(issuer))
  return document
}

function requireSoundEndpoints(metadata: ProviderMetadata, issuer: URL): void {
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = metadata
  const endpoints = [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint]
  for (const endpoint of endpoints) {
    if (endpoint === undefined) continue
    const isSound = URL.canParse(endpoint) && isProtected(new URL(endpoint), issuer)
    if (!isSound) throw new DiscoveryFailed(`discovery: endpoint ${endpoint} must be https`)
  }
  if (!metadata.response_types_supported.includes('code')) {
    throw new DiscoveryFailed('discovery: the provider does not offer response type "code"')
  }
  const methods = metadata.code_challenge_methods_supported
  if (methods && !methods.includes('S256')) {
    throw new DiscoveryFailed('discovery: the provider does not offer PKCE with S256')
  }
}

/** The config lets an http issuer through on loopback only; its endpoints may then be http there. */
function isProtected(endpoint: URL, issuer: URL): boolean {
  if (endpoint.protocol === 'https:') return true
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(endpoint.hostname)
  return endpoint.protocol === 'http:' && issuer.protocol === 'http:' && isLoopback
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DiscoveryFailed('discovery: the answer is not JSON')
  }
}
