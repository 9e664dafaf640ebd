/** A problem as a page: what happened, what to do, and what to tell whoever can help. */
import type { OperatorNote, Problem, ProblemCode } from '#domain/problem.ts'
import type { Words } from '../words/words.ts'
import { contactLink, type ContactLink } from './contact-link.ts'
import type { Visitor } from './visitor.ts'

export interface ProblemContext {
  readonly requestId: string
  readonly now: Date
  readonly visitor: Visitor | null
  readonly contact: string | null
}

export interface ProblemView {
  readonly title: string
  readonly what: string
  readonly steps: readonly string[]
  readonly code: ProblemCode
  readonly requestId: string
  readonly at: string
  readonly when: string
  readonly contact: ContactLink | null
  /** Offers this page once more. */
  readonly mayTryAgain: boolean
  readonly way: { readonly href: string; readonly text: string }
  readonly operator: OperatorView | null
}

interface OperatorView extends Omit<OperatorNote, 'finding'> {
  readonly explanation: string
}

declare module './views.ts' {
  interface Pages {
    problem: ProblemView
  }
}

/** What may be gone the next time without anybody mending it. */
const passing: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'too-many-requests',
  'unexpected',
  'trail-unavailable',
  'store-unavailable',
  'identity-provider-unavailable',
  'aws-refused',
  'aws-unavailable',
  'aws-busy',
])

export function problemView(
  words: Words,
  problem: Problem,
  { requestId, now, visitor, contact }: ProblemContext,
): ProblemView {
  const { title, what, steps } = words.problem(problem.code, problem.facts)
  const { retryAfterSeconds, operatorNote } = problem
  const { problemPage, time } = words
  const retry =
    retryAfterSeconds === null ? [] : [problemPage.retryIn(time.span(retryAfterSeconds))]
  return {
    title,
    what,
    steps: [...steps, ...retry],
    code: problem.code,
    requestId,
    at: now.toISOString(),
    when: time.instant(now),
    contact: contactLink(contact, requestId),
    mayTryAgain: passing.has(problem.code),
    way: { href: '/', text: visitor ? problemPage.backToRoles : problemPage.signIn },
    operator: operatorNote && visitor?.may.operate ? operatorView(words, operatorNote) : null,
  }
}

function operatorView(words: Words, { finding, ...note }: OperatorNote): OperatorView {
  return { ...note, explanation: words.finding(finding) }
}
