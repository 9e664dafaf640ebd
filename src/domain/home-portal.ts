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

/**
 * A portal by its slug. Null where there is none, and likewise for people of another provider than
 * its own: the names of a company's other portals are none of a contractor's business. People of the
 * first provider may look at every one.
 */
export function portalFor(
  { identityProviders, portals }: Pick<Settings, 'identityProviders' | 'portals'>,
  { provider }: Pick<Principal, 'provider'>,
  slug: string,
): PortalSettings | null {
  const [own] = identityProviders.keys()
  const portal = portals.get(slug)
  if (!portal) return null
  const isTheirs = portal.provider === null || portal.provider === provider || provider === own
  return isTheirs ? portal : null
}
