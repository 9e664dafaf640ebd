/** All about one pass: what it is, what was done with it, how to end it, and what AWS still holds. */
import type { AuditRecord } from '#domain/audit-event.ts'
import { outcomeOf } from '#domain/audit-event.ts'
import { findAccount } from '#domain/access.ts'
import type { AccessPolicy } from '#domain/access-policy.ts'
import { standingOf, type GuestPass } from '#domain/guest-pass.ts'
import type { FieldProblem, PassField } from '#domain/pass-form.ts'
import { roleArn } from '#domain/partition.ts'
import { sessionCutPolicy, sessionNamesOf } from '#domain/session-cut.ts'
import { actorOf } from '#plugins/audit-events.ts'
import {
  passWordsFor,
  type PassFormWords,
  type PassReportWords,
  type SponsorPageWords,
} from '../../words/pass-words.ts'
import type { Words } from '../../words/words.ts'
import type { ExtensionForm } from './pass-extension.ts'
import { placeOf, standingMark, type PlaceView } from './passes-view.ts'

interface Instant {
  readonly at: string
  readonly text: string
}

export interface PassReportView {
  readonly title: string
  readonly csrfToken: string
  readonly id: string
  readonly place: PlaceView
  readonly email: string | null
  readonly sponsor: string
  readonly reason: string
  readonly standing: { readonly text: string; readonly mark: string }
  readonly used: string
  readonly from: Instant
  readonly until: Instant
  readonly given: Instant
  readonly termsAccepted: Instant | null
  readonly events: readonly EventRow[]
  readonly extension: ExtensionView | null
  readonly end: 'may' | 'over' | 'only-others'
  readonly cut: { readonly hint: string; readonly policy: string } | null
  readonly text: PassReportWords
  readonly labels: SponsorPageWords
}

interface ExtensionView {
  readonly values: ExtensionForm
  readonly faults: Readonly<Partial<Record<PassField, string>>>
  readonly hint: string
  readonly labels: PassFormWords['label']
}

interface EventRow {
  readonly when: Instant
  readonly what: string
  readonly detail: string | null
  readonly mark: string
  readonly address: string | null
  readonly ends: Instant | null
  readonly requestId: string
}

declare module '#plugins/views.ts' {
  interface Pages {
    'pass-report': PassReportView
  }
}

interface ExtensionInput {
  readonly values: ExtensionForm
  readonly problems: readonly FieldProblem[]
  readonly longestSeconds: number
}

export function passReportView(input: {
  readonly words: Words
  readonly policy: AccessPolicy
  readonly pass: GuestPass
  /** Newest first. */
  readonly records: readonly AuditRecord[]
  readonly mayEnd: boolean
  /** Null where this visitor, or this pass, gets no more time. */
  readonly extension: ExtensionInput | null
  readonly now: Date
  readonly csrfToken: string
}): PassReportView {
  const { words, policy, pass, records, now } = input
  const { report, sponsor } = passWordsFor(words.language)
  const standing = standingOf(pass, now)
  const instant = (at: Date): Instant => ({ at: at.toISOString(), text: words.time.instant(at) })
  return {
    title: report.title(pass.guestName),
    csrfToken: input.csrfToken,
    id: pass.id,
    place: placeOf(policy, pass.target),
    email: pass.guestEmail,
    sponsor: actorOf(pass.sponsor).name,
    reason: pass.reason,
    standing: {
      text: sponsor.standing(standing, words.time.instant(pass.from)),
      mark: standingMark[standing],
    },
    used: sponsor.used(pass.openingsUsed, pass.openings),
    from: instant(pass.from),
    until: instant(pass.until),
    given: instant(pass.givenAt),
    termsAccepted: pass.termsAcceptedAt && instant(pass.termsAcceptedAt),
    events: records.map((record) => eventRow(record, report, instant)),
    extension: input.extension && extensionView(input.extension, pass, words),
    // A pass that opens nothing any more may have left its guest signed in.
    end: pass.revokedAt !== null ? 'over' : input.mayEnd ? 'may' : 'only-others',
    cut: cutFor(policy, pass, report),
    text: report,
    labels: sponsor,
  }
}

function extensionView(
  { values, problems, longestSeconds }: ExtensionInput,
  pass: GuestPass,
  words: Words,
): ExtensionView {
  const { form, report } = passWordsFor(words.language)
  const latest = new Date(pass.from.getTime() + longestSeconds * 1000)
  return {
    values,
    faults: Object.fromEntries(
      problems.map((problem) => [problem.field, form.problem(problem, words.time)]),
    ),
    hint: report.extendHint(words.time.instant(latest)),
    labels: form.label,
  }
}

function eventRow(
  record: AuditRecord,
  text: PassReportWords,
  instant: (at: Date) => Instant,
): EventRow {
  const outcome = outcomeOf(record.type)
  const { endsAt } = record.details
  return {
    when: instant(record.at),
    what: record.type === 'pass.given' ? text.endMoved : text.event(record.type),
    detail: detailOf(record, text, instant),
    mark: outcome === 'done' ? '' : outcome === 'opening' ? 'wait' : 'bad',
    address: record.address,
    ends: typeof endsAt === 'string' ? instant(new Date(endsAt)) : null,
    requestId: record.requestId,
  }
}

function detailOf(
  { type, reason, actor, details }: AuditRecord,
  text: PassReportWords,
  instant: (at: Date) => Instant,
): string | null {
  if (type === 'pass.revoked') return actor.name
  if (type === 'pass.given') return instant(new Date(String(details['until']))).text
  if (outcomeOf(type) === 'refused') return text.refusal(reason ?? '')
  return typeof details['problem'] === 'string' ? details['problem'] : null
}

/** Null where the config no longer names the role: there is no ARN to attach a policy to. */
function cutFor(
  policy: AccessPolicy,
  pass: GuestPass,
  text: PassReportWords,
): PassReportView['cut'] {
  const account = findAccount(policy, pass.target.account)
  const permissionSet = policy.permissionSets.get(pass.target.permissionSet)
  if (!account || !permissionSet) return null
  return {
    hint: text.cutHint(roleArn(account.partition, account.id, permissionSet.roleName)),
    policy: sessionCutPolicy(sessionNamesOf(pass), {
      hasSourceIdentity: permissionSet.sourceIdentity,
    }),
  }
}
