import type { FastifyRequest } from 'fastify'
import { verifiedEmail } from '#domain/access.ts'
import {
  noSubject,
  type AuditActor,
  type AuditEvent,
  type AuditEventType,
} from '#domain/audit-event.ts'
import { principalKey, type Principal } from '#domain/principal.ts'

export function actorOf(principal: Principal): AuditActor {
  return {
    kind: 'person',
    key: principalKey(principal),
    name: verifiedEmail(principal) ?? principal.displayName,
  }
}

/** The broker itself, or somebody whom nobody has vouched for yet. */
export const systemActor: AuditActor = { kind: 'system', key: 'system', name: 'Sekisho' }

/** An event with where it came from filled in. */
export function eventOf(
  request: FastifyRequest,
  type: AuditEventType,
  actor: AuditActor,
  more: Partial<AuditEvent> = {},
): AuditEvent {
  return { ...noSubject, type, actor, address: request.ip, requestId: request.id, ...more }
}
