/** One person's report: the counterpart of a guest pass's, for people of a provider. */
import { findAccount } from '#domain/access.ts'
import type { AuditRecord } from '#domain/audit-event.ts'
import type { HeldSession } from '#domain/held-sessions.ts'
import { roleArn } from '#domain/partition.ts'
import { sessionCutPolicy } from '#domain/session-cut.ts'
import type { AuditPage } from '#ports'
import type { AuditWords } from '../../words/audit-words.ts'
import { addressWith } from './audit-filters.ts'
import { recordRow, type RecordRow, type RowContext } from './record-row.ts'

/** `principalKey`, whole and in its parts. */
export interface PersonKey {
  readonly key: string
  readonly provider: string
  readonly issuer: string
  readonly subject: string
}

interface Instant {
  readonly at: string
  readonly text: string
}

export interface PersonView {
  readonly title: string
  readonly csrfToken: string
  readonly person: PersonKey & { readonly providerName: string }
  readonly endings: readonly (Instant & { readonly by: string })[]
  /** Null for operators who do not read the trail. */
  readonly trail: {
    readonly rows: readonly RecordRow[]
    readonly heading: string
    readonly newestHref: string | null
    readonly olderHref: string | null
    readonly csvHref: string
    readonly searchHref: string
  } | null
  readonly mayEnd: boolean
  /** A line for `denials`. */
  readonly denial: string
  readonly held: readonly HeldRow[]
  /** Null where nothing is held. */
  readonly cutPolicy: string | null
  readonly audit: AuditWords
}

interface HeldRow {
  /** The role's ARN; account and permission set where the config no longer names it. */
  readonly role: string
  readonly sessionName: string
  readonly endsBy: Instant
}

declare module '#plugins/views.ts' {
  interface Pages {
    person: PersonView
  }
}

export interface PersonInput extends RowContext {
  readonly person: PersonKey
  readonly page: AuditPage
  readonly isFirstPage: boolean
  readonly mayRead: boolean
  readonly mayEnd: boolean
  /** `sign-out.by-operator` of this person, newest first. */
  readonly endings: readonly AuditRecord[]
  readonly held: readonly HeldSession[]
  readonly csrfToken: string
}

export function personPath(key: string, more: Readonly<Record<string, string>> = {}): string {
  return `/audit/person?${new URLSearchParams({ key, ...more }).toString()}`
}

export function personView(input: PersonInput): PersonView {
  const { audit, settings, person, page, held } = input
  const { provider, subject } = person
  return {
    title: audit.person.title(page.records[0]?.actor.name ?? subject),
    csrfToken: input.csrfToken,
    person: {
      ...person,
      providerName: settings.identityProviders.get(provider)?.name ?? provider,
    },
    endings: input.endings.map(({ at, actor, details }) => ({
      ...instant(audit, at),
      by: audit.person.endedBy(actor.name, Number(details['sessions'])),
    })),
    trail: input.mayRead ? trailPart(input) : null,
    mayEnd: input.mayEnd,
    denial: `- { name: ${JSON.stringify(`ended: ${subject}`)}, users: [${JSON.stringify(`${provider}:${subject}`)}] }`,
    held: held.map((session) => ({
      role: roleOf(input, session),
      sessionName: session.roleSessionName,
      endsBy: instant(audit, session.endsBy),
    })),
    cutPolicy: cutFor(input),
    audit,
  }
}

function trailPart(input: PersonInput): PersonView['trail'] {
  const { audit, person, page, isFirstPage } = input
  const { records, next } = page
  const { key } = person
  return {
    rows: records.map((record) => recordRow(input, record)),
    heading: audit.entries(records.length),
    newestHref: isFirstPage ? null : personPath(key),
    olderHref: next === null ? null : personPath(key, { before: String(next) }),
    csvHref: addressWith('/audit.csv', { person: key }, {}),
    searchHref: addressWith('/audit', { person: key }, {}),
  }
}

function instant(audit: AuditWords, at: Date): Instant {
  return { at: at.toISOString(), text: audit.instant(at) }
}

function roleOf({ settings: { policy } }: PersonInput, session: HeldSession): string {
  const account = findAccount(policy, session.accountId)
  const permissionSet = policy.permissionSets.get(session.permissionSet)
  return account && permissionSet
    ? roleArn(account.partition, account.id, permissionSet.roleName)
    : `${session.accountId} / ${session.permissionSet}`
}

/** Source identity too where the config gives it, or can no longer say that it did not. */
function cutFor({ held, settings: { policy } }: PersonInput): string | null {
  if (held.length === 0) return null
  const names = [...new Set(held.map(({ roleSessionName }) => roleSessionName))]
  const hasSourceIdentity = held.some(
    ({ permissionSet }) => policy.permissionSets.get(permissionSet)?.sourceIdentity ?? true,
  )
  return sessionCutPolicy(names, { hasSourceIdentity })
}
