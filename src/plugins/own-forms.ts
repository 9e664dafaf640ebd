import csrfProtection from '@fastify/csrf-protection'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '#domain/problem.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Pages for signed-in people hold a form, the sign-out, wherever they are printed. */
export const formTokens = fp(
  async (app) => {
    await app.register(csrfProtection, {
      sessionPlugin: '@fastify/session',
      getToken: tokenInBody,
      logLevel: 'debug',
    })
  },
  { name: 'form-tokens' },
)

/** A scope's hooks: every request that changes something must come from a form of ours (CWE-352). */
export function requireOwnForms(scope: FastifyInstance, publicUrl: URL): void {
  scope.addHook('preHandler', async (request) => {
    if (!safeMethods.has(request.method)) requireOwnOrigin(request, publicUrl)
  })
  scope.addHook('preHandler', (request, reply, done) => {
    if (safeMethods.has(request.method)) done()
    else scope.csrfProtection(request, reply, done)
  })
}

/** The browser's own word, where it gives one; an old browser gives neither. */
export function requireOwnOrigin(request: FastifyRequest, publicUrl: URL): void {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  const isForeign =
    (site !== undefined && site !== 'same-origin') ||
    (origin !== undefined && origin !== publicUrl.origin)
  if (isForeign) throw new Problem('forged-request')
}

/** The secret lives in the signed-in session, so a stranger's page gets no token. */
export function formToken(reply: FastifyReply): string {
  return reply.request.visitor ? reply.generateCsrf() : ''
}

function tokenInBody(request: FastifyRequest): string {
  const { body } = request
  const token = typeof body === 'object' && body !== null ? Reflect.get(body, '_csrf') : undefined
  return typeof token === 'string' ? token : ''
}
