/** The words of the trail's pages. */
import type { AuditEventType, AuditOutcome } from '../domain/audit-event.ts'
import { enAudit } from './en-audit.ts'
import { jaAudit } from './ja-audit.ts'
import type { Language } from './language-choice.ts'
import type { PersonWords } from './person-words.ts'

export interface AuditWords {
  readonly title: string
  readonly historyTitle: string
  readonly historyExplanation: string
  readonly columns: {
    readonly when: string
    readonly who: string
    readonly what: string
    readonly role: string
    readonly outcome: string
    readonly from: string
  }
  readonly filter: FilterWords
  readonly events: Readonly<Record<AuditEventType, string>>
  readonly outcomes: Readonly<Record<AuditOutcome, string>>
  /** Of an opened console: says more than that it is done. */
  readonly opened: string
  /** Name of an assignment or a pass. */
  because(name: string): string
  /** Reasons of refusals that are not codes of a problem. */
  readonly reasons: ReadonlyMap<string, string>
  readonly actorKinds: { readonly guest: string; readonly system: string }
  readonly details: string
  readonly detail: DetailWords
  readonly none: string
  readonly nobodyElse: string
  entries(count: number): string
  readonly list: string
  readonly pages: string
  readonly newest: string
  readonly older: string
  readonly end: string
  readonly exportCsv: string
  readonly exportJsonLines: string
  readonly seal: SealWords
  readonly person: PersonWords
  /** To the second. */
  instant(at: Date): string
}

export interface FilterWords {
  readonly text: string
  readonly textHint: string
  readonly person: string
  readonly account: string
  readonly permissionSet: string
  readonly type: string
  readonly outcome: string
  readonly any: string
  readonly from: string
  readonly until: string
  readonly submit: string
  readonly clear: string
}

export interface DetailWords {
  readonly sequence: string
  readonly requestId: string
  readonly openingId: string
  readonly roleSessionName: string
  readonly accessKeyId: string
  readonly actorKey: string
  readonly hash: string
}

export interface SealWords {
  readonly verified: string
  records(count: number): string
  readonly pending: string
  readonly brokenTitle: string
  readonly broken: Readonly<
    Record<'changed' | 'missing' | 'inserted', (sequence: number) => string>
  >
  readonly brokenAdvice: string
  readonly head: string
}

const byLanguage: Readonly<Record<Language, AuditWords>> = { en: enAudit, ja: jaAudit }

export function auditWordsFor(language: Language): AuditWords {
  return byLanguage[language]
}
