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

export async function sendLoad(load: Load): Promise<LoadResult> {
  const warmUp = await sendAmount(load, Math.max(10, load.atOnce * 2))
  const amount = Math.ceil(warmUp.perSecond * load.seconds)
  const measured = await sendAmount(load, Math.max(10, load.atOnce * 2, amount))
  return { ...measured, requests: warmUp.times.length + measured.times.length }
}

async function sendAmount({ url, headers, atOnce, status }: Load, amount: number) {
  const times: number[] = []
  let strays = 0
  const began = performance.now()
  let last = began
  await new Promise((resolve, reject) => {
    const run = autocannon(
      { url, headers, connections: atOnce, amount, timeout: 30 },
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
  if (strays > 0) throw new Error(`${url}: ${strays} of ${amount} answers were not ${status}`)
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
