import type { FastifyRequest } from 'fastify'
import { Problem } from '#domain/problem.ts'
import { requireVisitor } from './browser-session.ts'

/** A scope's hook: the trail names people, so only those whom the config lists read it. */
export async function requireAuditReader(request: FastifyRequest): Promise<void> {
  if (!requireVisitor(request).may.readAudit) throw new Problem('access-denied')
}
