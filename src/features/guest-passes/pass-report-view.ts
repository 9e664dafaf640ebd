/** All about one pass: what it is, what was done with it, how to end it, and what AWS still holds. */
import type { AuditRecord } from '#domain/audit-event.ts'
import { outcomeOf } from '#domain/audit-event.ts'
import { findAccount } from '#domain/access.ts'
import type { AccessPolicy } from '#domain/access-policy.ts'
import { standingOf, type GuestPass } from '#domain/guest-pass.ts'
import { roleArn } from '#domain/partition.ts'
import { sessionCutPolicy } from '#domain/session-cut.ts'
import { actorOf } from '#plugins/audit-events.ts'
import {
  passWordsFor,
  type PassReportWords,
  type SponsorPageWords,
} from '../../words/pass-words.ts'
import type { Words } from '../../words/words.ts'
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
  readonly end: 'may' | 'over' | 'only-others'
  readonly cut: { readonly hint: string; readonly policy: string } | null
  readonly text: PassReportWords
  readonly labels: SponsorPageWords
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

export function passReportView(input: {
  readonly words: Words
  readonly policy: AccessPolicy
  readonly pass: GuestPass
  /** Newest first. */
  readonly records: readonly AuditRecord[]
  readonly mayEnd: boolean
  readonly now: Date
  readonly csrfToken: string
}): PassReportView {
  const { words, policy, pass, records, now } = input
  const { report, sponsor } = passWordsFor(words.language)
  const standing = standingOf(pass, now)
  const isOver = standing !== 'usable' && standing !== 'not-yet'
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
    end: isOver ? 'over' : input.mayEnd ? 'may' : 'only-others',
    cut: cutFor(policy, pass, report),
    text: report,
    labels: sponsor,
  }
}

function eventRow(
  record: AuditRecord,
  text: PassReportWords,
  instant: (at: Date) => Instant,
): EventRow {
  const outcome = outcomeOf(record.type)
  const { endsAt, problem } = record.details
  const failure = typeof problem === 'string' ? problem : null
  return {
    when: instant(record.at),
    what: text.event(record.type),
    detail: outcome === 'refused' ? text.refusal(record.reason ?? '') : failure,
    mark: outcome === 'done' ? '' : outcome === 'opening' ? 'wait' : 'bad',
    address: record.address,
    ends: typeof endsAt === 'string' ? instant(new Date(endsAt)) : null,
    requestId: record.requestId,
  }
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
    policy: sessionCutPolicy(pass, { hasSourceIdentity: permissionSet.sourceIdentity }),
  }
}
