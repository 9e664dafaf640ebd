/** Complete round trips: our redirect, the provider's form, the callback, the portal page. */
import { demoPassword } from '#demo/demo-people.ts'
import { createVisitor } from '../../test/support/cookie-jar.ts'
import { startChild, type Child } from '../child-process.ts'
import { columns, inRounds, quantile, type Bench, type Figure, type Scenario } from '../figure.ts'
import { fetchPage } from '../page-bytes.ts'
import { startPlant, type Plant } from '../plant.ts'

export const signIn: Scenario = {
  name: 'sign-in',
  title: 'Sign-in, round trips',
  async run(bench) {
    await using parts = new AsyncDisposableStack()
    const plant = await startPlant({
      size: { accounts: 10, permissionSets: 5 },
      aws: false,
    })
    parts.defer(() => plant.stop())
    const provider = await startChild('provider-process.ts', { ports: plant.ports })
    parts.defer(() => provider.stop())
    await untilReady(`${plant.broker.ready.url}/readyz`)

    const figures: Figure[] = []
    for (const atOnce of [1, 8]) {
      bench.say(`  ${atOnce} at once`)
      figures.push(...(await measure(bench, plant, provider, atOnce)))
    }
    return figures
  },
}

async function measure(
  { isQuick }: Bench,
  { broker, ports }: Plant,
  provider: Child<unknown>,
  atOnce: number,
): Promise<Figure[]> {
  const seconds = isQuick ? 2 : 6
  const origin = `http://127.0.0.1:${ports.broker}`
  await signInFor(origin, atOnce, 0.5)
  const rounds = await inRounds(isQuick ? 1 : 3, async () => {
    const before = await broker.usage()
    const tokenBefore = await provider.ask<number>('tokenMilliseconds')
    const { ours, whole, perSecond } = await signInFor(origin, atOnce, seconds)
    const after = await broker.usage()
    const token = (await provider.ask<number>('tokenMilliseconds')) - tokenBefore
    const cpu = (after.cpuMilliseconds - before.cpuMilliseconds) / whole.length
    const exchange = token / whole.length
    return {
      perSecond,
      perCore: 1000 / cpu,
      whole: quantile(whole, 0.5),
      ours: quantile(ours, 0.5) - exchange,
    }
  })
  const of = columns(rounds)
  return [
    {
      what: `${atOnce} at once: round trips, provider included`,
      unit: '/s',
      samples: of('perSecond'),
    },
    {
      what: `${atOnce} at once: round trips per second of the broker's CPU time`,
      unit: '/s',
      samples: of('perCore'),
    },
    {
      what: `${atOnce} at once: time in the broker, its wait for the provider taken out, p50`,
      unit: 'ms',
      samples: of('ours'),
      yardstick: { what: 'ms for the whole round trip', samples: of('whole') },
    },
  ]
}

/** `ours` is what the broker's three answers took: start, callback, first page. */
async function signInFor(origin: string, atOnce: number, seconds: number) {
  const ours: number[] = []
  const whole: number[] = []
  const began = performance.now()
  const ends = began + seconds * 1000
  let next = 0
  const signInInTurn = async () => {
    while (performance.now() < ends) {
      const before = performance.now()
      ours.push(await signInOnce(origin, `person-${next++ % 50}`))
      whole.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, signInInTurn))
  return { ours, whole, perSecond: (whole.length * 1000) / (performance.now() - began) }
}

async function signInOnce(origin: string, username: string): Promise<number> {
  const visitor = createVisitor(origin)
  let ours = 0
  /** One hop at a time, so that each can be laid at somebody's door. */
  const walk = async (address: string) => {
    for (;;) {
      const began = performance.now()
      const answer = await visitor.open(address, { follow: false })
      if (address.startsWith(origin)) ours += performance.now() - began
      const { location } = answer.headers
      if (location === undefined) return answer
      address = new URL(location, answer.url).href
    }
  }
  const form = await walk(`${origin}/sign-in/company`)
  const sent = await visitor.submit(form, { username, password: demoPassword }, { follow: false })
  const page = await walk(new URL(sent.headers.location ?? '', sent.url).href)
  if (page.status !== 200 || !page.url.startsWith(origin)) {
    throw new Error(`the sign-in ended with ${page.status} at ${page.url}`)
  }
  return ours
}

export async function untilReady(url: string, mostMilliseconds = 15_000): Promise<void> {
  const ends = performance.now() + mostMilliseconds
  for (;;) {
    const isReady = await fetchPage(url, {}).then(
      () => true,
      () => false,
    )
    if (isReady) return
    if (performance.now() > ends) throw new Error(`${url} is not ready`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
