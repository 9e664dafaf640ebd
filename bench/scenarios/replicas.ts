/** Several brokers on one PostgreSQL: what each more brings, and what is used up first. */
import { cpus } from 'node:os'
import { startPostgres, type Postgres } from '../../test/support/postgres.ts'
import { accountSlug, setSlug } from '../bench-config.ts'
import { columns, inRounds, quantile, type Bench, type Figure, type Scenario } from '../figure.ts'
import { clickHeaders, sendLoad } from '../load.ts'
import { startPlant, type Plant } from '../plant.ts'

export const replicas: Scenario = {
  name: 'replicas',
  title: 'Replicas on one PostgreSQL',
  async run(bench) {
    await using parts = new AsyncDisposableStack()
    const postgres = await startPostgres()
    parts.defer(() => postgres.stop())
    const figures: Figure[] = []
    for (const count of [1, 2, 3]) {
      bench.say(`  ${count} of them`)
      figures.push(...(await measure(bench, postgres, count)))
    }
    return figures
  },
}

async function measure(bench: Bench, postgres: Postgres, count: number): Promise<Figure[]> {
  await using parts = new AsyncDisposableStack()
  const plant = await startPlant({
    size: { accounts: 50, permissionSets: 4 },
    store: await postgres.createDatabase(),
    brokers: count,
    sessions: count,
  })
  parts.defer(() => plant.stop())
  const rounds = await inRounds(bench.isQuick ? 1 : 3, () =>
    openOnAll(plant, bench.isQuick ? 2 : 5),
  )
  const of = columns(rounds)
  const named = (what: string, unit: string) => ({ what: `${count}: ${what}`, unit })
  return [
    { ...named('openings, 20 at once on each', '/s'), samples: of('perSecond') },
    { ...named('openings per second of broker CPU time', '/s'), samples: of('perCore') },
    { ...named('time of one opening, p99', 'ms'), samples: of('late') },
    { ...named('of all cores of the machine in use', '%'), samples: of('machine') },
  ]
}

async function openOnAll({ brokers, cookies }: Plant, seconds: number) {
  const usages = () => Promise.all(brokers.map((broker) => broker.usage()))
  const total = (all: Awaited<ReturnType<typeof usages>>) =>
    all.reduce((sum, { cpuMilliseconds }) => sum + cpuMilliseconds, 0)
  const before = total(await usages())
  const machineBefore = machineTimes()
  const loads = await Promise.all(
    brokers.map(({ ready }, index) =>
      sendLoad({
        url: `${ready.url}/go/${accountSlug(0)}/${setSlug(0)}`,
        headers: { ...clickHeaders, cookie: cookies[index] ?? '' },
        atOnce: 20,
        seconds,
        status: 303,
      }),
    ),
  )
  const machineAfter = machineTimes()
  const requests = loads.reduce((sum, load) => sum + load.requests, 0)
  const busy = machineAfter.busy - machineBefore.busy
  return {
    perSecond: loads.reduce((sum, load) => sum + load.perSecond, 0),
    perCore: (requests * 1000) / (total(await usages()) - before),
    late: quantile(
      loads.flatMap(({ times }) => times),
      0.99,
    ),
    machine: (busy * 100) / (busy + machineAfter.idle - machineBefore.idle),
  }
}

function machineTimes() {
  const times = cpus().map((cpu) => cpu.times)
  const sum = (of: (time: (typeof times)[number]) => number) =>
    times.reduce((total, time) => total + of(time), 0)
  return {
    busy: sum(({ user, sys, nice, irq }) => user + sys + nice + irq),
    idle: sum((t) => t.idle),
  }
}
