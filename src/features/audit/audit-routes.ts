/** The trail for auditors: search, filter, export. What auditors see of others is their office. */
import { auditWordsFor } from '../../words/audit-words.ts'
import { wordsFor } from '../../words/words.ts'
import type { BrowserSessionOptions } from '#plugins/browser-session.ts'
import { languageOf } from '#plugins/language.ts'
import { requireAuditReader } from '#plugins/required-right.ts'
import { requireNavigation } from '#plugins/signed-in-guard.ts'
import type { Routes } from '#plugins/typebox-routes.ts'
import type { AuditTrail } from '#ports'
import { csv, jsonLines, sendExport, type ExportFormat } from './audit-export.ts'
import { AuditFilters, auditQueryFrom } from './audit-filters.ts'
import { auditView } from './audit-view.ts'
import { createChainWatch } from './chain-watch.ts'

export interface AuditOptions {
  readonly session: BrowserSessionOptions
  readonly trail: AuditTrail
}

export const recordsOnPage = 50

export const auditRoutes: Routes<AuditOptions> = async (app, options) => {
  const { session, trail } = options
  app.addHook('onRequest', requireAuditReader)
  const chain = createChainWatch(trail, session.clock, app.log)

  app.get('/audit', { schema: { querystring: AuditFilters } }, async (request, reply) => {
    const language = languageOf(request)
    const page = await trail.search(auditQueryFrom(request.query), recordsOnPage)
    chain.refresh()
    const context = {
      words: wordsFor(language),
      audit: auditWordsFor(language),
      settings: session.config.current(),
      now: session.clock(),
      self: null,
    }
    return reply.page(
      'audit',
      auditView({ ...context, page, filters: request.query }, chain.latest()),
    )
  })

  app.register(exportRoutes, options)
}

/** An export goes on while its reader takes it; whoever stops taking is cut off by `connectionTimeout`. */
const longestExportMilliseconds = 6 * 3_600_000

const exportRoutes: Routes<AuditOptions> = async (app, { session, trail }) => {
  // A prefetch would write `audit.exported` for a file that nobody took.
  app.addHook('onRequest', requireNavigation)
  const addExport = (path: string, format: ExportFormat) =>
    app.get(
      path,
      { schema: { querystring: AuditFilters }, handlerTimeout: longestExportMilliseconds },
      (request, reply) =>
        sendExport({ trail, clock: session.clock }, request, reply, request.query, format),
    )
  addExport('/audit.csv', csv)
  addExport('/audit.jsonl', jsonLines)
}
