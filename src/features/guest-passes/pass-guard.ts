/**
 * Who may see which passes, and end them: sponsors their own, operators all of them; auditors see
 * all and end none.
 */
import type { FastifyRequest } from 'fastify'
import type { GuestPass } from '#domain/guest-pass.ts'
import { principalKey } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import { actorOf, eventOf } from '#plugins/audit-events.ts'
import { requireVisitor } from '#plugins/browser-session.ts'
import type { Visitor } from '#plugins/visitor.ts'
import type { AuditTrail, GuestPasses } from '#ports'

export interface PassRights {
  readonly visitor: Visitor
  readonly seesAll: boolean
  /** Their own they may always end; whoever reads the trail only reads. */
  mayEnd(pass: GuestPass): boolean
  /** Their own, while they may still give any. */
  mayExtend(pass: GuestPass): boolean
}

/** Throws `not-found` for everybody whom passes do not concern. */
export function requirePassRights(request: FastifyRequest): PassRights {
  const rights = passRightsOf(requireVisitor(request))
  if (!rights) throw new Problem('not-found')
  return rights
}

function passRightsOf(visitor: Visitor): PassRights | null {
  const { may, principal } = visitor
  if (!may.givePasses && !may.readAudit && !may.operate) return null
  const key = principalKey(principal)
  return {
    visitor,
    seesAll: may.readAudit || may.operate,
    mayEnd: (pass) => may.operate || principalKey(pass.sponsor) === key,
    mayExtend: (pass) => may.givePasses && principalKey(pass.sponsor) === key,
  }
}

/** Throws `not-found` also for a pass that exists and is somebody else's. */
export async function requireVisiblePass(
  passes: GuestPasses,
  { visitor, seesAll }: PassRights,
  id: string,
): Promise<GuestPass> {
  const pass = await passes.byId(id)
  const isOwn = pass !== null && principalKey(pass.sponsor) === principalKey(visitor.principal)
  if (!pass || !(isOwn || seesAll)) throw new Problem('not-found')
  return pass
}

/** Throws `not-found` likewise; a try at a pass that exists is recorded first. */
export async function requirePassFor(
  right: 'mayEnd' | 'mayExtend',
  { passes, trail }: { readonly passes: GuestPasses; readonly trail: AuditTrail },
  request: FastifyRequest,
  id: string,
): Promise<GuestPass> {
  const visitor = requireVisitor(request)
  const pass = await passes.byId(id)
  if (!pass) throw new Problem('not-found')
  if (passRightsOf(visitor)?.[right](pass)) return pass
  // No account: who tried may see this record of theirs, and must not learn what the pass opens.
  const refusal = { reason: 'not-the-sponsor', details: { pass: id } }
  await trail.record(eventOf(request, 'pass.refused', actorOf(visitor.principal), refusal))
  throw new Problem('not-found')
}
