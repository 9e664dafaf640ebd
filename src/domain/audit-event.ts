/** Everything worth recording. One flat shape, so that search, export and hash see the same fields. */

export const auditEventTypes = [
  'sign-in.completed',
  'sign-in.refused',
  'sign-out.completed',
  'sign-out.by-provider',
  'sign-out.by-operator',
  'sign-out.refused',
  'console.opening',
  'console.opened',
  'console.failed',
  'console.denied',
  'pass.given',
  'pass.redeemed',
  'pass.refused',
  'pass.revoked',
  'config.loaded',
  'config.refused',
  'audit.exported',
] as const

export type AuditEventType = (typeof auditEventTypes)[number]

export type AuditOutcome = 'done' | 'opening' | 'refused' | 'failed'

export interface AuditActor {
  readonly kind: 'person' | 'guest' | 'system'
  /** `principalKey` of a person, `pass ID` of a guest, `system` of the broker itself. */
  readonly key: string
  /** As shown: verified e-mail, else the name. */
  readonly name: string
}

/** Never a secret: no token, credential, sign-in URL, PIN or cookie has a field here. */
export interface AuditEvent {
  readonly type: AuditEventType
  readonly actor: AuditActor
  readonly accountId: string | null
  readonly account: string | null
  readonly permissionSet: string | null
  /** Why it was allowed (the assignment's or pass's name) or refused (the reason). */
  readonly reason: string | null
  readonly address: string | null
  readonly requestId: string
  /** One per opening: also in the log and in the User-Agent of the exchange. */
  readonly openingId: string | null
  readonly roleSessionName: string | null
  readonly accessKeyId: string | null
  readonly details: Readonly<Record<string, string | number | boolean | null>>
}

export interface AuditRecord extends AuditEvent {
  /** From 1, without gaps: one order through all replicas. */
  readonly sequence: number
  readonly at: Date
  /** Hex SHA-256 of the record before; 64 zeros before the first. */
  readonly previousHash: string
  readonly hash: string
}

export function outcomeOf(type: AuditEventType): AuditOutcome {
  if (type === 'console.opening') return 'opening'
  if (type.endsWith('.refused') || type.endsWith('.denied')) return 'refused'
  return type.endsWith('.failed') ? 'failed' : 'done'
}

/** The part that most events leave empty. */
export const noSubject = {
  accountId: null,
  account: null,
  permissionSet: null,
  reason: null,
  openingId: null,
  roleSessionName: null,
  accessKeyId: null,
  details: {},
} as const satisfies Partial<AuditEvent>
