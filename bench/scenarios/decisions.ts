/** May somebody open a role: how the answer's price grows with the file and with the person's groups. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoPorts } from '#demo/demo-config.ts'
import { configText } from '../bench-config.ts'
import { profiled, startChild, type Child } from '../child-process.ts'
import { columns, inRounds, type Bench, type Figure, type Scenario } from '../figure.ts'
import type { DecisionTimes, PolicySize } from '../processes/decision-process.ts'

export const decisions: Scenario = {
  name: 'decisions',
  title: 'Decisions',
  async run(bench) {
    await using parts = new AsyncDisposableStack()
    const child = await startChild('decision-process.ts', null)
    parts.defer(() => child.stop())
    const folder = await mkdtemp(join(tmpdir(), 'sekisho-bench-'))
    parts.defer(() => rm(folder, { recursive: true, force: true }))

    const figures: Figure[] = []
    for (const assignments of [100, 2_000, 20_000]) {
      bench.say(`  ${assignments} assignments`)
      const size = sizeFor(assignments)
      for (const held of [5, 50, 500]) figures.push(...(await decide(bench, child, size, held)))
      figures.push(...(await load(bench, child, size, join(folder, `${assignments}.yaml`))))
    }
    return figures
  },
}

/** 20,000 assignments have the 5,000 accounts and 200 permission sets of DESIGN, section 4. */
function sizeFor(assignments: number): PolicySize {
  const part = assignments / 20_000
  return {
    assignments,
    accounts: Math.max(50, 5_000 * part),
    permissionSets: Math.max(10, 200 * part),
    groups: 1_000,
  }
}

async function decide(
  { isQuick, profileFolder }: Bench,
  child: Child<unknown>,
  size: PolicySize,
  held: number,
): Promise<Figure[]> {
  await child.ask('decide', { size, held })
  const rounds = await profiled(profileFolder, `decisions-${size.assignments}-${held}`, child, () =>
    inRounds(isQuick ? 2 : 5, () => child.ask<DecisionTimes>('decide', { size, held })),
  )
  const of = columns<keyof DecisionTimes>(rounds)
  const yardstick = { what: 'µs to look all groups up', samples: of('lookUps') }
  const isGoal = size.assignments === 20_000 && held === 500
  const reach = isGoal ? { reach: { atMost: 50 } } : {}
  const named = (what: string, key: keyof DecisionTimes): Figure => ({
    what: `${size.assignments.toLocaleString('en')} assignments, ${held} groups: ${what}`,
    unit: 'µs',
    samples: of(key),
    yardstick,
  })
  return [
    { ...named('granted', 'granted'), ...reach },
    { ...named('denied', 'denied'), ...reach },
    named('everything a person may open', 'everything'),
  ]
}

async function load(
  { isQuick }: Bench,
  child: Child<unknown>,
  size: PolicySize,
  path: string,
): Promise<Figure[]> {
  // The ports are never listened on.
  await writeFile(path, configText(demoPorts, 'sqlite:./bench.db', size))
  const rounds = await inRounds(isQuick ? 1 : 3, () =>
    child.ask<Record<'parse' | 'load' | 'swap' | 'stall', number>>('load', path),
  )
  const of = columns(rounds)
  const named = (what: string) => ({
    what: `${size.assignments.toLocaleString('en')} assignments: ${what}`,
    unit: 'ms',
  })
  const yardstick = { what: 'ms to parse the YAML alone', samples: of('parse') }
  return [
    { ...named('config loaded'), samples: of('load'), yardstick },
    { ...named('config swapped while running'), samples: of('swap'), yardstick },
    { ...named('longest standstill during the swap'), samples: of('stall') },
  ]
}
