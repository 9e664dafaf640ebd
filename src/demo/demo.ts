/** The whole product on one machine: two OpenID providers, the AWS double, and the unchanged broker. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { loadSettings } from '#config/load.ts'
import type { RequestLimits, Settings } from '#domain/settings.ts'
import type { Clock } from '#ports'
import { openBroker, type Broker, type BrokerOptions } from '../broker.ts'
import type { AwsDouble } from './aws-double.ts'
import { startDemoAws } from './demo-aws.ts'
import { demoConfigText, freeDemoPorts, type DemoPorts } from './demo-config.ts'
import { startDemoIdentityProviders } from './demo-identity-providers.ts'
import type { IdentityProvider } from './identity-provider.ts'

export interface DemoOptions {
  readonly ports: DemoPorts
  readonly logger: Logger
  readonly clock?: Clock
  readonly limits?: RequestLimits
  readonly timeouts?: NonNullable<BrokerOptions['timeouts']>
  /** `postgres://…`; default: SQLite in a folder that goes when the demo ends. */
  readonly store?: string
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

/**
 * The broker's credentials must be in the environment of the SDK's default chain before. Where a port
 * was taken since it was found free, everything is stopped and tried once more with others.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  return startOnce(options).catch((error: unknown) => {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!isTaken) throw error
    return startOnce(options)
  })
}

async function startOnce(options: DemoOptions): Promise<Demo> {
  const clock = options.clock ?? (() => new Date())
  const started: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of started.toReversed()) await end()
  }
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-demo-'))
  started.push(() => rm(folder, { recursive: true, force: true }))
  try {
    const ports = await freeDemoPorts(options.ports)
    const store = options.store ?? `sqlite:${join(folder, 'demo.db')}`
    const text = await demoConfigText(ports, store, clock())
    const configPath = join(folder, 'demo.yaml')
    await writeFile(configPath, options.edit?.(text) ?? text)
    const settings = await requireSettings(configPath)
    const { company, partners } = await startDemoIdentityProviders(settings)
    started.push(
      () => company.stop(),
      () => partners.stop(),
    )
    const aws = await startDemoAws(settings.policy, ports)
    started.push(() => aws.stop())
    const broker = await openBroker({
      config: { current: () => settings },
      clock,
      logger: options.logger,
      ...(options.limits ? { limits: options.limits } : {}),
      ...(options.timeouts ? { timeouts: options.timeouts } : {}),
    })
    started.push(() => broker.close())
    await broker.listen()
    const url = settings.server.publicUrl.origin
    return { url, settings, configPath, broker, company, partners, aws, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Throws with every problem of the file. */
export async function requireSettings(path: string): Promise<Settings> {
  const loaded = await loadSettings({ path, environment: {} })
  if (loaded.outcome === 'loaded') return loaded.settings
  throw new Error(loaded.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
}
