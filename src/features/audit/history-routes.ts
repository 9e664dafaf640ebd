/** One's own part of the trail: what the broker keeps about a person is theirs to see. */
import { auditWordsFor } from '../../words/audit-words.ts'
import { wordsFor } from '../../words/words.ts'
import { principalKey } from '#domain/principal.ts'
import { requireVisitor } from '#plugins/browser-session.ts'
import { languageOf } from '#plugins/language.ts'
import type { Routes } from '#plugins/typebox-routes.ts'
import { auditQueryFrom, HistoryFilters } from './audit-filters.ts'
import { recordsOnPage, type AuditOptions } from './audit-routes.ts'
import { historyView } from './audit-view.ts'

export const historyRoutes: Routes<AuditOptions> = async (app, { session, trail }) => {
  app.get('/history', { schema: { querystring: HistoryFilters } }, async (request, reply) => {
    const { principal } = requireVisitor(request)
    const { type, outcome, from, until, before } = request.query
    // Taken one by one: whatever else the address asks for never reaches the trail.
    const filters = {
      ...(type === undefined ? {} : { type }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      ...(before === undefined ? {} : { before }),
    }
    const query = { ...auditQueryFrom(filters), actorKey: principalKey(principal) }
    const language = languageOf(request)
    const page = await trail.search(query, recordsOnPage)
    const context = {
      words: wordsFor(language),
      audit: auditWordsFor(language),
      settings: session.config.current(),
      now: session.clock(),
      self: principal,
    }
    return reply.page('history', historyView({ ...context, page, filters }))
  })
}
