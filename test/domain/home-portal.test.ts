import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { homePortalOf, portalFor } from '#domain/home-portal.ts'
import type { IdentityProviderSettings, PortalSettings } from '#domain/settings.ts'

const provider = (key: string): IdentityProviderSettings => ({
  key,
  name: key,
  issuer: `https://${key}.example`,
  clientId: 'sekisho',
  clientSecret: 'secret',
  scopes: ['openid'],
  groupsClaim: 'groups',
  claimsFrom: 'id_token',
  clientAuthentication: 'client_secret_basic',
  signingAlgorithms: ['RS256'],
  authorizationParameters: {},
})
const portal = (slug: string, of: string | null): PortalSettings => ({
  slug,
  title: { en: slug, ja: slug },
  provider: of,
  accounts: ['*'],
  message: null,
})

const settingsWith = (portals: readonly PortalSettings[]) => ({
  identityProviders: new Map(['company', 'partners', 'agency'].map((key) => [key, provider(key)])),
  portals: new Map(portals.map((one) => [one.slug, one])),
})

describe('the portal that `/` leads to', () => {
  const home = (who: string, portals: readonly PortalSettings[]) =>
    homePortalOf(settingsWith(portals), { provider: who })?.slug ?? null

  it('is the whole portal for people of the first provider, even where one names it', () => {
    assert.equal(home('company', [portal('own', 'company')]), null)
  })

  it('is the first portal of their provider for everybody else', () => {
    const portals = [portal('open', null), portal('acme', 'partners'), portal('acme-2', 'partners')]
    assert.equal(home('partners', portals), 'acme')
  })

  it('is the whole portal where none was made for their provider', () => {
    assert.equal(home('agency', [portal('open', null), portal('acme', 'partners')]), null)
  })
})

describe('a portal by its name', () => {
  const settings = settingsWith([portal('acme', 'partners'), portal('open', null)])
  const seenBy = (who: string) =>
    ['acme', 'open', 'nothing'].filter((slug) => portalFor(settings, { provider: who }, slug))

  it('is there for people of its provider, and for everybody where it names none', () => {
    assert.deepEqual(seenBy('partners'), ['acme', 'open'])
  })

  it('is not there for people of another provider, who would read its title', () => {
    assert.deepEqual(seenBy('agency'), ['open'])
  })

  it('can be looked at by people of the first provider, whose company it is', () => {
    assert.deepEqual(seenBy('company'), ['acme', 'open'])
  })
})
