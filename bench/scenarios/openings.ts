/** Opening a console: what the broker adds to the two AWS calls, and how many one core opens. */
import { accountSlug, setSlug } from '../bench-config.ts'
import { profiled, startChild, type Child } from '../child-process.ts'
import { columns, inRounds, quantile, type Bench, type Figure, type Scenario } from '../figure.ts'
import { clickHeaders, sendLoad } from '../load.ts'
import { startPlant, type Plant } from '../plant.ts'
import type { BareResult, BareWish } from '../processes/bare-process.ts'

export const openings: Scenario = {
  name: 'openings',
  title: 'Opening a console',
  async run(bench) {
    await using parts = new AsyncDisposableStack()
    const plant = await startPlant({
      size: { accounts: 50, permissionSets: 4 },
    })
    parts.defer(() => plant.stop())
    const bare = await startChild('bare-process.ts', { ports: plant.ports })
    parts.defer(() => bare.stop())

    // Code that has not run often is slow code: both sides open as many before they are measured.
    const warm = bench.isQuick ? 2 : 15
    bench.say('  warming up')
    await bare.ask('run', { by: 'sdk', atOnce: 20, seconds: warm / 2 } satisfies BareWish)
    await bare.ask('run', { by: 'hand', atOnce: 20, seconds: warm / 4 } satisfies BareWish)
    await openByBroker(plant, { atOnce: 20, delay: 0 }, warm)

    const figures: Figure[] = []
    for (const delay of [50, 0]) {
      await plant.delayAws(delay)
      for (const atOnce of [1, 20, 100]) {
        bench.say(`  ${atOnce} at once, AWS answering after ${delay} ms`)
        figures.push(...(await compare(bench, plant, bare, { atOnce, delay })))
      }
    }
    await profiled(bench.profileFolder, 'openings', plant.broker, () =>
      openByBroker(plant, { atOnce: 20, delay: 0 }, 3),
    )
    return figures
  },
}

interface Setting {
  readonly atOnce: number
  readonly delay: number
}

async function compare(
  { isQuick }: Bench,
  plant: Plant,
  bare: Child<unknown>,
  setting: Setting,
): Promise<Figure[]> {
  const { atOnce, delay } = setting
  const seconds = isQuick ? 0.6 : 3
  const staggerMilliseconds = staggerOf(setting)
  const runBare = (by: BareWish['by']) =>
    bare.ask<BareResult>('run', { by, atOnce, seconds, staggerMilliseconds } satisfies BareWish)
  const rounds = await inRounds(isQuick ? 1 : 3, async () => {
    const sdk = await runBare('sdk')
    const hand = await runBare('hand')
    const broker = await openByBroker(plant, setting, seconds)
    return {
      addedMedian: quantile(broker.times, 0.5) - quantile(sdk.times, 0.5),
      addedLate: quantile(broker.times, 0.99) - quantile(sdk.times, 0.99),
      sdkMedian: quantile(sdk.times, 0.5),
      sdkLate: quantile(sdk.times, 0.99),
      addedToHand: quantile(broker.times, 0.5) - quantile(hand.times, 0.5),
      handMedian: quantile(hand.times, 0.5),
      perSecond: broker.perSecond,
      sdkPerSecond: sdk.perSecond,
      perCore: 1000 / broker.cpuMillisecondsEach,
      sdkPerCore: 1000 / sdk.cpuMillisecondsEach,
      handPerCore: 1000 / hand.cpuMillisecondsEach,
    }
  })
  const of = columns(rounds)
  const when = `${atOnce} at once, AWS after ${delay} ms`
  const isGoal = atOnce === 20
  const sdk = (key: Parameters<typeof of>[0], unit: string) => ({
    what: `${unit} by SDK alone`,
    samples: of(key),
  })
  return [
    {
      what: `${when}: time added, p50`,
      unit: 'ms',
      samples: of('addedMedian'),
      yardstick: sdk('sdkMedian', 'ms'),
      ...(isGoal && delay > 0 && { reach: { atMost: 3 } }),
    },
    {
      what: `${when}: time added, p99`,
      unit: 'ms',
      samples: of('addedLate'),
      yardstick: sdk('sdkLate', 'ms'),
      ...(isGoal && delay > 0 && { reach: { atMost: 15 } }),
    },
    {
      what: `${when}: time added to calls without the SDK, p50`,
      unit: 'ms',
      samples: of('addedToHand'),
      yardstick: { what: 'ms by hand', samples: of('handMedian') },
    },
    ...(delay > 0
      ? []
      : [
          {
            what: `${when}: openings`,
            unit: '/s',
            samples: of('perSecond'),
            yardstick: sdk('sdkPerSecond', '/s'),
          },
          {
            what: `${when}: openings per second of CPU time`,
            unit: '/s',
            samples: of('perCore'),
            yardstick: sdk('sdkPerCore', '/s'),
            ...(isGoal && { reach: { atLeast: 0.7, of: 'ratio' as const } }),
          },
          {
            what: `${when}: openings per second of CPU time, without the SDK`,
            unit: '/s',
            samples: of('perCore'),
            yardstick: { what: '/s by hand', samples: of('handPerCore') },
          },
        ]),
  ]
}

/** Evenly over the time that AWS's two answers take: people do not click at the same instant. */
function staggerOf({ atOnce, delay }: Setting): number {
  return (2 * delay) / atOnce
}

async function openByBroker({ broker, cookie }: Plant, setting: Setting, seconds: number) {
  const before = await broker.usage()
  const load = await sendLoad({
    url: `${broker.ready.url}/go/${accountSlug(0)}/${setSlug(0)}`,
    headers: { ...clickHeaders, cookie },
    atOnce: setting.atOnce,
    staggerMilliseconds: staggerOf(setting),
    seconds,
    status: 303,
  })
  const after = await broker.usage()
  const cpu = after.cpuMilliseconds - before.cpuMilliseconds
  return { ...load, cpuMillisecondsEach: cpu / load.requests }
}
