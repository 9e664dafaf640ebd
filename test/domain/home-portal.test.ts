import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { homePortalOf } from '#domain/home-portal.ts'
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
  title: slug,
  provider: of,
  accounts: ['*'],
  message: null,
})

describe('the portal that `/` leads to', () => {
  const home = (who: string, portals: readonly PortalSettings[]) =>
    homePortalOf(
      {
        identityProviders: new Map(
          ['company', 'partners', 'agency'].map((key) => [key, provider(key)]),
        ),
        portals: new Map(portals.map((one) => [one.slug, one])),
      },
      { provider: who },
    )?.slug ?? null

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
