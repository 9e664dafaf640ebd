import type { Settings } from '#domain/settings.ts'
import { companyPeople, partnerPeople } from './demo-people.ts'
import { startIdentityProvider, type IdentityProvider } from './identity-provider.ts'

export interface DemoIdentityProviders {
  readonly company: IdentityProvider
  readonly partners: IdentityProvider
}

const titles = { company: 'Example SSO', partners: 'Partner directory' } as const
const people = { company: companyPeople, partners: partnerPeople } as const

/** The two providers of config/demo.yaml, at the ports that their issuers name. */
export async function startDemoIdentityProviders(
  settings: Settings,
  bindAddress = '127.0.0.1',
): Promise<DemoIdentityProviders> {
  const [company, partners] = await Promise.all([
    startProvider(settings, 'company', bindAddress),
    startProvider(settings, 'partners', bindAddress),
  ])
  return { company, partners }
}

function startProvider(
  { server, identityProviders }: Settings,
  key: keyof DemoIdentityProviders,
  bindAddress: string,
): Promise<IdentityProvider> {
  const provider = identityProviders.get(key)
  if (!provider) throw new Error(`config/demo.yaml names no provider ${key}`)
  const at = (path: string) => new URL(path, server.publicUrl).href
  return startIdentityProvider({
    port: Number(new URL(provider.issuer).port),
    bindAddress,
    title: titles[key],
    people: people[key],
    client: {
      clientId: provider.clientId,
      clientSecret: provider.clientSecret,
      redirectUris: [at(`/sign-in/${key}/callback`)],
      postLogoutRedirectUris: [at('/signed-out')],
      backchannelLogoutUri: at(`/sign-in/${key}/backchannel-logout`),
    },
  })
}
