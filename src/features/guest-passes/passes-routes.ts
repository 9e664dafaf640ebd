/**
 * `/passes`: for sponsors to give, list and end passes, and for auditors to look on. Registered where
 * a sign-in and own forms are required.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { csvHeader, csvLine } from '#domain/audit-lines.ts'
import { passKey, type GuestPass } from '#domain/guest-pass.ts'
import { localText } from '#domain/local-instant.ts'
import type { FieldProblem, PassForm } from '#domain/pass-form.ts'
import { offersOf } from '#domain/pass-giving.ts'
import { principalKey } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import { actorOf, eventOf } from '#plugins/audit-events.ts'
import { requireVisitor } from '#plugins/browser-session.ts'
import { languageOf } from '#plugins/language.ts'
import { formToken } from '#plugins/own-forms.ts'
import type { Routes } from '#plugins/typebox-routes.ts'
import type { OnceOnly } from '#ports'
import { wordsFor } from '../../words/words.ts'
import { givePass, invite, judgeForm, type GivingOptions } from './pass-giving-desk.ts'
import { passGivenView } from './pass-given-view.ts'
import { requirePassRights, requireVisiblePass } from './pass-guard.ts'
import { passReportView } from './pass-report-view.ts'
import { passesView, type GivingInput } from './passes-view.ts'

export interface PassesOptions extends GivingOptions {
  readonly onceOnly: OnceOnly
}

const Params = Type.Object({ id: Type.String({ pattern: '^[0-9a-z]{1,32}$' }) })
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

const mostRecordsShown = 200
const dayMilliseconds = 86_400_000
const usualDays = 7

export const passesRoutes: Routes<PassesOptions> = async (app, options) => {
  const { session, passes, trail } = options
  const { clock } = session

  app.get('/passes', async (request, reply) => {
    const values = usualForm(request)
    return show(request, reply, values, [])
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

  app.get('/passes/:id', { schema: { params: Params } }, async (request, reply) => {
    const rights = requirePassRights(request)
    const pass = await requireVisiblePass(passes, rights, request.params.id)
    const { records } = await trail.search({ actorKey: passKey(pass) }, mostRecordsShown)
    return reply.page(
      'pass-report',
      passReportView({
        words: wordsFor(languageOf(request)),
        policy: session.config.current().policy,
        pass,
        records,
        mayEnd: rights.mayEnd(pass),
        now: clock(),
        csrfToken: formToken(reply),
      }),
    )
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
    const rights = requirePassRights(request)
    const pass = await requireVisiblePass(passes, rights, request.params.id)
    if (!rights.mayEnd(pass)) throw new Problem('not-found')
    // The end comes first: a trail that cannot be written must not keep a pass alive.
    const isFirst = await passes.revoke(pass.id, clock())
    if (isFirst) await recordRevocation(request, pass, await endSessionsOf(pass))
    return reply.redirect(`/passes/${pass.id}`, 303)
  })

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    values: PassForm,
    problems: readonly FieldProblem[],
  ): Promise<FastifyReply> {
    const rights = requirePassRights(request)
    const { visitor, seesAll } = rights
    const settings = session.config.current()
    const view = passesView({
      words: wordsFor(languageOf(request)),
      policy: settings.policy,
      passes: await passes.list(seesAll ? null : principalKey(visitor.principal)),
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

  /** One opening within a week, in the zone that readers of this language mostly live in. */
  function usualForm(request: FastifyRequest): PassForm {
    const zone = languageOf(request) === 'ja' ? 'Asia/Tokyo' : 'UTC'
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

  async function* linesOf(pass: GuestPass): AsyncGenerator<string> {
    yield csvHeader
    for await (const record of trail.stream({ actorKey: passKey(pass) })) yield csvLine(record)
  }

  /** Everybody who used the pass is signed out of the broker, in every browser. */
  async function endSessionsOf(pass: GuestPass): Promise<number> {
    const people = new Set<string>()
    const used = trail.stream({ actorKey: passKey(pass), type: 'pass.redeemed' })
    for await (const { details } of used) {
      if (typeof details['person'] === 'string') people.add(details['person'])
    }
    let ended = 0
    for (const key of people) ended += await session.sessions.endOfPrincipal(key, clock())
    return ended
  }

  async function recordRevocation(
    request: FastifyRequest,
    pass: GuestPass,
    sessionsEnded: number,
  ): Promise<void> {
    const { account, permissionSet } = pass.target
    const details = { pass: pass.id, guest: pass.guestName, sessionsEnded }
    const actor = actorOf(requireVisitor(request).principal)
    await trail.record(eventOf(request, 'pass.revoked', actor, { account, permissionSet, details }))
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
