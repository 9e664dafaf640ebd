/**
 * YAML text to plain values, and back from a value to its line and column.
 * Owns: syntax, duplicate keys, anchors and aliases. Leaves to others: what the values mean.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import { pointerTo, quote, segmentsOf, type ConfigProblem } from './config-problem.ts'

export interface YamlSource {
  /** Objects have no prototype, so that `__proto__` is a key like any other. */
  readonly value: unknown
  /** Syntax and duplicate keys. Where `isReadable` is false nothing else can be said. */
  readonly problems: readonly ConfigProblem[]
  readonly isReadable: boolean
  readonly positionOf: (pointer: string, part: 'key' | 'value') => Position
  /** A scalar as it is written, such as `012345678901`; null for anything else. */
  readonly writtenAt: (pointer: string) => string | null
}

interface Position {
  readonly line: number
  readonly column: number
}

type Contents = Document['contents']

/** Configs nest about six deep; a session policy a few more. */
const deepest = 64
/** Nodes that aliases may bring in, all together: the billion laughs stop here. */
const mostAliasedNodes = 200_000

/** Never throws, whatever the text. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter()
  const document = parse(text, lines)
  if (document === null) return unreadable('nested too deeply to be read')
  const tree = createTree(document.contents, lines)
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    ...positionAt(lines, error.pos[0]),
    path: '',
    message: `not valid YAML: ${wordsFor(error.message)}`,
  }))
  const isReadable = document.errors.length === 0
  const value = isReadable ? tree.value() : undefined
  return {
    value,
    isReadable,
    problems: [...syntax, ...tree.problems],
    positionOf: tree.positionOf,
    writtenAt: tree.writtenAt,
  }
}

/** The core schema has no timestamps: dates stay texts. Keys are compared here, in linear time. */
function parse(text: string, lineCounter: LineCounter): Document | null {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      lineCounter,
    })
  } catch {
    // The parser recurses: brackets by the thousand end the stack.
    return null
  }
}

function unreadable(message: string): YamlSource {
  const start = { line: 1, column: 1 }
  return {
    value: undefined,
    isReadable: false,
    problems: [{ ...start, path: '', message }],
    positionOf: () => start,
    writtenAt: () => null,
  }
}

function createTree(contents: Contents, lines: LineCounter) {
  const problems: ConfigProblem[] = []
  const anchors = new Map<string, unknown>()
  const targets = new Map<unknown, unknown>()
  const pairsOf = new WeakMap<
    object,
    Map<string, { readonly key: unknown; readonly value: unknown }>
  >()
  const open = new Set<unknown>()
  let aliasedNodes = 0
  let isInAlias = false

  const problemAt = (node: unknown, path: string, message: string) => {
    problems.push({ ...positionAt(lines, startOf(node)), path, message })
  }

  function valueOf(node: unknown, path: readonly (string | number)[]): unknown {
    if (isInAlias && ++aliasedNodes > mostAliasedNodes) return null
    if (path.length > deepest) {
      problemAt(node, '', 'nested too deeply')
      return null
    }
    if (isAlias(node)) return valueOfAlias(node, node.source, path)
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    if (isScalar(node)) return node.value ?? null
    open.add(node)
    const value = isMap(node)
      ? objectOf(node, path)
      : node.items.map((item, index) => valueOf(item, [...path, index]))
    open.delete(node)
    return value
  }

  function valueOfAlias(node: object, anchor: string, path: readonly (string | number)[]): unknown {
    const target = anchors.get(anchor)
    if (target === undefined || open.has(target)) {
      problemAt(
        node,
        pointerTo(...path),
        `there is no finished anchor &${anchor} before this alias`,
      )
      return null
    }
    targets.set(node, target)
    const wasInAlias = isInAlias
    isInAlias = true
    const value = valueOf(target, path)
    isInAlias = wasInAlias
    return value
  }

  function objectOf(
    node: { readonly items: readonly unknown[] },
    path: readonly (string | number)[],
  ) {
    const pairs = new Map<string, { readonly key: unknown; readonly value: unknown }>()
    pairsOf.set(node, pairs)
    const object: Record<string, unknown> = Object.create(null)
    for (const item of node.items) {
      if (!isPair(item)) continue
      const key = keyOf(item.key)
      if (key === null) {
        problemAt(item.key, pointerTo(...path), 'a key must be a text')
        continue
      }
      const first = pairs.get(key)
      if (first) {
        const { line } = positionAt(lines, startOf(first.key))
        const message = `duplicate key ${quote(key)}: it stands in line ${line} already`
        problemAt(item.key, pointerTo(...path, key), message)
        continue
      }
      pairs.set(key, item)
      object[key] = valueOf(item.value, [...path, key])
    }
    return object
  }

  function locate(pointer: string): { readonly key: unknown; readonly value: unknown } {
    let found: { readonly key: unknown; readonly value: unknown } = { key: null, value: contents }
    for (const segment of segmentsOf(pointer)) {
      const node = targets.get(found.value) ?? found.value
      const next = isMap(node)
        ? pairsOf.get(node)?.get(segment)
        : isSeq(node) && Object.hasOwn(node.items, segment)
          ? { key: null, value: node.items[Number(segment)] }
          : undefined
      // A default that was filled in stands nowhere: its nearest ancestor does.
      if (!next) return found
      found = next
    }
    return found
  }

  return {
    problems,
    value() {
      const value = valueOf(contents, [])
      if (aliasedNodes > mostAliasedNodes) {
        problemAt(contents, '', `aliases bring in more than ${mostAliasedNodes} values`)
      }
      return value
    },
    positionOf: (pointer: string, part: 'key' | 'value'): Position => {
      const { key, value } = locate(pointer)
      const isSingle = isScalar(value) && value.value !== null
      const node = key !== null && (part === 'key' || !isSingle) ? key : value
      return positionAt(lines, startOf(node))
    },
    writtenAt: (pointer: string): string | null => {
      const { value } = locate(pointer)
      return isScalar(value) ? (value.source ?? null) : null
    },
  }
}

function isPair(item: unknown): item is { readonly key: unknown; readonly value: unknown } {
  return typeof item === 'object' && item !== null && 'key' in item && 'value' in item
}

/** `111122223333: {…}` is a number to YAML; its digits are what was meant. */
function keyOf(key: unknown): string | null {
  if (typeof key === 'string') return key
  if (!isScalar(key)) return null
  if (typeof key.value === 'string') return key.value
  return key.source !== undefined && key.source !== '' ? key.source : null
}

function startOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null
  const start: unknown = Array.isArray(range) ? range[0] : 0
  return typeof start === 'number' ? start : 0
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

/** Some of the parser's messages hold a piece of the file after a colon, and that may be a secret. */
function wordsFor(message: string): string {
  const [first = ''] = message.split(/[:\n]/)
  return first.trim()
}
