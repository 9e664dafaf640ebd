import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

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

const unparsed = new Map<string | undefined, readonly [status: number, text: string]>([
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'Your request took too long to arrive.']],
  [
    'HPE_HEADER_OVERFLOW',
    [431, 'The address and the cookies are too long together. Delete the cookies of this site.'],
  ],
])

/** For what Node itself could not parse: there is no request yet, and so no page and no id. */
export function answerUnparsed(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed) return
  const [status, text] = unparsed.get(error.code) ?? [400, 'We could not read that request.']
  const headers = {
    ...closedDoors,
    'content-type': 'text/plain; charset=utf-8',
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  // Amid an answer these lines would become a part of it.
  if (socket.writable && !isAnswering(socket)) {
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}\n`)
  }
  socket.destroy(error)
}

/** Node keeps the answer that is under way on its socket, and looks there itself (lib/_http_server.js). */
function isAnswering(socket: Socket): boolean {
  const answer: unknown = Reflect.get(socket, '_httpMessage')
  return (
    typeof answer === 'object' && answer !== null && Reflect.get(answer, 'headersSent') === true
  )
}

/** Last resort, where not even the problem page could be printed: says nothing of the error. */
export function answerBroken(
  error: Error & { statusCode?: number },
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { statusCode = 500 } = error
  if (statusCode < 500) return sendText(reply, statusCode, `Not here. Request ID ${request.id}`)
  request.log.error({ err: error }, 'no page could be printed')
  sendText(reply, 500, `Something went wrong on our side. Request ID ${request.id}`)
}

function sendText(reply: FastifyReply, status: number, text: string): void {
  void reply.code(status).headers(closedDoors).type('text/plain; charset=utf-8').send(`${text}\n`)
}
