/** The whole product on one machine: two OpenID providers, the AWS double, and the unchanged broker. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { loadSettings } from '#config/load.ts'
import type { Settings } from '#domain/settings.ts'
import type { RequestLimits } from '#plugins/request-limits.ts'
import type { Clock } from '#ports'
import { openBroker, type Broker } from '../broker.ts'
import type { AwsDouble } from './aws-double.ts'
import { startDemoAws } from './demo-aws.ts'
import { demoConfigText, freeDemoPorts, type DemoPorts } from './demo-config.ts'
import { companyPeople, partnerPeople } from './demo-people.ts'
import { startIdentityProvider, type IdentityProvider } from './identity-provider.ts'

export interface DemoOptions {
  readonly ports: DemoPorts
  readonly logger: Logger
  readonly clock?: Clock
  readonly limits?: RequestLimits
  /** Edits the config before it is loaded: tests ask for other settings so. */
  readonly edit?: (configText: string) => string
}

export interface Demo {
  readonly url: string
  readonly settings: Settings
  readonly configPath: string
  readonly broker: Broker
  readonly company: IdentityProvider
  readonly partners: IdentityProvider
  readonly aws: AwsDouble
  stop(): Promise<void>
}

/** The broker's credentials must be in the environment of the SDK's default chain before. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const clock = options.clock ?? (() => new Date())
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-demo-'))
  const ports = await freeDemoPorts(options.ports)
  const text = await demoConfigText(ports, `sqlite:${join(folder, 'demo.db')}`, clock())
  const configPath = join(folder, 'demo.yaml')
  await writeFile(configPath, options.edit?.(text) ?? text)
  const loaded = await loadSettings({ path: configPath, environment: {} })
  if (loaded.outcome === 'refused') {
    throw new Error(`config/demo.yaml: ${loaded.problems.map(({ message }) => message).join('; ')}`)
  }
  const { settings } = loaded
  const company = await startProvider(settings, 'company', 'Example SSO', ports.company)
  const partners = await startProvider(settings, 'partners', 'Partner directory', ports.partners)
  const aws = await startDemoAws(settings.policy, ports)
  const broker = await openBroker({
    config: { current: () => settings },
    clock,
    logger: options.logger,
    ...(options.limits ? { limits: options.limits } : {}),
  })
  await broker.listen()
  return {
    url: settings.server.publicUrl.origin,
    settings,
    configPath,
    broker,
    company,
    partners,
    aws,
    async stop() {
      await broker.close()
      await Promise.all([company.stop(), partners.stop(), aws.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function startProvider(
  { server, identityProviders }: Settings,
  key: 'company' | 'partners',
  title: string,
  port: number,
): Promise<IdentityProvider> {
  const provider = identityProviders.get(key)
  if (!provider) throw new Error(`config/demo.yaml names no provider ${key}`)
  const at = (path: string) => new URL(path, server.publicUrl).href
  return startIdentityProvider({
    port,
    title,
    people: key === 'company' ? companyPeople : partnerPeople,
    client: {
      clientId: provider.clientId,
      clientSecret: provider.clientSecret,
      redirectUris: [at(`/sign-in/${key}/callback`)],
      postLogoutRedirectUris: [at('/signed-out')],
      backchannelLogoutUri: at(`/sign-in/${key}/backchannel-logout`),
    },
  })
}
