import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair } from 'jose'
import { interactionPolicy } from 'oidc-provider'
import type {
  Account,
  AccountClaims,
  ClientMetadata,
  Configuration,
  KoaContextWithOIDC,
} from 'oidc-provider'

import type { DemoPerson, IdentityProviderOptions } from '../identity-provider.ts'
import { loggedOutPage, logoutPage, providerErrorPage, showPage } from './interaction-pages.ts'
import { memoryRecords } from './memory-records.ts'

export interface ProviderSettings extends Pick<IdentityProviderOptions, 'title' | 'client'> {
  port: number
  /** Whoever may sign in at this moment. */
  people: () => Iterable<DemoPerson>
}

const hour = 3600
const day = 24 * hour

/** What makes oidc-provider the plain provider of a company: one client, its people, no consent. */
export async function providerConfiguration(settings: ProviderSettings): Promise<Configuration> {
  return {
    adapter: () => memoryRecords(),
    clients: [clientMetadata(settings.client)],
    jwks: { keys: [await signingKey()] },
    findAccount: (_context, subject) => accountOf(subject, settings.people()),
    loadExistingGrant: grantEverything,
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
    claims: {
      openid: ['sub', 'groups'],
      groups: ['groups'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
    },
    // By default claims are only at the userinfo endpoint, as the specification prefers.
    conformIdTokenClaims: false,
    interactions: {
      policy: policy(),
      url: (_context, interaction) => `/interaction/${interaction.uid}`,
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => showPage(context, logoutPage(settings.title, form)),
        postLogoutSuccessSource: (context) => showPage(context, loggedOutPage(settings.title)),
      },
    },
    renderError: (context, { error, error_description: description }) =>
      showPage(context, providerErrorPage(settings.title, error, description)),
    cookies: {
      keys: [randomBytes(32).toString('hex')],
      // Cookies ignore the port, so two providers on one host need two sets of names.
      names: {
        session: `idp_${settings.port}_session`,
        interaction: `idp_${settings.port}_interaction`,
        resume: `idp_${settings.port}_resume`,
      },
    },
    ttl: {
      AccessToken: hour,
      AuthorizationCode: 60,
      Grant: 14 * day,
      IdToken: hour,
      Interaction: hour,
      RefreshToken: 14 * day,
      Session: day,
    },
    // The library's own refuses loopback addresses, which is where the client lives here.
    fetch: (input, init) => fetch(input, withoutDispatcher(init)),
  }
}

function clientMetadata(client: IdentityProviderOptions['client']): ClientMetadata {
  const { backchannelLogoutUri } = client
  return {
    client_id: client.clientId,
    client_secret: client.clientSecret,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris ?? [],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    ...(backchannelLogoutUri && {
      backchannel_logout_uri: backchannelLogoutUri,
      // Without this the ID token carries no `sid`.
      backchannel_logout_session_required: true,
    }),
  }
}

async function signingKey(): Promise<Record<string, unknown>> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const { kty, n, e, d, p, q, dp, dq, qi } = await exportJWK(privateKey)
  const kid = randomBytes(8).toString('hex')
  return { kty, n, e, d, p, q, dp, dq, qi, kid, use: 'sig', alg: 'RS256' }
}

function accountOf(subject: string, people: Iterable<DemoPerson>): Account | undefined {
  for (const person of people) {
    if (person.subject === subject) {
      return { accountId: subject, claims: () => claimsOf(person) }
    }
  }
  return undefined
}

function claimsOf(person: DemoPerson): AccountClaims {
  return {
    sub: person.subject,
    name: person.name,
    preferred_username: person.username,
    email: person.email,
    email_verified: person.email === undefined ? undefined : (person.emailVerified ?? false),
    groups: person.groups,
  }
}

/** In a company nobody is asked whether an application may know who they are. */
async function grantEverything(
  context: KoaContextWithOIDC,
): Promise<InstanceType<typeof context.oidc.provider.Grant>> {
  const { provider, client, account, session } = context.oidc
  const grantId = client && session?.grantIdFor(client.clientId)
  const existing = grantId && (await provider.Grant.find(grantId))
  const grant =
    existing || new provider.Grant({ clientId: client?.clientId, accountId: account?.accountId })
  grant.addOIDCScope('openid profile email groups offline_access')
  await grant.save()
  return grant
}

/** The library takes it that the account of a session still exists. Here people can leave. */
function policy(): interactionPolicy.DefaultPolicy {
  const steps = interactionPolicy.base()
  const personLeft = new interactionPolicy.Check(
    'person_left',
    'the person who was signed in has left',
    ({ oidc }) => oidc.session?.accountId !== undefined && oidc.account === undefined,
  )
  personLeft.error = 'login_required'
  steps.get('login')?.checks.add(personLeft)
  return steps
}

function withoutDispatcher(init: RequestInit | undefined): RequestInit {
  const { dispatcher: _, ...rest } = { dispatcher: undefined, ...init }
  return rest
}
