/** All words of the pages, by language. The compiler finds the one that a language forgot. */
import type { ProblemCode, ProblemFacts } from '../domain/problem.ts'
import { en } from './en.ts'
import { ja } from './ja.ts'
import type { Language } from './language-choice.ts'
import type {
  ConfirmWords,
  FrameWords,
  RoleFactWords,
  RoleNotHeldWords,
  SignedOutWords,
  SignInWords,
} from './page-words.ts'
import type { PortalWords } from './portal-words.ts'
import type { ProblemPageWords, ProblemText } from './problem-words.ts'
import type { TimeWords } from './time-words.ts'

export interface Words {
  readonly language: Language
  readonly time: TimeWords
  readonly frame: FrameWords
  readonly portal: PortalWords
  readonly signIn: SignInWords
  readonly signedOut: SignedOutWords
  readonly roleFacts: RoleFactWords
  readonly confirm: ConfirmWords
  readonly roleNotHeld: RoleNotHeldWords
  readonly problemPage: ProblemPageWords
  problem(code: ProblemCode, facts?: ProblemFacts): ProblemText
  /** Why AWS refused, for operators; keys as in `OperatorNote.finding`. */
  finding(key: string): string
  /** Account, then environment, then role: `Payments, Production / ReadOnly`. */
  place(account: string, environment: string | null, role: string): string
  /** How people are addressed: by what stands before the first space, or the whole name. */
  firstName(displayName: string): string
}

const byLanguage: Readonly<Record<Language, Words>> = { en, ja }

export function wordsFor(language: Language): Words {
  return byLanguage[language]
}
