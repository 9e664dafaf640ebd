/** More time or openings for a pass that is out, without a new link: only its own sponsor gives them. */
import type { FastifyRequest } from 'fastify'
import type { GuestPass } from '#domain/guest-pass.ts'
import { localText } from '#domain/local-instant.ts'
import { readPassForm, type FieldProblem, type PassForm } from '#domain/pass-form.ts'
import { judgeExtension } from '#domain/pass-giving.ts'
import { actorOf, eventOf } from '#plugins/audit-events.ts'
import { requireVisitor, type BrowserSessionOptions } from '#plugins/browser-session.ts'
import type { AuditTrail, GuestPasses } from '#ports'

export interface ExtensionOptions {
  readonly session: BrowserSessionOptions
  readonly passes: GuestPasses
  readonly trail: AuditTrail
}

export type ExtensionForm = Pick<PassForm, 'until' | 'zone' | 'openings'>

/** As it stands, to change. */
export function extensionFormOf(pass: GuestPass, zone: string): ExtensionForm {
  const openings = pass.openings === null ? '' : String(pass.openings)
  return { until: localText(pass.until, zone), zone, openings }
}

/** What is wrong with the form; nothing where the pass was prolonged. Recorded first, like a new one. */
export async function extendPass(
  { session, passes, trail }: ExtensionOptions,
  request: FastifyRequest,
  pass: GuestPass,
  form: ExtensionForm,
): Promise<readonly FieldProblem[]> {
  const reading = readPassForm(wholeForm(pass, form))
  if (reading.outcome === 'refused') return reading.problems
  const { until, openings } = reading.wish
  const { principal } = requireVisitor(request)
  const settings = session.config.current()
  const judgement = judgeExtension(settings, pass, principal, reading.wish, session.clock())
  if (judgement.outcome === 'refused') return judgement.problems

  const { account, permissionSet, assignment } = judgement.entitlement
  await trail.record(
    eventOf(request, 'pass.given', actorOf(principal), {
      accountId: account.id,
      account: account.slug,
      permissionSet: permissionSet.slug,
      reason: assignment,
      details: {
        pass: pass.id,
        guest: pass.guestName,
        prolonged: true,
        until: until.toISOString(),
        openings,
        untilBefore: pass.until.toISOString(),
        openingsBefore: pass.openings,
      },
    }),
  )
  const isDone = await passes.extend(pass.id, { until, openings }, session.clock())
  if (isDone) return []
  // Ended meanwhile: the trail has to take back what it has just said.
  const refusal = { reason: 'ended', details: { pass: pass.id, guest: pass.guestName } }
  await trail.record(eventOf(request, 'pass.refused', actorOf(principal), refusal))
  return [{ field: 'until', fault: 'not-allowed' }]
}

/** The other fields as they were given: they were good then, and are not looked at again. */
function wholeForm(pass: GuestPass, form: ExtensionForm): PassForm {
  return {
    ...form,
    kind: pass.kind,
    name: pass.guestName,
    email: pass.guestEmail ?? '',
    role: `${pass.target.account}/${pass.target.permissionSet}`,
    to: pass.destination ?? '',
    from: localText(pass.from, 'UTC'),
    reason: pass.reason,
  }
}
