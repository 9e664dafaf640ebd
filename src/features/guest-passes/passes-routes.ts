/**
 * `/passes`: for sponsors to give and list passes, and for auditors to look on. Registered where a
 * sign-in and own forms are required.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import { Type } from 'typebox'
import { localText } from '#domain/local-instant.ts'
import type { FieldProblem, PassForm } from '#domain/pass-form.ts'
import { offersOf } from '#domain/pass-giving.ts'
import { principalKey } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import { requireVisitor } from '#plugins/browser-session.ts'
import { languageOf } from '#plugins/language.ts'
import { formToken } from '#plugins/own-forms.ts'
import type { Routes } from '#plugins/typebox-routes.ts'
import type { OnceOnly, PassCursor } from '#ports'
import { wordsFor } from '../../words/words.ts'
import { givePass, invite, judgeForm, type GivingOptions } from './pass-giving-desk.ts'
import { passGivenView } from './pass-given-view.ts'
import { requirePassRights } from './pass-guard.ts'
import { passReportRoutes } from './pass-report-routes.ts'
import { cursorFrom, passesView, usualZone, type GivingInput } from './passes-view.ts'

export interface PassesOptions extends GivingOptions {
  readonly onceOnly: OnceOnly
}

const PassesQuery = Type.Object({
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}-[0-9a-z]{1,32}$' })),
})
const Field = Type.Optional(Type.String({ maxLength: 4_000 }))
const Form = Type.Object({
  kind: Field,
  name: Field,
  email: Field,
  role: Field,
  to: Field,
  from: Field,
  until: Field,
  zone: Field,
  openings: Field,
  reason: Field,
  once: Type.Optional(Type.String({ minLength: 16, maxLength: 64 })),
})

const passesOnPage = 50
const dayMilliseconds = 86_400_000
const usualDays = 7

export const passesRoutes: Routes<PassesOptions> = async (app, options) => {
  const { session, passes } = options
  const { clock } = session

  app.get('/passes', { schema: { querystring: PassesQuery } }, (request, reply) => {
    const { after } = request.query
    const cursor = after === undefined ? null : cursorFrom(after)
    return show(request, reply, usualForm(request), [], cursor)
  })

  app.post('/passes', { schema: { body: Form } }, async (request, reply) => {
    const { principal, may } = requireVisitor(request)
    if (!may.givePasses) throw new Problem('pass-not-allowed')
    const { once, ...fields } = request.body
    const form = { ...emptyForm, ...fields }
    const judgement = judgeForm(session, principal, form)
    if (judgement.outcome === 'refused') return show(request, reply, form, judgement.problems)

    const keptUntil = new Date(clock().getTime() + dayMilliseconds)
    const isFirst =
      once === undefined || (await options.onceOnly.take(`pass form ${once}`, keptUntil))
    if (!isFirst) return reply.redirect('/passes', 303)
    const given = await givePass(options, request, principal, judgement)
    const mail = await invite(options, request, given)
    const words = wordsFor(languageOf(request))
    return reply.page('pass-given', passGivenView({ words, ...given, mail }))
  })

  app.register(passReportRoutes, options)

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    values: PassForm,
    problems: readonly FieldProblem[],
    after: PassCursor | null = null,
  ): Promise<FastifyReply> {
    const rights = requirePassRights(request)
    const { visitor, seesAll } = rights
    const settings = session.config.current()
    const view = passesView({
      words: wordsFor(languageOf(request)),
      policy: settings.policy,
      page: await passes.list(
        seesAll ? null : principalKey(visitor.principal),
        passesOnPage,
        after,
      ),
      isFirstPage: after === null,
      seesAll,
      mayEnd: (pass) => rights.mayEnd(pass),
      now: clock(),
      csrfToken: formToken(reply),
      giving: visitor.may.givePasses ? givingInput(request, values, problems) : null,
    })
    return reply.page('passes', view, { status: problems.length > 0 ? 400 : 200 })
  }

  function givingInput(
    request: FastifyRequest,
    values: PassForm,
    problems: readonly FieldProblem[],
  ): GivingInput {
    const settings = session.config.current()
    return {
      offers: offersOf(settings, requireVisitor(request).principal, clock()),
      offersPin: settings.guestPasses?.linkAndPin ?? false,
      longestSeconds: settings.guestPasses?.longestSeconds ?? 0,
      values,
      problems,
      once: randomBytes(16).toString('base64url'),
    }
  }

  /** One opening within a week. */
  function usualForm(request: FastifyRequest): PassForm {
    const zone = usualZone(languageOf(request))
    const now = clock()
    const longest = session.config.current().guestPasses?.longestSeconds ?? 0
    const milliseconds = Math.min(longest * 1000, usualDays * dayMilliseconds)
    return {
      ...emptyForm,
      kind: 'email',
      from: localText(now, zone),
      until: localText(new Date(now.getTime() + milliseconds), zone),
      zone,
      openings: '1',
    }
  }
}

const emptyForm: PassForm = {
  kind: '',
  name: '',
  email: '',
  role: '',
  to: '',
  from: '',
  until: '',
  zone: 'UTC',
  openings: '',
  reason: '',
}
