import type { FastifyReply, FastifyRequest } from 'fastify'
import { judgeNavigation } from '#domain/navigation.ts'
import { Problem } from '#domain/problem.ts'
import { homeTarget, readReturnTarget, returnPath } from '#domain/return-target.ts'

/** A scope's hook: nobody gets past it who has not signed in. Pages lead to the sign-in instead. */
export async function requireSignIn(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  if (request.visitor) return undefined
  const isPage = request.method === 'GET' && judgeNavigation(request.headers) !== 'embedded'
  if (!isPage || !acceptsPages(request)) throw new Problem('sign-in-required')
  const to = returnPath(readReturnTarget(request.url) ?? homeTarget)
  return reply.redirect(`/sign-in?${new URLSearchParams({ to }).toString()}`, 303)
}

/** A scope's hook: only a navigation may open something; nothing else may even try. */
export async function requireNavigation(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const judgement = judgeNavigation(request.headers)
  if (judgement === 'prefetch') return reply.code(204).send()
  if (judgement === 'embedded') throw new Problem('embedded-request')
  return undefined
}

function acceptsPages(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '*/*'
  return accept.includes('text/html') || accept.includes('*/*')
}
