/** The table and the JSON of a run. */
import { availableParallelism, cpus, totalmem } from 'node:os'
import { isReached, ratioOf, spreadOf, type Figure } from './figure.ts'

export interface ScenarioResult {
  readonly name: string
  readonly title: string
  readonly seconds: number
  readonly figures: readonly Figure[]
}

export interface Run {
  readonly startedAt: Date
  readonly isQuick: boolean
  readonly results: readonly ScenarioResult[]
}

export function machineInWords(): string {
  const memory = Math.round(totalmem() / 2 ** 30)
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  return `${availableParallelism()} cores (${model}), ${memory} GiB, Node ${process.versions.node}, ${process.platform}`
}

/** GitHub's Markdown, so that the same text is the page docs/figures.md. */
export function tableOf({ startedAt, isQuick, results }: Run): string {
  const heading = `${startedAt.toISOString().slice(0, 16)}Z, ${isQuick ? 'quick' : 'full'} run, ${machineInWords()}\n`
  const rows = results.map(
    ({ title, seconds, figures }) =>
      `| **${title}** | ${Math.round(seconds)} s | | | |\n${figures.map(rowOf).join('')}`,
  )
  return `${heading}\n| what | median (min … max) | yardstick | ratio | to reach |\n| --- | --- | --- | --- | --- |\n${rows.join('')}`
}

/** Throws where the page has no markers. */
export function withTable(page: string, table: string): string {
  const begin = '<!-- run -->\n'
  const from = page.indexOf(begin)
  const until = page.indexOf('<!-- /run -->')
  if (from < 0 || until < from) throw new Error('the page has no markers')
  return page.slice(0, from + begin.length) + table + page.slice(until)
}

export function jsonOf({ startedAt, isQuick, results }: Run): string {
  const document = {
    startedAt,
    isQuick,
    machine: machineInWords(),
    results: results.map((result) => ({
      ...result,
      figures: result.figures.map((figure) => ({
        ...figure,
        ...spreadOf(figure.samples),
        ratio: ratioOf(figure),
        isReached: isReached(figure),
      })),
    })),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function rowOf(figure: Figure): string {
  const { what, unit, samples, yardstick } = figure
  const { median, min, max } = spreadOf(samples)
  const ratio = ratioOf(figure)
  const cells = [
    what,
    `${inDigits(median)} ${unit}${samples.length > 1 ? ` (${inDigits(min)} … ${inDigits(max)})` : ''}`,
    yardstick ? `${inDigits(spreadOf(yardstick.samples).median)} ${yardstick.what}` : '',
    ratio === null ? '' : `${inDigits(ratio)} ×`,
    reachInWords(figure),
  ]
  return `| ${cells.join(' | ')} |\n`
}

function reachInWords(figure: Figure): string {
  const { reach } = figure
  if (!reach) return ''
  const bound = reach.atMost === undefined ? `≥ ${reach.atLeast}` : `≤ ${reach.atMost}`
  const of = reach.of === 'ratio' ? ' ×' : ''
  return `${bound}${of}: ${isReached(figure) ? 'met' : '**missed**'}`
}

/** Three digits that mean something. */
function inDigits(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
  return value.toLocaleString('en', { minimumFractionDigits: 0, maximumFractionDigits: digits })
}
