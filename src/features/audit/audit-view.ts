import { auditEventTypes } from '#domain/audit-event.ts'
import type { AuditPage } from '#ports'
import type { AuditWords } from '../../words/audit-words.ts'
import { addressWith, givenFilters, outcomes, type AuditFilters } from './audit-filters.ts'
import type { ChainFinding } from './chain-watch.ts'
import { personPath } from './person-view.ts'
import { recordRow, shortHash, type RecordRow, type RowContext } from './record-row.ts'

export interface AuditView extends TrailView {
  readonly filter: FilterView & {
    readonly text: string
    readonly person: string | null
    /** The report on whom the list is narrowed to. */
    readonly report: { readonly href: string; readonly text: string } | null
    readonly account: string
    readonly permissionSet: string
  }
  readonly seal: SealView
  readonly exports: { readonly csv: string; readonly jsonLines: string }
}

export interface HistoryView extends TrailView {
  readonly explanation: string
  readonly filter: FilterView
}

/** What both pages show: the table, and ways through it. */
interface TrailView {
  readonly title: string
  readonly audit: AuditWords
  readonly rows: readonly RecordRow[]
  readonly heading: string
  /** Said instead of a table without rows. */
  readonly none: string
  /** Null where these are the newest. */
  readonly newestHref: string | null
  /** Null where the trail begins. */
  readonly olderHref: string | null
}

interface FilterView {
  readonly types: readonly Choice[]
  readonly outcomes: readonly Choice[]
  readonly from: string
  readonly until: string
  /** `date`, or `text` where an instant to the minute stands in it: a date field would lose it. */
  readonly fromType: string
  readonly untilType: string
  /** Null where nothing is filtered. */
  readonly clearHref: string | null
}

interface Choice {
  readonly value: string
  readonly text: string
  readonly isChosen: boolean
}

type SealView =
  | {
      readonly state: 'verified'
      readonly records: string
      readonly at: string
      readonly when: string
      readonly head: string
    }
  | { readonly state: 'broken'; readonly what: string; readonly at: string; readonly when: string }
  | { readonly state: 'pending' }

declare module '#plugins/views.ts' {
  interface Pages {
    audit: AuditView
    history: HistoryView
  }
}

export interface TrailViewInput extends RowContext {
  readonly page: AuditPage
  readonly filters: AuditFilters
}

export function auditView(input: TrailViewInput, finding: ChainFinding | null): AuditView {
  const { audit, filters } = input
  const given = givenFilters(filters)
  return {
    ...trailView(input, '/audit', audit.none),
    title: audit.title,
    filter: {
      ...filterView(input, '/audit'),
      text: given['q'] ?? '',
      person: given['person'] ?? null,
      report: reportOn(given['person'], audit),
      account: given['account'] ?? '',
      permissionSet: given['permissionSet'] ?? '',
    },
    seal: sealView(audit, finding),
    exports: {
      csv: addressWith('/audit.csv', filters, {}),
      jsonLines: addressWith('/audit.jsonl', filters, {}),
    },
  }
}

function reportOn(key: string | undefined, { person }: AuditWords) {
  if (key === undefined || key === 'system') return null
  return { href: personPath(key), text: key.startsWith('pass ') ? person.toPass : person.toReport }
}

export function historyView(input: TrailViewInput): HistoryView {
  const { audit, filters } = input
  const isFiltered = Object.keys(givenFilters(filters)).length > 0
  return {
    ...trailView(input, '/history', isFiltered ? audit.none : audit.nobodyElse),
    title: audit.historyTitle,
    explanation: audit.historyExplanation,
    filter: filterView(input, '/history'),
  }
}

function trailView(input: TrailViewInput, path: string, none: string): Omit<TrailView, 'title'> {
  const { audit, page, filters } = input
  const { records, next } = page
  const isFirst = filters.before === undefined || filters.before === ''
  return {
    audit,
    rows: records.map((record) => recordRow(input, record)),
    heading: audit.entries(records.length),
    none,
    newestHref: isFirst ? null : addressWith(path, filters, {}),
    olderHref: next === null ? null : addressWith(path, filters, { before: String(next) }),
  }
}

function filterView({ audit, filters }: TrailViewInput, path: string): FilterView {
  const given = givenFilters(filters)
  const choices = (values: readonly string[], text: (value: string) => string, chosen?: string) => [
    { value: '', text: audit.filter.any, isChosen: chosen === undefined },
    ...values.map((value) => ({ value, text: text(value), isChosen: value === chosen })),
  ]
  const events = new Map<string, string>(Object.entries(audit.events))
  const outcomeNames = new Map<string, string>(Object.entries(audit.outcomes))
  return {
    types: choices(auditEventTypes, (type) => typeName(events, type), given['type']),
    outcomes: choices(outcomes, (name) => outcomeNames.get(name) ?? name, given['outcome']),
    from: given['from'] ?? '',
    until: given['until'] ?? '',
    fromType: fieldTypeFor(given['from']),
    untilType: fieldTypeFor(given['until']),
    clearHref: Object.keys(given).length === 0 ? null : path,
  }
}

function fieldTypeFor(written: string | undefined): string {
  return written === undefined || /^\d{4}-\d{2}-\d{2}$/.test(written) ? 'date' : 'text'
}

/** Two types may read alike in a sentence, so the list says the type itself too. */
function typeName(events: ReadonlyMap<string, string>, type: string): string {
  return `${events.get(type) ?? type} (${type})`
}

function sealView(audit: AuditWords, finding: ChainFinding | null): SealView {
  if (finding === null) return { state: 'pending' }
  const { verdict, verifiedAt } = finding
  const instant = { at: verifiedAt.toISOString(), when: audit.instant(verifiedAt) }
  if (verdict.outcome === 'broken') {
    const what = audit.seal.broken[verdict.problem](verdict.sequence)
    return { state: 'broken', what, ...instant }
  }
  const head = shortHash(verdict.lastHash)
  return { state: 'verified', records: audit.seal.records(verdict.records), head, ...instant }
}
