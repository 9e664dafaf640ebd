/** What most scenarios stand on: a config, a store with sessions in it, the AWS double, a broker. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { anyPorts, freeDemoPorts, type DemoPorts } from '#demo/demo-config.ts'
import { configText, type ConfigSize } from './bench-config.ts'
import { startChild, type Child } from './child-process.ts'
import { mintSession } from './minted-session.ts'

export interface BrokerReady {
  /** The broker's own origin. */
  readonly url: string
}

export interface PlantOptions {
  readonly size: ConfigSize
  /** SQLite in the plant's own folder unless said. */
  readonly store?: string
  /** Minted for as many people. */
  readonly sessions?: number
  readonly brokers?: number
  readonly aws?: boolean
}

export interface Plant {
  readonly folder: string
  readonly ports: DemoPorts
  readonly configPaths: readonly string[]
  readonly brokers: readonly Child<BrokerReady>[]
  readonly broker: Child<BrokerReady>
  readonly cookies: readonly string[]
  readonly cookie: string
  /** Of STS and federation both, before they answer. */
  delayAws(milliseconds: number): Promise<void>
  stop(): Promise<void>
}

export async function startPlant(options: PlantOptions): Promise<Plant> {
  const { size, brokers: count = 1, sessions = 1 } = options
  await using parts = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-bench-'))
  parts.defer(() => rm(folder, { recursive: true, force: true }))
  const ports = await freeDemoPorts(anyPorts)
  const store = options.store ?? `sqlite:${join(folder, 'bench.db')}`
  const cookies = await mintSessions(store, sessions)

  const aws = options.aws === false ? null : await startChild('aws-process.ts', { ports })
  if (aws) parts.defer(() => aws.stop())
  const brokers: Child<BrokerReady>[] = []
  const configPaths: string[] = []
  for (let index = 0; index < Math.max(1, count); index += 1) {
    const own = index === 0 ? ports : { ...ports, broker: (await freeDemoPorts(anyPorts)).broker }
    const configPath = join(folder, `bench-${index}.yaml`)
    await writeFile(configPath, configText(own, store, size))
    configPaths.push(configPath)
    if (count === 0) break
    const broker = await startChild<BrokerReady>('replica-process.ts', { configPath })
    parts.defer(() => broker.stop())
    brokers.push(broker)
  }
  const kept = parts.move()
  return {
    folder,
    ports,
    configPaths,
    brokers,
    get broker() {
      return firstOf(brokers)
    },
    cookies,
    cookie: firstOf(cookies),
    async delayAws(milliseconds) {
      await aws?.ask('delay', milliseconds)
    },
    stop: () => kept.disposeAsync(),
  }
}

export function firstOf<Item>(items: readonly Item[]): Item {
  const [first] = items
  if (first === undefined) throw new Error('there is none')
  return first
}

async function mintSessions(store: string, count: number): Promise<string[]> {
  const storage = await openStorage(store, { clock: () => new Date() })
  const cookies: string[] = []
  for (let person = 1; person <= count; person += 1) {
    cookies.push(await mintSession(storage.sessions, person))
  }
  await storage.close()
  return cookies
}
