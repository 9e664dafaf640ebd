import type { FastifyReply, FastifyRequest } from 'fastify'
import { LogController } from 'fastify'
import type { LoggerOptions } from 'pino'
import { Problem } from '#domain/problem.ts'

/**
 * Nothing is logged that was not chosen. The callback's URL holds the authorization code, the pass's
 * URL its token, and the errors of HTTP clients a whole exchange: headers, client secret and all.
 */
export function loggerOptions(level: string): LoggerOptions {
  return {
    level,
    serializers: { req: chosenOfRequest, res: chosenOfReply, err: describeError },
    redact: [
      '*.secretAccessKey',
      '*.sessionToken',
      '*.signinToken',
      '*.id_token',
      '*.access_token',
      '*.refresh_token',
      '*.authorization',
      '*.cookie',
    ],
  }
}

/** One line per request, by route and never by URL. */
export class ChosenLines extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const isQuiet = reply.statusCode < 400 && request.routeOptions.config.quiet === true
    request.log[isQuiet ? 'debug' : 'info'](
      { req: request, res: reply, milliseconds: Math.round(reply.elapsedTime * 10) / 10 },
      'request completed',
    )
  }

  override routeNotFound(request: FastifyRequest): void {
    request.log.debug({ req: request }, 'no such route')
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Health checks and static files: their lines are for `debug`. */
    quiet?: boolean
  }
}

function chosenOfRequest(request: FastifyRequest): object {
  return {
    method: request.method,
    route: request.routeOptions.url ?? 'none',
    remoteAddress: request.ip,
  }
}

function chosenOfReply(reply: FastifyReply): object {
  return { statusCode: reply.statusCode }
}

/** Depth is bounded: a cause can be its own cause. */
export function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const cause =
    error.cause === undefined || depth > 3 ? undefined : describeError(error.cause, depth + 1)
  const isOurs = error instanceof Problem
  return {
    type: error.name,
    code,
    message: error.message,
    ...(isOurs ? {} : { stack: error.stack }),
    cause,
  }
}
