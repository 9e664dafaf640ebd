/** autocannon, with each response's own time: its histogram knows whole milliseconds only. */
import autocannon from 'autocannon'

export interface Load {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly atOnce: number
  /** About as long: a number of requests is sent, so that none is cut off in the middle. */
  readonly seconds: number
  /** Every other status fails the scenario: a fast refusal is not a figure. */
  readonly status: number
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
  const least = Math.max(10, load.atOnce * 2)
  const first = await sendAmount(load, least)
  const second = await sendAmount(load, Math.max(least, (first.perSecond * load.seconds) / 3))
  const measured = await sendAmount(load, Math.max(least, second.perSecond * load.seconds))
  const all = [first, second, measured]
  return { ...measured, requests: all.reduce((sum, { times }) => sum + times.length, 0) }
}

async function sendAmount({ url, headers, atOnce, status }: Load, amount: number) {
  const times: number[] = []
  let strays = 0
  const began = performance.now()
  let last = began
  await new Promise((resolve, reject) => {
    const run = autocannon(
      { url, headers, connections: atOnce, amount: Math.ceil(amount), timeout: 30 },
      (error: unknown, result) => (error ? reject(error) : resolve(result)),
    )
    run.on('response', (_client, answered, _bytes, time) => {
      if (answered !== status) strays += 1
      times.push(time)
      last = performance.now()
    })
    run.on('reqError', () => {
      strays += 1
    })
  })
  if (strays > 0) throw new Error(`${url}: ${strays} of ${times.length} answers were not ${status}`)
  return { times, perSecond: (times.length * 1000) / (last - began) }
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
