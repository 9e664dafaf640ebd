/**
 * The part of a misshapen document that has the right shape, so that its names and values can be
 * checked in the same go: an operator with four mistakes reads four lines.
 */
import { parentOf, pointerTo, segmentsOf } from './config-problem.ts'
import type { FileConfig } from './schema.ts'
import { hasShape, shapeProblems } from './shape-problems.ts'

export interface SoundPart {
  readonly file: FileConfig
  /** Where something in `file` stands in the whole document: items of lists have moved up. */
  originalPointer(pointer: string): string
  /** Whether this, or what it stands in, was left out. */
  isSpoilt(pointer: string): boolean
}

/** Keys that a file must have: where one was left out, the rest can still be looked at. */
const placeholders: Readonly<Record<string, () => unknown>> = {
  publicUrl: () => 'https://sekisho.invalid',
  sessions: () => ({}),
  identityProviders: () => ({}),
  accounts: () => ({}),
  permissionSets: () => ({}),
}

/** Each round takes out what the last one left without a part that it must have. */
const mostRounds = 16

/** Null where nothing sound is left. */
export function soundPartOf(document: unknown, spoilt: readonly string[]): SoundPart | null {
  // The whole is spoilt by a section that is missing: a placeholder mends that.
  const dropped = new Set(spoilt.filter((pointer) => pointer !== ''))
  for (let round = 0; round < mostRounds; round++) {
    // Most files are sound, and a copy of a large one costs as much as all checks.
    const isWhole = spoilt.length === 0 && dropped.size === 0
    const file = isWhole ? document : withPlaceholders(withoutAll(document, '', dropped))
    const part = createPart(document, dropped)
    if (hasShape(file)) return { file, ...part }
    const context = { written: new Map<string, string>(), writtenAt: () => null }
    for (const { spoils } of shapeProblems(file, context)) dropped.add(part.originalPointer(spoils))
    if (dropped.has('')) return null
  }
  return null
}

function createPart(document: unknown, dropped: ReadonlySet<string>) {
  const gaps = new Map<string, number[]>()
  for (const pointer of dropped) {
    const parent = parentOf(pointer)
    if (!Array.isArray(valueAt(document, parent))) continue
    gaps.set(parent, [...(gaps.get(parent) ?? []), Number(segmentsOf(pointer).at(-1))])
  }
  for (const indexes of gaps.values()) indexes.sort((a, b) => a - b)

  return {
    originalPointer: (pointer: string) =>
      segmentsOf(pointer).reduce((original, segment) => {
        const indexes = gaps.get(original)
        return original + pointerTo(indexes ? originalIndex(Number(segment), indexes) : segment)
      }, ''),
    isSpoilt(pointer: string) {
      for (let place = pointer; place !== ''; place = parentOf(place)) {
        if (dropped.has(place)) return true
      }
      return false
    },
  }
}

function originalIndex(index: number, gaps: readonly number[]): number {
  let original = index
  for (const gap of gaps) if (gap <= original) original++
  return original
}

function withoutAll(value: unknown, pointer: string, dropped: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).flatMap(([key, child]) => {
    const place = pointer + pointerTo(key)
    return dropped.has(place) ? [] : [[key, withoutAll(child, place, dropped)] as const]
  })
  if (Array.isArray(value)) return kept.map(([, child]) => child)
  const copy: Record<string, unknown> = Object.create(null)
  for (const [key, child] of kept) copy[key] = child
  return copy
}

function withPlaceholders(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document
  for (const [key, placeholder] of Object.entries(placeholders)) {
    if (!Object.hasOwn(document, key)) Reflect.set(document, key, placeholder())
  }
  // The key that is most often missing, where a variable is not set: the spans can still be checked.
  const sessions = valueAt(document, '/sessions')
  const keys = valueAt(sessions, '/keys')
  if (typeof sessions === 'object' && sessions !== null && (keys === undefined || isEmpty(keys))) {
    Reflect.set(sessions, 'keys', ['0123456789abcdef'.repeat(4)])
  }
  return document
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function valueAt(document: unknown, pointer: string): unknown {
  return segmentsOf(pointer).reduce<unknown>(
    (value, segment) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, segment)
        ? Reflect.get(value, segment)
        : undefined,
    document,
  )
}
