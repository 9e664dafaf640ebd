import type { Principal } from '#domain/principal.ts'
import type { Settings } from '#domain/settings.ts'

/**
 * A person as an operator names them: `company:SUBJECT`, or an e-mail taken as verified at the first
 * provider. Groups are only known from a sign-in, so they are given by hand.
 */
export function principalNamed(
  { identityProviders }: Settings,
  name: string,
  groups: readonly string[],
): Principal {
  const [first] = identityProviders.keys()
  const colon = name.indexOf(':')
  const hasProvider = colon > 0 && identityProviders.has(name.slice(0, colon))
  const provider = hasProvider ? name.slice(0, colon) : (first ?? '')
  const rest = hasProvider ? name.slice(colon + 1) : name
  const isEmail = rest.includes('@')
  return {
    provider,
    issuer: identityProviders.get(provider)?.issuer ?? '',
    subject: rest,
    displayName: rest,
    username: null,
    email: isEmail ? rest : null,
    emailVerified: isEmail,
    groups: new Set(groups),
  }
}
