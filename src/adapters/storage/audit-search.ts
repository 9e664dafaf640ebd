/**
 * SQL for a page of the trail. A million records stay searchable because every alternative of a
 * search (one person, a request id …) is a query of its own that an index answers in order, and
 * only the sequences that won are read as records.
 */
import { Type } from 'typebox'
import { Check } from 'typebox/schema'
import { auditEventTypes, outcomeOf } from '#domain/audit-event.ts'
import type { AuditQuery } from '#ports'
import { foldedText, indexable, selectedColumns } from './audit-rows.ts'
import type { Database, SqlValue } from './database.ts'

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

/**
 * The actors that a search means by key, by a part of their name, or both: found first, since how
 * many they are decides the plan. Null where it asks for none in particular.
 */
export type MeantActors = readonly string[] | 'many' | null

/** What more actors share is in so many records that reading from the end finds it sooner. */
const mostBranches = 50

const ActorRows = Type.Array(Type.Object({ id: Type.String() }))

type Bind = (value: SqlValue) => string

export async function findActors(database: Database, query: AuditQuery): Promise<MeantActors> {
  const parameters: SqlValue[] = []
  const condition = actorCondition(query, binder(parameters))
  if (condition === null) return null
  const sql = `SELECT id FROM audit_actor WHERE ${condition} LIMIT ${mostBranches + 1}`
  const rows: unknown = await database.query(sql, parameters)
  if (!Check(ActorRows, rows) || rows.length > mostBranches) return 'many'
  return rows.map(({ id }) => id)
}

export function searchStatement(
  query: AuditQuery,
  actors: MeantActors,
  bounds: SearchBounds,
): SearchStatement {
  const parameters: SqlValue[] = []
  const bind = binder(parameters)
  const { order } = bounds

  const always = [...conditionsOf(query, bind), ...boundsOf(bounds, bind)]
  const limit = bind(bounds.limit)
  const branches = actorAlternatives(query, actors, bind).flatMap((byActor) =>
    accountAlternatives(query.account, bind).map((byAccount) => {
      const where = [...byActor, ...byAccount, ...always].join(' AND ')
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
  const { permissionSet, type, outcome, from, until } = query
  const conditions: string[] = []
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

function actorAlternatives(query: AuditQuery, actors: MeantActors, bind: Bind): string[][] {
  if (actors === null) return [[]]
  const alternatives =
    actors === 'many'
      ? // IS TRUE keeps planners from starting at the actors and sorting all of their records.
        [[`(${hasActor(actorCondition(query, bind))}) IS TRUE`]]
      : actors.map((actor) => [`actor = ${bind(actor)}`])
  alternatives.push(...idAlternatives(query, bind))
  return alternatives.length === 0 ? [['1 = 0']] : alternatives
}

/** The text may be an id as well, in a record of the actor that is asked for. */
function idAlternatives(query: AuditQuery, bind: Bind): string[][] {
  const text = wantedText(query)
  if (text === null) return []
  const byKey = actorCondition({ ...query, text: '' }, bind)
  const whole = bind(text)
  return ['request_id', 'opening_id', 'role_session_name'].map((column) => [
    `${column} = ${whole}`,
    ...(byKey === null ? [] : [hasActor(byKey)]),
  ])
}

function hasActor(condition: string | null): string {
  return `actor IN (SELECT id FROM audit_actor WHERE ${condition ?? '1 = 1'})`
}

function actorCondition(query: AuditQuery, bind: Bind): string | null {
  const text = wantedText(query)
  const conditions: string[] = []
  if (query.actorKey !== undefined) conditions.push(`key = ${bind(indexable(query.actorKey))}`)
  if (text !== null) {
    const part = `%${foldedText(text).replace(/[!%_]/g, '!$&')}%`
    conditions.push(`folded LIKE ${bind(part)} ESCAPE '!'`)
  }
  return conditions.length === 0 ? null : conditions.join(' AND ')
}

function binder(parameters: SqlValue[]): Bind {
  return (value) => `$${parameters.push(value)}`
}

function wantedText({ text }: AuditQuery): string | null {
  const wanted = indexable(text?.trim() ?? '')
  return wanted === '' ? null : wanted
}

/** Twelve digits may stand in either column: a visitor may have asked for an unknown account so. */
function accountAlternatives(account: string | undefined, bind: Bind): string[][] {
  if (account === undefined) return [[]]
  const wanted = bind(indexable(account))
  const bySlug = [`account = ${wanted}`]
  return /^\d{12}$/.test(account) ? [bySlug, [`account_id = ${wanted}`]] : [bySlug]
}
