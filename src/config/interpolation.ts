/**
 * `${NAME}` and `${file:/path}` in the texts of the config; `$${` is a literal `${`.
 * Owns: what may be filled in and what is said where it cannot be. A value that was filled in is
 * never looked at again, so a secret may hold any characters.
 */
import { pointerTo, quote, type Finding } from './config-problem.ts'

export interface InterpolationSources {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Gives the text of a file. Rejects with an error of node:fs. */
  readonly readSecret: (path: string) => Promise<string>
}

export interface Interpolated {
  readonly findings: readonly Finding[]
  /** Pointers of texts that held a reference, to the text as it is written. */
  readonly written: ReadonlyMap<string, string>
  /** Each value that was filled in, to its reference: for a last look at messages. */
  readonly secrets: ReadonlyMap<string, string>
}

interface Place {
  readonly pointer: string
  readonly text: string
  readonly put: (text: string) => void
}

type Resolved = { readonly text: string } | { readonly problem: string }

const reference = /\$\$\{|\$\{([^}]*)(\}?)/g

/** Fills the document in, in place. */
export async function interpolate(
  document: unknown,
  sources: InterpolationSources,
): Promise<Interpolated> {
  const places: Place[] = []
  collectPlaces(document, [], places)
  const bodies = places.flatMap(({ text }) => referencesIn(text))
  const resolved = new Map<string, Resolved>()
  for (const body of new Set(bodies)) resolved.set(body, await resolve(body, sources))

  const findings: Finding[] = []
  for (const { pointer, text, put } of places) {
    const problems = problemsIn(text, resolved)
    if (problems.length === 0) put(fill(text, resolved))
    for (const message of problems) {
      findings.push({ severity: 'problem', pointer, part: 'value', message })
    }
  }
  return {
    findings,
    written: new Map(places.map(({ pointer, text }) => [pointer, text])),
    secrets: secretsOf(resolved),
  }
}

function collectPlaces(node: unknown, path: readonly (string | number)[], places: Place[]): void {
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'string') {
      if (!value.includes('${')) continue
      const put = (text: string) => void Reflect.set(node, key, text)
      places.push({ pointer: pointerTo(...path, key), text: value, put })
    } else {
      collectPlaces(value, [...path, key], places)
    }
  }
}

function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(reference)].flatMap(([, body, end]) =>
    body !== undefined && end === '}' ? [body] : [],
  )
}

function problemsIn(text: string, resolved: ReadonlyMap<string, Resolved>): readonly string[] {
  return [...text.matchAll(reference)].flatMap(([, body, end]) => {
    if (body === undefined) return []
    if (end !== '}') return ['"${" without its "}"; a literal one is written "$${"']
    const found = resolved.get(body)
    return found && 'problem' in found ? [found.problem] : []
  })
}

function fill(text: string, resolved: ReadonlyMap<string, Resolved>): string {
  return text.replace(reference, (_, body: string | undefined) => {
    const found = body === undefined ? undefined : resolved.get(body)
    return found && 'text' in found ? found.text : '${'
  })
}

async function resolve(body: string, sources: InterpolationSources): Promise<Resolved> {
  if (body.startsWith('file:')) return readSecretFile(body.slice('file:'.length), sources)
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(body)) {
    const forms = '${NAME} and ${file:/path}'
    return {
      problem: `unknown reference ${quote(`\${${body}}`)}: there are ${forms}; a literal "\${" is written "$\${"`,
    }
  }
  const value = Object.hasOwn(sources.environment, body) ? sources.environment[body] : undefined
  if (value === undefined) return { problem: `environment variable ${body} is not set` }
  return value === '' ? { problem: `environment variable ${body} is empty` } : { text: value }
}

async function readSecretFile(
  path: string,
  { readSecret }: InterpolationSources,
): Promise<Resolved> {
  if (path === '') return { problem: '${file:} names no file' }
  try {
    const text = (await readSecret(path)).replace(/(?:\r?\n)+$/, '')
    return text === '' ? { problem: `secret file ${path} is empty` } : { text }
  } catch (error) {
    return { problem: `secret file ${path} cannot be read: ${whyUnreadable(error)}` }
  }
}

/** The reason, without the message: that may quote what was read. */
export function whyUnreadable(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return unreadableWords.get(code) ?? (code === '' ? 'it is no text' : code)
}

const unreadableWords: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a directory'],
  ['ENOTDIR', 'a part of its path is no directory'],
  ['ERR_FILE_TOO_LARGE', 'it is too large'],
  ['ERR_ENCODING_INVALID_ENCODED_DATA', 'it is not UTF-8'],
  ['ERR_INVALID_ARG_VALUE', 'that is no path'],
])

function secretsOf(resolved: ReadonlyMap<string, Resolved>): ReadonlyMap<string, string> {
  return new Map(
    [...resolved].flatMap(([body, found]) =>
      'text' in found ? [[found.text, `\${${body}}`] as const] : [],
    ),
  )
}
