import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  entitlementsIn,
  findAccount,
  type AccessRequest,
  type DenialReason,
} from '#domain/access.ts'
import type { Account } from '#domain/access-policy.ts'
import { Problem } from '#domain/problem.ts'
import { actorOf, eventOf } from '#plugins/audit-events.ts'
import { requireVisitor, type BrowserSessionOptions } from '#plugins/browser-session.ts'
import { languageOf } from '#plugins/language.ts'
import type { Metrics } from '#plugins/metrics.ts'
import type { AuditTrail } from '#ports'
import { wordsFor } from '../../words/words.ts'
import { roleNotHeldView } from './role-not-held-view.ts'

export interface RefusalOptions {
  readonly session: BrowserSessionOptions
  readonly trail: AuditTrail
  readonly metrics: Metrics
}

/**
 * Records the refusal, then says as much as this person may know: whoever sees the account learns
 * which of its roles are theirs; for everybody else an account that exists and one that does not
 * give the same page.
 */
export async function refuse(
  { session, trail, metrics }: RefusalOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: AccessRequest,
  denial: DenialReason,
): Promise<FastifyReply> {
  const { principal } = requireVisitor(request)
  const { policy, branding } = session.config.current()
  const account = findAccount(policy, wanted.account)
  await trail.record(
    eventOf(request, 'console.denied', actorOf(principal), {
      accountId: account?.id ?? null,
      account: account?.slug ?? wanted.account,
      permissionSet: wanted.permissionSet,
      reason: denial.reason,
      details: detailsOf(denial),
    }),
  )
  metrics.openings.inc({ outcome: 'denied' })

  if (denial.reason === 'not-yet' || denial.reason === 'ended') throw problemOf(denial)
  const held = account ? entitlementsIn(policy, principal, account, session.clock()) : []
  if (!account || held.length === 0) throw new Problem('access-denied')
  return reply.page(
    'role-not-held',
    roleNotHeldView({
      words: wordsFor(languageOf(request)),
      principal,
      account,
      wantedName: nameOf(policy.permissionSets.get(wanted.permissionSet), wanted),
      held,
      contact: contactOf(account) ?? branding.contact,
    }),
    { status: 403 },
  )
}

function problemOf(denial: Extract<DenialReason, { reason: 'not-yet' | 'ended' }>): Problem {
  return denial.reason === 'not-yet'
    ? new Problem('access-not-yet', { facts: { startsAt: denial.startsAt.toISOString() } })
    : new Problem('access-ended', { facts: { endedAt: denial.endedAt.toISOString() } })
}

function detailsOf(denial: DenialReason): Record<string, string> {
  if (denial.reason === 'denied-by-rule') return { denial: denial.denial }
  return 'assignment' in denial ? { assignment: denial.assignment } : {}
}

function nameOf(found: { readonly name: string } | undefined, wanted: AccessRequest): string {
  return found?.name ?? wanted.permissionSet
}

function contactOf(account: Account): string | null {
  return account.contact
}
