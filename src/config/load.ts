/**
 * From a YAML file to settings, or to everything that is wrong with it, in one go.
 * Owns: the order of reading. Leaves to others: each step, in the file that is named for it.
 */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Settings } from '#domain/settings.ts'
import { knownNamesOf } from './check-context.ts'
import { readCompanions } from './companion-files.ts'
import { compileSettings, type CompanionFiles } from './compile-settings.ts'
import { createFindingLog, type ConfigProblem, type Finding } from './config-problem.ts'
import { interpolate, whyUnreadable } from './interpolation.ts'
import { checkReferences } from './reference-problems.ts'
import { shapeProblems } from './shape-problems.ts'
import { soundPartOf } from './sound-part.ts'
import type { FileConfig } from './schema.ts'
import { readYaml, type YamlSource } from './yaml-source.ts'

export type { ConfigProblem }

export interface LoadOptions {
  /** Relative to the working directory, or absolute. */
  readonly path: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Gives a whole file. Rejects with an error of node:fs. */
  readonly readFile?: (path: string) => Promise<Uint8Array>
}

interface Refused {
  readonly outcome: 'refused'
  readonly problems: readonly ConfigProblem[]
}

/** Nothing but plain values, so that it can come from another thread. */
export type ConfigReading =
  | {
      readonly outcome: 'read'
      readonly file: FileConfig
      readonly companions: CompanionFiles
      readonly fingerprint: string
      readonly warnings: readonly ConfigProblem[]
    }
  | Refused

export type LoadResult =
  | {
      readonly outcome: 'loaded'
      readonly settings: Settings
      readonly warnings: readonly ConfigProblem[]
    }
  | Refused

/** Of a config, of a secret file, of a certificate. */
const mostBytes = 16 * 1024 * 1024
/** A last look at messages for values of the environment; shorter ones would be found everywhere. */
const shortestSecret = 8

/** Never rejects: a file that cannot be read is a problem too. */
export async function loadSettings(options: LoadOptions): Promise<LoadResult> {
  return settingsFrom(options.path, await readConfig(options))
}

/** `path` as it was read. */
export function settingsFrom(path: string, reading: ConfigReading): LoadResult {
  if (reading.outcome === 'refused') return reading
  const { file, companions, fingerprint, warnings } = reading
  const folder = dirname(resolve(path))
  const settings = compileSettings(file, { folder, fingerprint, companions })
  return { outcome: 'loaded', settings, warnings }
}

/** Nearly all of what loading costs, which is what the file holds: seconds for 20,000 assignments. */
export async function readConfig(options: LoadOptions): Promise<ConfigReading> {
  const { path, environment, readFile = readBounded } = options
  const file = await readFile(path)
    .then(
      (bytes) => ({ bytes, text: textOf(bytes) }),
      (error: unknown) => ({ unreadable: whyUnreadable(error) }),
    )
    .catch((error: unknown) => ({ unreadable: whyUnreadable(error) }))
  if ('unreadable' in file) return refusedWhole(`the file cannot be read: ${file.unreadable}`)

  const source = readYaml(file.text)
  if (!source.isReadable) return { outcome: 'refused', problems: inOrder(source.problems) }
  if (source.value === null) return refusedWhole('the file is empty')

  const folder = dirname(resolve(path))
  const readText = async (name: string) => textOf(await readFile(resolve(folder, name)))
  const checked = await checkDocument(source, { environment, folder, readText })
  const problems = [...source.problems, ...checked.problems]
  if (problems.length > 0 || !checked.sound) {
    return { outcome: 'refused', problems: inOrder(problems) }
  }
  const fingerprint = createHash('sha256').update(file.bytes).digest('hex')
  return { outcome: 'read', ...checked.sound, fingerprint, warnings: inOrder(checked.warnings) }
}

/** One line for each, such as `config/sekisho.yaml:12:5: /accounts/prod/id: …`. */
export function describeProblems(file: string, problems: readonly ConfigProblem[]): string {
  return problems
    .map(({ line, column, path, message }) => {
      const place = path === '' ? '' : `${path}: `
      return `${file}:${line}:${column}: ${place}${message}\n`
    })
    .join('')
}

interface Surroundings {
  readonly environment: LoadOptions['environment']
  readonly folder: string
  readonly readText: (name: string) => Promise<string>
}

async function checkDocument(source: YamlSource, surroundings: Surroundings) {
  const { environment, folder, readText } = surroundings
  const document = source.value
  dropEmptySections(document)
  const names = knownNamesOf(document)
  const filled = await interpolate(document, { environment, readSecret: readText })
  const written = new Map(filled.written)
  overrideLogLevel(document, environment, written)

  const misread = source.problems.map(({ path }) => path).filter((path) => path !== '')
  // What could not be read or filled in has been reported: nothing more is said about its value.
  const silent = new Set([...misread, ...filled.findings.map(({ pointer }) => pointer)])
  const context = { written, writtenAt: source.writtenAt }
  const shape = shapeProblems(document, context).filter(({ pointer }) => !silent.has(pointer))
  const part = soundPartOf(document, [...misread, ...shape.map(({ spoils }) => spoils)])

  const deeper: Finding[] = []
  const original = (pointer: string) => part?.originalPointer(pointer) ?? pointer
  const isSpoilt = (pointer: string) => part?.isSpoilt(original(pointer)) ?? true
  const log = createFindingLog(deeper, (pointer) => written.get(original(pointer)))
  if (part) checkReferences({ file: part.file, names, log, isSpoilt })
  const companions = part && (await readCompanions(part.file, folder, readText, log))

  const findings = [
    ...filled.findings,
    ...shape,
    ...deeper
      .filter(({ pointer }) => !isSpoilt(pointer) && !silent.has(original(pointer)))
      .map((finding) => ({ ...finding, pointer: original(finding.pointer) })),
  ]
  const located = (severity: Finding['severity']) =>
    findings
      .filter((finding) => finding.severity === severity)
      .map((finding) => locate(finding, source, filled.secrets))
  return {
    problems: located('problem'),
    warnings: located('warning'),
    sound: part && companions ? { file: part.file, companions } : null,
  }
}

/** `denials:` with nothing behind it is a list whose last item somebody took out. */
function dropEmptySections(document: unknown): void {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return
  for (const [key, value] of Object.entries(document)) {
    if (value === null) Reflect.deleteProperty(document, key)
  }
}

function overrideLogLevel(
  document: unknown,
  environment: LoadOptions['environment'],
  written: Map<string, string>,
): void {
  const level = environment['LOG_LEVEL']
  if (level === undefined || level === '') return
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return
  Reflect.set(document, 'logLevel', level.toLowerCase())
  written.set('/logLevel', '${LOG_LEVEL}')
}

function locate(
  { pointer, part, message }: Finding,
  source: YamlSource,
  secrets: ReadonlyMap<string, string>,
): ConfigProblem {
  let safe = message
  for (const [value, reference] of secrets) {
    if (value.length >= shortestSecret) safe = safe.replaceAll(value, () => reference)
  }
  return { ...source.positionOf(pointer, part), path: pointer, message: safe }
}

function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const said = new Map(
    problems.map((problem) => [`${problem.path}\n${problem.message}\n${problem.line}`, problem]),
  )
  return [...said.values()].sort((a, b) => a.line - b.line || a.column - b.column)
}

function refusedWhole(message: string): Refused {
  return { outcome: 'refused', problems: [{ line: 1, column: 1, path: '', message }] }
}

function textOf(bytes: Uint8Array): string {
  if (bytes.length > mostBytes) throw tooLarge()
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

/** Asks for the size first: nobody should read a disk image by mistake. */
async function readBounded(path: string): Promise<Uint8Array> {
  await using file = await open(path)
  const { size } = await file.stat()
  if (size > mostBytes) throw tooLarge()
  return await file.readFile()
}

function tooLarge(): Error {
  return Object.assign(new Error('too large'), { code: 'ERR_FILE_TOO_LARGE' })
}
