import type { IdentityProviderSettings } from '#domain/settings.ts'
import type { IdentityProviders } from '#ports'
import { createIdentityProvider, type IdentityProviderOptions } from './identity-provider.ts'

/** All configured providers, each discovered in the background: none of them can stop the start. */
export function createIdentityProviders(
  settings: Iterable<IdentityProviderSettings>,
  options: IdentityProviderOptions,
): IdentityProviders {
  const all = [...settings].map((one) => createIdentityProvider(one, options))
  const byKey = new Map(all.map((provider) => [provider.key, provider]))
  return {
    all,
    byKey: (key) => byKey.get(key) ?? null,
    async close() {
      await Promise.all(all.map((provider) => provider.close()))
    },
  }
}
