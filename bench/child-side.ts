/** The other end of child-process.ts. */
import { writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'

export interface Usage {
  /** Of all threads since the process began. */
  readonly cpuMilliseconds: number
  readonly residentMegabytes: number
  /** After a full collection. */
  readonly heapMegabytes: number
}

export type Handlers = Readonly<Record<string, (value: never) => unknown>>

interface Question {
  readonly id: number
  readonly name: string
  readonly value?: unknown
}

/** What the parent gave. */
export function inputOf<Input>(): Input {
  return JSON.parse(process.argv[2] ?? 'null') as Input
}

/** Tells the parent that this process is ready, and answers it from now on. */
export function answerParent(
  ready: unknown,
  handlers: Handlers,
  close: () => Promise<unknown>,
): void {
  process.on('message', ({ id, name, value }: Question) => {
    if (name === 'stop') {
      void close().finally(() => process.exit(0))
      return
    }
    const handle = { usage, startProfile, stopProfile, ...handlers }[name]
    Promise.try((): unknown => {
      if (!handle) throw new Error(`no handler ${name}`)
      return handle(value as never)
    }).then(
      (answer) => process.send?.({ id, value: answer }),
      (error: unknown) => process.send?.({ id, error: String(error) }),
    )
  })
  process.once('disconnect', () => process.exit(0))
  process.send?.({ id: 0, value: ready })
}

const inspector = new Session()

/** From now on, so that the start of the process is not in it. */
async function startProfile(): Promise<void> {
  inspector.connect()
  await inspector.post('Profiler.enable')
  await inspector.post('Profiler.start')
}

async function stopProfile(file: string): Promise<void> {
  const { profile } = await inspector.post('Profiler.stop')
  await writeFile(file, JSON.stringify(profile))
  inspector.disconnect()
}

export function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function usage(): Usage {
  const cpu = cpuMilliseconds()
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  return { cpuMilliseconds: cpu, residentMegabytes: rss / 1e6, heapMegabytes: heapUsed / 1e6 }
}
