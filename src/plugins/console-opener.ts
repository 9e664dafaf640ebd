/**
 * The one way a console is opened: trail, AWS, trail, in this order. Who may, and what exactly, was
 * decided before; how AWS is called is the port's affair.
 */
import type { FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import type { Entitlement } from '#domain/access.ts'
import type { AuditActor, AuditEvent, AuditEventType } from '#domain/audit-event.ts'
import type { OpeningPlan } from '#domain/opening-plan.ts'
import { Problem } from '#domain/problem.ts'
import type { AuditTrail, Clock, ConsoleFederation, ConsoleOpening, OpenedConsole } from '#ports'
import { eventOf } from './audit-events.ts'
import type { Metrics } from './metrics.ts'

export interface WantedOpening {
  readonly actor: AuditActor
  readonly entitlement: Entitlement
  readonly plan: OpeningPlan
  readonly roleSessionName: string
  readonly sourceIdentity: string | null
  readonly tags: ReadonlyMap<string, string>
  readonly signInPage: URL
  readonly signOutFirst: boolean
  /** For the trail: pass, link, policy fingerprint. */
  readonly details: AuditEvent['details']
}

export interface ConsoleOpener {
  /** Rejects with a `Problem`; where the trail cannot be written, nothing is opened. */
  open(request: FastifyRequest, wanted: WantedOpening): Promise<OpenedConsole>
}

export interface ConsoleOpenerOptions {
  readonly federation: ConsoleFederation
  readonly trail: AuditTrail
  readonly clock: Clock
  readonly metrics: Metrics
}

export function createConsoleOpener(options: ConsoleOpenerOptions): ConsoleOpener {
  const { federation, trail, metrics } = options
  return {
    async open(request, wanted) {
      const openingId = randomUUID()
      const record = (type: AuditEventType, more: Partial<AuditEvent>) =>
        trail.record(
          eventOf(request, type, wanted.actor, { ...subjectOf(wanted, openingId), ...more }),
        )
      const stop = metrics.openingSeconds.startTimer()

      try {
        await record('console.opening', {})
        const opened = await federation.openConsole(openingOf(wanted, openingId))
        for (const notice of opened.notices) request.log.warn({ openingId, notice }, 'opening')
        await record('console.opened', {
          accessKeyId: opened.accessKeyId,
          details: { ...wanted.details, ...outcomeDetails(opened) },
        })
        metrics.openings.inc({ outcome: 'opened' })
        stop()
        return opened
      } catch (error) {
        const problem =
          error instanceof Problem ? error : new Problem('unexpected', { cause: error })
        metrics.openings.inc({ outcome: problem.code })
        if (problem.code !== 'trail-unavailable') await record('console.failed', failureOf(problem))
        throw problem
      }
    },
  }
}

function subjectOf(wanted: WantedOpening, openingId: string): Partial<AuditEvent> {
  const { account, permissionSet, assignment } = wanted.entitlement
  return {
    accountId: account.id,
    account: account.slug,
    permissionSet: permissionSet.slug,
    reason: assignment,
    openingId,
    roleSessionName: wanted.roleSessionName,
    details: { ...wanted.details, wantedSeconds: wanted.plan.wantedSeconds },
  }
}

/** The destination without its query and fragment: they can hold what people look for. */
function outcomeDetails(opened: OpenedConsole): AuditEvent['details'] {
  return {
    region: opened.region,
    sessionSeconds: opened.sessionSeconds,
    endsAt: opened.endsAt.toISOString(),
    notices: opened.notices.length === 0 ? null : opened.notices.join('; '),
  }
}

function failureOf(problem: Problem): Partial<AuditEvent> {
  return { details: { problem: problem.code, finding: problem.operatorNote?.finding ?? null } }
}

function openingOf(wanted: WantedOpening, openingId: string): ConsoleOpening {
  const { entitlement, plan, actor: _actor, details: _details, ...rest } = wanted
  const { account, permissionSet } = entitlement
  return { ...rest, ...plan, openingId, account, permissionSet }
}
