import type { Principal } from './principal.ts'
import type { PortalSettings, Settings } from './settings.ts'

/**
 * Where somebody lands who opens `/`: people of the first provider see everything they hold; people
 * of another one see the first portal made for that provider. Null: the whole portal.
 */
export function homePortalOf(
  { identityProviders, portals }: Pick<Settings, 'identityProviders' | 'portals'>,
  { provider }: Pick<Principal, 'provider'>,
): PortalSettings | null {
  const [own] = identityProviders.keys()
  if (provider === own) return null
  return [...portals.values()].find((portal) => portal.provider === provider) ?? null
}
