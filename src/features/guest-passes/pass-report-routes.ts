/** `/passes/:id`: the report on one pass, its file, more time for it, and its end. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { csvHeader, csvLine } from '#domain/audit-lines.ts'
import type { GuestPass } from '#domain/guest-pass.ts'
import type { FieldProblem } from '#domain/pass-form.ts'
import { isExtendable } from '#domain/pass-giving.ts'
import { actorOf, eventOf } from '#plugins/audit-events.ts'
import { languageOf } from '#plugins/language.ts'
import { formToken } from '#plugins/own-forms.ts'
import type { Routes } from '#plugins/typebox-routes.ts'
import { wordsFor } from '../../words/words.ts'
import { endPass, historyOf, recordsOf, type EndingOptions } from './pass-ending.ts'
import { extendPass, extensionFormOf, type ExtensionForm } from './pass-extension.ts'
import { requirePassFor, requirePassRights, requireVisiblePass } from './pass-guard.ts'
import { passReportView } from './pass-report-view.ts'
import { usualZone } from './passes-view.ts'

const Params = Type.Object({ id: Type.String({ pattern: '^[0-9a-z]{1,32}$' }) })
const Extension = Type.Object({
  until: Type.String({ maxLength: 64 }),
  zone: Type.String({ maxLength: 64 }),
  openings: Type.String({ maxLength: 16 }),
})

export const passReportRoutes: Routes<EndingOptions> = async (app, options) => {
  const { session, passes, trail } = options

  app.get('/passes/:id', { schema: { params: Params } }, async (request, reply) => {
    const rights = requirePassRights(request)
    const pass = await requireVisiblePass(passes, rights, request.params.id)
    return show(request, reply, pass, extensionFormOf(pass, usualZone(languageOf(request))), [])
  })

  app.get('/passes/:id.csv', { schema: { params: Params } }, async (request, reply) => {
    const rights = requirePassRights(request)
    const pass = await requireVisiblePass(passes, rights, request.params.id)
    await trail.record(
      eventOf(request, 'audit.exported', actorOf(rights.visitor.principal), {
        details: { format: 'csv', pass: pass.id },
      }),
    )
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="sekisho-pass-${pass.id}.csv"`)
      .send(Readable.from(linesOf(pass)))
  })

  app.post('/passes/:id/revoke', { schema: { params: Params } }, async (request, reply) => {
    const pass = await requirePassFor('mayEnd', options, request, request.params.id)
    await endPass(options, request, pass)
    return reply.redirect(`/passes/${pass.id}`, 303)
  })

  app.post(
    '/passes/:id/extend',
    { schema: { params: Params, body: Extension } },
    async (request, reply) => {
      const pass = await requirePassFor('mayExtend', options, request, request.params.id)
      const { until, zone, openings } = request.body
      const form = { until, zone, openings }
      const problems = await extendPass(options, request, pass, form)
      return problems.length > 0
        ? show(request, reply, pass, form, problems)
        : reply.redirect(`/passes/${pass.id}`, 303)
    },
  )

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    pass: GuestPass,
    extension: ExtensionForm,
    problems: readonly FieldProblem[],
  ): Promise<FastifyReply> {
    const rights = requirePassRights(request)
    const { policy, guestPasses } = session.config.current()
    const now = session.clock()
    const view = passReportView({
      words: wordsFor(languageOf(request)),
      policy,
      pass,
      records: await recordsOf(trail, pass),
      mayEnd: rights.mayEnd(pass),
      extension:
        rights.mayExtend(pass) && isExtendable(pass, now)
          ? { values: extension, problems, longestSeconds: guestPasses?.longestSeconds ?? 0 }
          : null,
      now,
      csrfToken: formToken(reply),
    })
    return reply.page('pass-report', view, { status: problems.length > 0 ? 400 : 200 })
  }

  async function* linesOf(pass: GuestPass): AsyncGenerator<string> {
    yield csvHeader
    for await (const record of historyOf(trail, pass)) yield csvLine(record)
  }
}
