import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '#domain/problem.ts'
import type { Clock, RunningConfig } from '#ports'
import { wordsFor } from '../words/words.ts'
import { languageOf } from './language.ts'
import { isBare } from './page-frame.ts'
import { problemView } from './problem-view.ts'

/** The one place where an error becomes an answer: a page for people, problem+json for programs. */
export const problemResponses = fp<{ config: RunningConfig; clock: Clock }>(
  async (app, { config, clock }) => {
    app.setErrorHandler((error: Error, request, reply) => answer(asProblem(error), request, reply))
    app.setNotFoundHandler((request, reply) => answer(new Problem('not-found'), request, reply))

    function answer(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
      const facts = { err: problem, code: problem.code }
      if (problem.status >= 500) request.log.error(facts, 'problem')
      else request.log.info(facts, 'problem')
      if (problem.retryAfterSeconds !== null) reply.header('retry-after', problem.retryAfterSeconds)
      if (!wantsPage(request)) {
        const title = wordsFor('en').problem(problem.code).title
        return reply
          .code(problem.status)
          .type('application/problem+json')
          .send({ type: problem.code, title, status: problem.status, requestId: request.id })
      }
      const view = problemView(wordsFor(languageOf(request)), problem, {
        requestId: request.id,
        now: clock(),
        visitor: request.visitor ?? null,
        contact: isBare(request) ? null : config.current().branding.contact,
      })
      return reply.page('problem', view, { status: problem.status })
    }
  },
  { name: 'problem-responses' },
)

/** Fastify's own 4xx (a bad URL, a body too large) must not turn into our 500. */
export function asProblem(error: Error & { statusCode?: number; code?: string }): Problem {
  if (error instanceof Problem) return error
  const status = error.statusCode ?? 500
  if (error.code?.startsWith('FST_CSRF')) return new Problem('forged-request')
  if (status === 404) return new Problem('not-found')
  if (status === 413) return new Problem('body-too-large', { cause: error })
  return status >= 500
    ? new Problem('unexpected', { cause: error })
    : new Problem('invalid-request', { cause: error })
}

function wantsPage(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '*/*'
  return accept.includes('text/html') || !/application\/(problem\+)?json/.test(accept)
}
