import csrfProtection from '@fastify/csrf-protection'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '#domain/problem.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Every request that changes something must come from a form of ours (CWE-352). */
export const ownForms = fp<{ publicUrl: URL }>(
  async (app, { publicUrl }) => {
    await app.register(csrfProtection, {
      sessionPlugin: '@fastify/session',
      getToken: tokenInBody,
      logLevel: 'debug',
    })
    app.addHook('preHandler', async (request) => {
      if (!safeMethods.has(request.method)) requireOwnOrigin(request, publicUrl)
    })
    app.addHook('preHandler', (request, reply, done) => {
      if (safeMethods.has(request.method)) done()
      else app.csrfProtection(request, reply, done)
    })
  },
  { name: 'own-forms' },
)

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
