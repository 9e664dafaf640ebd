import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

/** A URL that cannot be decoded gets past all hooks, so this answer brings its own closed doors. */
export function answerUnreadable(
  _error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  void reply
    .code(400)
    .headers({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    .type('text/plain; charset=utf-8')
    .send(`We could not read that address. Request ID ${request.id}\n`)
}
