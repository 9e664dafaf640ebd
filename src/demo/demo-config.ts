import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

export const demoConfigPath = fileURLToPath(new URL('../../config/demo.yaml', import.meta.url))

/** Ports as they stand in config/demo.yaml. */
export const demoPorts = {
  broker: 8480,
  company: 8481,
  partners: 8482,
  sts: 8483,
  metrics: 8484,
  signIn: 8485,
  console: 8486,
} as const

export type DemoPorts = Readonly<Record<keyof typeof demoPorts, number>>

const contractMilliseconds = 10 * 86_400_000

/** The file with other ports and store, and the contractors' last day moved to where it can be seen. */
export async function demoConfigText(ports: DemoPorts, store: string, now: Date): Promise<string> {
  const endsAt = new Date(now.getTime() + contractMilliseconds).toISOString()
  const moved = new Map(portNames.map((name) => [String(demoPorts[name]), String(ports[name])]))
  const text = await readFile(demoConfigPath, 'utf8')
  return text
    .replace(/\b848[0-9]\b/g, (port) => moved.get(port) ?? port)
    .replace(/^ {4}until: .*$/m, `    until: ${endsAt}`)
    .replace(/^store: .*$/m, `store: ${store}`)
}

/** The ports of the file where they are free, else others. */
export async function freeDemoPorts(preferred: DemoPorts = demoPorts): Promise<DemoPorts> {
  const taken: number[] = []
  const pick = async (port: number) => {
    const free = (await isFree(port)) && !taken.includes(port) ? port : await anyFree()
    taken.push(free)
    return free
  }
  return {
    broker: await pick(preferred.broker),
    company: await pick(preferred.company),
    partners: await pick(preferred.partners),
    sts: await pick(preferred.sts),
    metrics: await pick(preferred.metrics),
    signIn: await pick(preferred.signIn),
    console: await pick(preferred.console),
  }
}

/** For tests: whatever is free. */
export const anyPorts: DemoPorts = {
  broker: 0,
  company: 0,
  partners: 0,
  sts: 0,
  metrics: 0,
  signIn: 0,
  console: 0,
}

const portNames = ['broker', 'company', 'partners', 'sts', 'metrics', 'signIn', 'console'] as const

async function isFree(port: number): Promise<boolean> {
  return port !== 0 && (await listenOnce(port))
}

/** Below the range that systems hand out by themselves: nobody's connection takes it meanwhile. */
async function anyFree(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(10_000, 32_000)
    if (await isFree(port)) return port
  }
  throw new Error('no free port on 127.0.0.1')
}

function listenOnce(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
