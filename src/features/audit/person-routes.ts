/**
 * `/audit/person`: all that the trail holds about one person, what AWS sessions they may hold, and
 * the end of their sessions here. Auditors read, operators end; whoever is both does both.
 */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { auditWordsFor } from '../../words/audit-words.ts'
import { wordsFor } from '../../words/words.ts'
import type { AuditRecord } from '#domain/audit-event.ts'
import { heldSessions, heldSince, type HeldSession } from '#domain/held-sessions.ts'
import { principalKey } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import { actorOf, eventOf } from '#plugins/audit-events.ts'
import { requireVisitor } from '#plugins/browser-session.ts'
import { languageOf } from '#plugins/language.ts'
import { formToken } from '#plugins/own-forms.ts'
import type { Routes } from '#plugins/typebox-routes.ts'
import type { AuditPage } from '#ports'
import { recordsOnPage, type AuditOptions } from './audit-routes.ts'
import { personPath, personView, type PersonKey } from './person-view.ts'

export interface PersonOptions extends AuditOptions {
  readonly attemptsPerMinute: number
}

/** `principalKey`, or that of a guest: their report is elsewhere. */
const Key = Type.String({ maxLength: 800 })
const PersonQuery = Type.Object({
  key: Key,
  before: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
})
const noRecords: AuditPage = { records: [], next: null }
const mostEndings = 200

export const personRoutes: Routes<PersonOptions> = async (app, options) => {
  const { session, trail } = options
  const { clock } = session

  app.get('/audit/person', { schema: { querystring: PersonQuery } }, async (request, reply) => {
    const { may } = requireVisitor(request)
    if (!may.readAudit && !may.operate) throw new Problem('access-denied')
    const { key, before } = request.query
    const guest = /^pass ([0-9a-z]{1,32})$/.exec(key)?.[1]
    if (guest !== undefined) return reply.redirect(`/passes/${guest}`, 303)
    const person = requirePerson(key)
    const query = { actorKey: key, ...(before === undefined ? {} : { before: Number(before) }) }
    const language = languageOf(request)
    const view = personView({
      words: wordsFor(language),
      audit: auditWordsFor(language),
      settings: session.config.current(),
      now: clock(),
      self: null,
      person,
      page: may.readAudit ? await trail.search(query, recordsOnPage) : noRecords,
      isFirstPage: before === undefined,
      mayRead: may.readAudit,
      mayEnd: may.operate,
      endings: await endingsOf(key),
      held: await heldBy(key),
      csrfToken: formToken(reply),
    })
    return reply.page('person', view)
  })

  app.post(
    '/audit/person/sign-out',
    {
      onRequest: app.limit(options.attemptsPerMinute, (request) =>
        principalKey(requireVisitor(request).principal),
      ),
      schema: { body: Type.Object({ key: Key }) },
    },
    async (request, reply) => {
      const { key } = request.body
      await requireOperator(request, key)
      requirePerson(key)
      // The end comes first: a trail that cannot be written must not keep anybody signed in.
      const sessions = await session.sessions.endOfPrincipal(key, clock())
      const actor = actorOf(requireVisitor(request).principal)
      const details = { person: key, sessions }
      await trail.record(eventOf(request, 'sign-out.by-operator', actor, { details }))
      return reply.redirect(personPath(key), 303)
    },
  )

  /** Throws after recording who tried. */
  async function requireOperator(request: FastifyRequest, key: string): Promise<void> {
    const { principal, may } = requireVisitor(request)
    if (may.operate) return
    const refusal = { reason: 'not-an-operator', details: { person: key } }
    await trail.record(eventOf(request, 'sign-out.refused', actorOf(principal), refusal))
    throw new Problem('access-denied')
  }

  /** They stand in the trail under the operator's name. */
  async function endingsOf(key: string): Promise<readonly AuditRecord[]> {
    const { records } = await trail.search({ type: 'sign-out.by-operator' }, mostEndings)
    return records.filter(({ details }) => details['person'] === key)
  }

  async function heldBy(key: string): Promise<readonly HeldSession[]> {
    const records: AuditRecord[] = []
    const query = { actorKey: key, from: heldSince(clock()) }
    for await (const record of trail.stream(query)) {
      if (record.openingId !== null) records.push(record)
    }
    return heldSessions(records, clock())
  }
}

/** @throws {Problem} not-found for what is nobody's key */
function requirePerson(key: string): PersonKey {
  const [, provider, issuer, subject] = /^([^ ]+) ([^ ]+) ([^ ]+)$/.exec(key) ?? []
  if (provider === undefined || issuer === undefined || subject === undefined) {
    throw new Problem('not-found')
  }
  return { key, provider, issuer, subject }
}
