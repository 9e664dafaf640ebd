/** From the command to the first page, and what a day's work leaves in memory. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { accountSlug, setSlug } from '../bench-config.ts'
import { nodeEnvironment, nodeFlags, startChild } from '../child-process.ts'
import type { Usage } from '../child-side.ts'
import { columns, inRounds, type Bench, type Figure, type Scenario } from '../figure.ts'
import { clickHeaders, sendLoad } from '../load.ts'
import { fetchPage } from '../page-bytes.ts'
import { firstOf, startPlant, type Plant } from '../plant.ts'
import { untilReady } from './sign-in.ts'

export const startUp: Scenario = {
  name: 'start-up',
  title: 'Start-up and memory',
  run: async (bench) => [...(await firstPage(bench)), ...(await memory(bench))],
}

const bareServer = `
  import { createServer } from 'node:http'
  createServer((_, response) => response.end('hello')).listen(Number(process.argv[2]), '127.0.0.1')`

async function firstPage({ isQuick }: Bench): Promise<Figure[]> {
  await using parts = new AsyncDisposableStack()
  const plant = await startPlant({
    size: { accounts: 50, permissionSets: 5 },
    brokers: 0,
    aws: false,
  })
  parts.defer(() => plant.stop())
  const provider = await startChild('provider-process.ts', { ports: plant.ports })
  parts.defer(() => provider.stop())
  const bare = join(plant.folder, 'bare.mjs')
  await writeFile(bare, bareServer)

  const origin = `http://127.0.0.1:${plant.ports.broker}`
  const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
  const serve = [...nodeFlags, main, 'serve', '--config', firstOf(plant.configPaths)]
  const headers = { ...clickHeaders, cookie: plant.cookie }
  const rounds = await inRounds(isQuick ? 1 : 5, async () => ({
    page: await timeUntil(serve, () => fetchPage(`${origin}/`, headers)),
    ready: await timeUntil(serve, () => fetchPage(`${origin}/readyz`, {})),
    bare: await timeUntil([bare, String(plant.ports.broker)], () => fetchPage(`${origin}/`, {})),
  }))
  const of = columns(rounds)
  const yardstick = { what: 'ms for a bare node:http server', samples: of('bare') }
  return [
    {
      what: 'start to first portal page (SQLite)',
      unit: 'ms',
      samples: of('page'),
      yardstick,
      reach: { atMost: 1_000 },
    },
    { what: 'start to ready (provider discovered)', unit: 'ms', samples: of('ready'), yardstick },
  ]
}

async function timeUntil(commandLine: string[], answers: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  const child = spawn(process.execPath, commandLine, {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, ...nodeEnvironment },
    timeout: 60_000,
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    for (;;) {
      const isThere = await answers().then(
        () => true,
        () => false,
      )
      if (isThere) return performance.now() - began
      if (child.exitCode !== null) throw new Error(`${commandLine.join(' ')} ended too soon`)
      await new Promise((resolve) => setTimeout(resolve, 4))
    }
  } finally {
    // Not SIGTERM: an orderly stop waits some seconds for load balancers.
    child.kill('SIGKILL')
    await ended
  }
}

async function memory(bench: Bench): Promise<Figure[]> {
  await using parts = new AsyncDisposableStack()
  const count = bench.isQuick ? 500 : 10_000
  const plant = await startPlant({
    size: { accounts: 50, permissionSets: 5 },
    sessions: count,
  })
  parts.defer(() => plant.stop())
  await untilReady(`${plant.broker.ready.url}/healthz`)
  const fresh = await plant.broker.usage()

  bench.say(`  ${count} sessions, ${count} openings`)
  await visitAll(plant)
  await openMany(plant, count)
  const worked = await plant.broker.usage()
  // V8 keeps the pages that it has freed for some seconds.
  await pause(bench.isQuick ? 100 : 12_000)
  const rested = await plant.broker.usage()
  bench.say('  soak')
  const soak = await inRounds(bench.isQuick ? 3 : 6, async () => {
    await openFor(plant, bench.isQuick ? 1 : 6)
    return plant.broker.usage()
  })
  const megabytes = (what: string, samples: readonly number[]) => ({ what, unit: 'MB', samples })
  const heaps = soak.map(({ heapMegabytes }) => heapMegabytes)
  const resident = ({ residentMegabytes }: Usage) => residentMegabytes
  const times = `${count.toLocaleString('en')} openings and ${count.toLocaleString('en')} sessions`
  return [
    megabytes('memory after the start, resident', [resident(fresh)]),
    megabytes('memory after the start, heap', [fresh.heapMegabytes]),
    megabytes(`memory after ${times}, resident at once`, [resident(worked)]),
    {
      ...megabytes(`memory after ${times}, resident 12 s later`, [resident(rested)]),
      reach: { atMost: 200 },
    },
    megabytes(`memory after ${times}, heap`, [worked.heapMegabytes]),
    megabytes('soak, openings at 20 at once: resident at each look', soak.map(resident)),
    megabytes('soak: heap at each look', heaps),
    {
      ...megabytes('soak: heap gained from first look to last', [
        (heaps.at(-1) ?? NaN) - (heaps[0] ?? NaN),
      ]),
      reach: { atMost: 2 },
    },
  ]
}

/** Everybody looks at the portal once. */
async function visitAll({ broker, cookies }: Plant): Promise<void> {
  const waiting = [...cookies]
  const visitInTurn = async () => {
    for (let cookie = waiting.pop(); cookie !== undefined; cookie = waiting.pop()) {
      await fetchPage(`${broker.ready.url}/`, { ...clickHeaders, cookie })
    }
  }
  await Promise.all(Array.from({ length: 10 }, visitInTurn))
}

/** Each by somebody else. */
async function openMany({ broker, cookies }: Plant, count: number): Promise<void> {
  let next = 0
  const openInTurn = async () => {
    while (next < count) {
      const cookie = cookies[next++ % cookies.length] ?? ''
      await fetchPage(openingUrl(broker.ready.url), { ...clickHeaders, cookie }, 303)
    }
  }
  await Promise.all(Array.from({ length: 20 }, openInTurn))
}

async function openFor({ broker, cookie }: Plant, seconds: number): Promise<void> {
  const headers = { ...clickHeaders, cookie }
  await sendLoad({ url: openingUrl(broker.ready.url), headers, atOnce: 20, seconds, status: 303 })
}

function openingUrl(origin: string): string {
  return `${origin}/go/${accountSlug(0)}/${setSlug(0)}`
}
