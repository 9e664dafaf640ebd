/**
 * SQL for a page of the trail. A million records stay searchable because every alternative of a
 * search (a name, a request id …) is a query of its own that an index answers in order, and only
 * the sequences that won are read as records.
 */
import { auditEventTypes, outcomeOf } from '#domain/audit-event.ts'
import type { AuditQuery } from '#ports'
import { foldedText, indexable, selectedColumns } from './audit-rows.ts'
import type { SqlValue } from './database.ts'

export interface SearchBounds {
  readonly order: 'ASC' | 'DESC'
  /** Records with a greater sequence only. */
  readonly after: number | null
  /** Records with a smaller sequence only. */
  readonly before: number | null
  readonly limit: number
}

export interface SearchStatement {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

type Bind = (value: SqlValue) => string

export function searchStatement(query: AuditQuery, bounds: SearchBounds): SearchStatement {
  const parameters: SqlValue[] = []
  const bind: Bind = (value) => `$${parameters.push(value)}`
  const { order } = bounds

  const always = [...conditionsOf(query, bind), ...boundsOf(bounds, bind)]
  const limit = bind(bounds.limit)
  const branches = textAlternatives(query.text, bind).flatMap((byText) =>
    accountAlternatives(query.account, bind).map((byAccount) => {
      const where = [...byText, ...byAccount, ...always].join(' AND ')
      return `SELECT sequence FROM (
        SELECT sequence FROM audit_record WHERE ${where} ORDER BY sequence ${order} LIMIT ${limit}
      ) AS branch`
    }),
  )
  return {
    sql: `SELECT ${selectedColumns} FROM (
        ${branches.join(' UNION ')} ORDER BY sequence ${order} LIMIT ${limit}
      ) AS page
      JOIN audit_record AS r ON r.sequence = page.sequence
      LEFT JOIN audit_actor AS a ON a.id = r.actor
      ORDER BY r.sequence ${order}`,
    parameters,
  }
}

function conditionsOf(query: AuditQuery, bind: Bind): string[] {
  const { actorKey, permissionSet, type, outcome, from, until } = query
  const conditions: string[] = []
  if (actorKey !== undefined) {
    const key = bind(indexable(actorKey))
    conditions.push(`actor IN (SELECT id FROM audit_actor WHERE key = ${key})`)
  }
  if (permissionSet !== undefined) {
    conditions.push(`permission_set = ${bind(indexable(permissionSet))}`)
  }
  if (type !== undefined) conditions.push(`type = ${bind(type)}`)
  if (outcome !== undefined) {
    const types = auditEventTypes.filter((known) => outcomeOf(known) === outcome)
    conditions.push(types.length === 0 ? '1 = 0' : `type IN (${types.map(bind).join(', ')})`)
  }
  if (from !== undefined) conditions.push(`at >= ${bind(from.getTime())}`)
  if (until !== undefined) conditions.push(`at < ${bind(until.getTime())}`)
  return conditions
}

function boundsOf({ after, before }: SearchBounds, bind: Bind): string[] {
  const conditions = [`sequence > ${bind(after ?? 0)}`]
  if (before !== null) conditions.push(`sequence < ${bind(before)}`)
  return conditions
}

function textAlternatives(text: string | undefined, bind: Bind): string[][] {
  const wanted = text?.trim() ?? ''
  if (wanted === '') return [[]]
  const part = bind(`%${foldedText(indexable(wanted)).replace(/[!%_]/g, '!$&')}%`)
  const whole = bind(indexable(wanted))
  return [
    [`actor IN (SELECT id FROM audit_actor WHERE folded LIKE ${part} ESCAPE '!')`],
    [`request_id = ${whole}`],
    [`opening_id = ${whole}`],
    [`role_session_name = ${whole}`],
  ]
}

/** Twelve digits may stand in either column: a visitor may have asked for an unknown account so. */
function accountAlternatives(account: string | undefined, bind: Bind): string[][] {
  if (account === undefined) return [[]]
  const wanted = bind(indexable(account))
  const bySlug = [`account = ${wanted}`]
  return /^\d{12}$/.test(account) ? [bySlug, [`account_id = ${wanted}`]] : [bySlug]
}
