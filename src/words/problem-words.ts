/** The words for everything that can go wrong. Codes come from the domain, so none can be forgotten. */
import type { AwsFinding } from '../domain/aws-refusal.ts'
import type { ProblemCode, ProblemFacts } from '../domain/problem.ts'
import type { TimeWords } from './time-words.ts'

export interface ProblemText {
  /** Heading of the page: what happened, in a few words. */
  readonly title: string
  readonly what: string
  /** What the visitor can do, one step each. */
  readonly steps: readonly string[]
}

/** A text where facts have their place, or one that needs none. */
export type ProblemEntry = ProblemText | ((facts: FactReader, time: TimeWords) => ProblemText)

export type ProblemCatalogue = Readonly<Record<ProblemCode, ProblemEntry>>

/** For operators: why AWS refused, and what to mend. */
export type FindingCatalogue = Readonly<Record<AwsFinding | 'unknown', string>>

export interface ProblemPageWords {
  readonly whatToDo: string
  readonly requestId: string
  readonly when: string
  readonly code: string
  readonly whomToAsk: string
  readonly tryAgain: string
  readonly signIn: string
  readonly backToRoles: string
  readonly operatorTitle: string
  readonly operatorOnly: string
  readonly caller: string
  readonly role: string
  readonly awsSaid: string
  readonly trustPolicy: string
  readonly trustPolicyHint: string
  readonly copyTrustPolicy: string
  retryIn(span: string): string
}

export interface FactReader {
  /** Null where the fact is missing or empty. */
  text(name: string): string | null
  /** An ISO instant as a date; null where there is none. */
  instant(name: string): Date | null
}

export function factReader(facts: ProblemFacts): FactReader {
  const text = (name: string) => {
    const value = facts[name]
    return value === undefined || value === null || value === '' ? null : String(value)
  }
  return {
    text,
    instant(name) {
      const at = new Date(text(name) ?? Number.NaN)
      return Number.isNaN(at.getTime()) ? null : at
    },
  }
}

export function problemText(
  catalogue: ProblemCatalogue,
  code: ProblemCode,
  facts: ProblemFacts,
  time: TimeWords,
): ProblemText {
  const entry = catalogue[code]
  return typeof entry === 'function' ? entry(factReader(facts), time) : entry
}

/** A finding that these words do not know yet is told as what it is: unknown. */
export function findingText(catalogue: FindingCatalogue, finding: string): string {
  const known = new Map<string, string>(Object.entries(catalogue))
  return known.get(finding) ?? catalogue.unknown
}
