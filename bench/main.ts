/**
 * `npm run bench -- [--quick] [--out FILE] [--note FILE] [--profile FOLDER] [--list] [SCENARIO…]`: every scenario, or
 * those named. `--note` puts the table into a page, between its two markers. Everything stays on loopback; the table goes to stdout, progress to stderr.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { jsonOf, machineInWords, tableOf, withTable, type ScenarioResult } from './report.ts'
import { decisions } from './scenarios/decisions.ts'
import { openings } from './scenarios/openings.ts'
import { portal } from './scenarios/portal.ts'
import { replicas } from './scenarios/replicas.ts'
import { signIn } from './scenarios/sign-in.ts'
import { startUp } from './scenarios/start-up.ts'
import { state } from './scenarios/state.ts'

const scenarios = [openings, portal, decisions, signIn, state, startUp, replicas]

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    out: { type: 'string', default: join(import.meta.dirname, 'results.json') },
    note: { type: 'string' },
    profile: { type: 'string' },
  },
  allowPositionals: true,
})

if (values.list) {
  for (const { name, title } of scenarios) process.stdout.write(`${name.padEnd(12)} ${title}\n`)
} else {
  await run()
}

async function run(): Promise<void> {
  const unknown = positionals.filter((wanted) => !scenarios.some(({ name }) => name === wanted))
  if (unknown.length > 0) throw new Error(`no scenario ${unknown.join(', ')}: see --list`)
  const startedAt = new Date()
  const say = (line: string) => void process.stderr.write(`${line}\n`)
  const bench = { isQuick: values.quick, profileFolder: values.profile ?? null, say }
  const results: ScenarioResult[] = []

  say(machineInWords())
  for (const scenario of scenarios) {
    const { name, title } = scenario
    if (positionals.length > 0 && !positionals.includes(name)) continue
    say(`${name} …`)
    const began = performance.now()
    const figures = await scenario.run(bench).catch((error: unknown) => {
      say(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`)
      process.exitCode = 1
      return []
    })
    results.push({ name, title, seconds: (performance.now() - began) / 1000, figures })
  }
  const finished = { startedAt, isQuick: values.quick, results }
  process.stdout.write(tableOf(finished))
  await writeFile(values.out, jsonOf(finished))
  say(`written to ${values.out}`)
  if (values.note === undefined) return
  const page = await readFile(values.note, 'utf8')
  await writeFile(values.note, withTable(page, tableOf(finished)))
}
