/** Checks of the identity providers: what OIDC forbids, and what would be a hole. */
import { webAddressProblem } from './address-rules.ts'
import type { CheckContext } from './check-context.ts'
import { pointerTo } from './config-problem.ts'
import { didYouMean } from './did-you-mean.ts'
import type { FileConfig } from './schema.ts'

/** Asymmetric ones of RFC 7518, section 3.1, RFC 8037 and RFC 9864. With HMAC, whoever has the client secret signs. */
const algorithms: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/** The broker's own: setting them from the config would take the sign-in apart. */
const ownParameters: ReadonlySet<string> = new Set([
  'client_id',
  'client_secret',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
])

type FileProvider = FileConfig['identityProviders'][string]

export function checkProviders(context: CheckContext): void {
  const { file, names, log } = context
  if (names.identityProviders?.size === 0) {
    log.problemWithKey('/identityProviders', 'name at least one identity provider')
  }
  for (const [key, provider] of Object.entries(file.identityProviders)) {
    checkProvider(context, pointerTo('identityProviders', key), provider)
  }
}

function checkProvider({ log }: CheckContext, place: string, provider: FileProvider): void {
  const { issuer, scopes, groupsClaim, signingAlgorithms } = provider
  const issuerPointer = `${place}/issuer`
  const issuerProblem = webAddressProblem(issuer) ?? issuerPartsProblem(issuer)
  if (issuerProblem !== null) {
    log.problem(issuerPointer, `${log.quoted(issuerPointer, issuer)} ${issuerProblem}`)
  }
  if (!scopes.includes('openid')) {
    log.problem(`${place}/scopes`, 'must hold openid: without it there is no ID token')
  }
  // RFC 6901, section 3: a tilde is followed by 0 or 1.
  if (groupsClaim.startsWith('/') && /~(?![01])/.test(groupsClaim)) {
    log.problem(
      `${place}/groupsClaim`,
      'is no JSON pointer: "~" is written "~0", "/" in a name "~1"',
    )
  }
  for (const [index, algorithm] of signingAlgorithms.entries()) {
    const pointer = `${place}/signingAlgorithms/${index}`
    if (algorithms.includes(algorithm)) continue
    const why = /^HS\d|^none$/i.test(algorithm) ? ' is not asymmetric' : ' is unknown'
    const hint = didYouMean(algorithm, algorithms)
    log.problem(
      pointer,
      `${log.quoted(pointer, algorithm)}${why}; there are ${algorithms.join(', ')}${hint}`,
    )
  }
  for (const name of Object.keys(provider.authorizationParameters ?? {})) {
    if (!ownParameters.has(name.toLowerCase())) continue
    log.problemWithKey(
      `${place}/authorizationParameters${pointerTo(name)}`,
      `${name} is set by the broker`,
    )
  }
}

/** OpenID Connect Discovery 1.0, section 2: no query and no fragment. */
function issuerPartsProblem(issuer: string): string | null {
  return /[?#]/.test(issuer) ? 'must have no query and no fragment' : null
}
