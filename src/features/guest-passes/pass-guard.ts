/** Who may see which passes: sponsors their own, auditors and operators all of them. */
import type { FastifyRequest } from 'fastify'
import type { GuestPass } from '#domain/guest-pass.ts'
import { principalKey } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import { requireVisitor } from '#plugins/browser-session.ts'
import type { Visitor } from '#plugins/visitor.ts'
import type { GuestPasses } from '#ports'

export interface PassRights {
  readonly visitor: Visitor
  readonly seesAll: boolean
  /** Their own they may always end; whoever reads the trail only reads. */
  mayEnd(pass: GuestPass): boolean
}

/** Throws `not-found` for everybody whom passes do not concern. */
export function requirePassRights(request: FastifyRequest): PassRights {
  const visitor = requireVisitor(request)
  const { may, principal } = visitor
  if (!may.givePasses && !may.readAudit && !may.operate) throw new Problem('not-found')
  const key = principalKey(principal)
  return {
    visitor,
    seesAll: may.readAudit || may.operate,
    mayEnd: (pass) => may.operate || principalKey(pass.sponsor) === key,
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
