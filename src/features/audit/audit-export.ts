/** The trail as a file of any size: one batch of lines in memory, sent as fast as it is taken. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import type { AuditRecord } from '#domain/audit-event.ts'
import { csvHeader, csvLine, jsonLine } from '#domain/audit-lines.ts'
import { actorOf, eventOf } from '#plugins/audit-events.ts'
import { requireVisitor } from '#plugins/browser-session.ts'
import type { AuditTrail, Clock } from '#ports'
import { auditQueryFrom, givenFilters, type AuditFilters } from './audit-filters.ts'

export interface ExportFormat {
  readonly ending: 'csv' | 'jsonl'
  readonly contentType: string
  readonly header: string
  readonly line: (record: AuditRecord) => string
}

export const csv: ExportFormat = {
  ending: 'csv',
  contentType: 'text/csv; charset=utf-8; header=present',
  header: csvHeader,
  line: csvLine,
}

export const jsonLines: ExportFormat = {
  ending: 'jsonl',
  contentType: 'application/x-ndjson; charset=utf-8',
  header: '',
  line: jsonLine,
}

const recordsInChunk = 100

/** Who took the trail away is in it before the first byte goes; where it cannot be, nothing goes. */
export async function sendExport(
  { trail, clock }: { readonly trail: AuditTrail; readonly clock: Clock },
  request: FastifyRequest,
  reply: FastifyReply,
  filters: AuditFilters,
  format: ExportFormat,
): Promise<FastifyReply> {
  const query = auditQueryFrom(filters)
  const { principal } = requireVisitor(request)
  await trail.record(
    eventOf(request, 'audit.exported', actorOf(principal), {
      details: { format: format.ending, ...givenFilters(filters) },
    }),
  )
  const chunks = chunksOf(trail.stream(query), format)
  // Read before anything is sent, so that a store that fails at once still answers with a page.
  const first = await chunks.next()
  const stamp = clock().toISOString().slice(0, 19).replaceAll(':', '-')
  return reply
    .type(format.contentType)
    .header(
      'content-disposition',
      `attachment; filename="sekisho-audit-${stamp}Z.${format.ending}"`,
    )
    .send(Readable.from(first.done ? [] : withFirst(first.value, chunks)))
}

async function* chunksOf(
  records: AsyncIterable<AuditRecord>,
  { header, line }: ExportFormat,
): AsyncGenerator<string, void> {
  let lines = header
  let count = 0
  for await (const record of records) {
    lines += line(record)
    count += 1
    if (count % recordsInChunk > 0) continue
    yield lines
    lines = ''
  }
  yield lines
}

async function* withFirst(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first
  yield* rest
}
