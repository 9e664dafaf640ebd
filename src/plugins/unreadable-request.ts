import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

const closedDoors = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

/** A URL that cannot be decoded gets past all hooks, so this answer brings its own closed doors. */
export function answerUnreadable(
  _error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  sendText(reply, 400, `We could not read that address. Request ID ${request.id}`)
}

/** Last resort, where not even the problem page could be printed: says nothing of the error. */
export function answerBroken(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  request.log.error({ err: error }, 'no page could be printed')
  sendText(reply, 500, `Something went wrong on our side. Request ID ${request.id}`)
}

function sendText(reply: FastifyReply, status: number, text: string): void {
  void reply.code(status).headers(closedDoors).type('text/plain; charset=utf-8').send(`${text}\n`)
}
