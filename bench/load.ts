/** autocannon, with each response's own time: its histogram knows whole milliseconds only. */
import autocannon from 'autocannon'
import { setTimeout as pause } from 'node:timers/promises'

export interface Load {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly atOnce: number
  /** About as long: a number of requests is sent, so that none is cut off in the middle. */
  readonly seconds: number
  /** Every other status fails the scenario: a fast refusal is not a figure. */
  readonly status: number
  /** Between one connection's start and the next: without, all of them ask at the same instant. */
  readonly staggerMilliseconds?: number
}

export interface LoadResult {
  /** Milliseconds, one per response. */
  readonly times: readonly number[]
  readonly perSecond: number
  /** Warm-up included: what a CPU time has to be divided by. */
  readonly requests: number
}

/** Two warm-ups: the first finds the pace, the second a better one at it. */
export async function sendLoad(load: Load): Promise<LoadResult> {
  const first = await sendAmount(load, 2)
  const share = (perSecond: number, seconds: number) => (perSecond * seconds) / load.atOnce
  const second = await sendAmount(load, share(first.perSecond, load.seconds / 3))
  const measured = await sendAmount(load, share(second.perSecond, load.seconds))
  const all = [first, second, measured]
  return { ...measured, requests: all.reduce((sum, { times }) => sum + times.length, 0) }
}

/** `each`: requests of one connection, after each other. */
async function sendAmount(load: Load, each: number) {
  const { atOnce, staggerMilliseconds = 0 } = load
  const times: number[] = []
  const began = performance.now()
  let last = began
  const connections = Array.from({ length: atOnce }, async (_, index) => {
    await pause(index * staggerMilliseconds)
    await sendInTurn(load, Math.max(2, Math.ceil(each)), (time) => {
      times.push(time)
      last = performance.now()
    })
  })
  await Promise.all(connections)
  return { times, perSecond: (times.length * 1000) / (last - began) }
}

async function sendInTurn(
  { url, headers, status }: Load,
  amount: number,
  onAnswer: (milliseconds: number) => void,
): Promise<void> {
  let strays = 0
  await new Promise((resolve, reject) => {
    const run = autocannon(
      { url, headers, connections: 1, amount, timeout: 30 },
      (error: unknown, result) => (error ? reject(error) : resolve(result)),
    )
    run.on('response', (_client, answered, _bytes, time) => {
      if (answered !== status) strays += 1
      onAnswer(time)
    })
    run.on('reqError', () => {
      strays += 1
    })
  })
  if (strays > 0) throw new Error(`${url}: ${strays} of ${amount} answers were not ${status}`)
}

/** As a browser asks when a person clicks a tile. */
export const clickHeaders = {
  accept: 'text/html',
  'accept-language': 'en',
  'accept-encoding': 'gzip, deflate, br, zstd',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'same-origin',
} as const
