import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '#domain/problem.ts'

type Check = (request: FastifyRequest) => Promise<void>

declare module 'fastify' {
  interface FastifyInstance {
    /** Throws `too-many-requests`. By address, or by what `keyOf` gives. */
    limit(perMinute: number, keyOf?: (request: FastifyRequest) => string): Check
  }
}

/** Counted in memory, with a bounded number of keys. */
export const requestLimits = fp(
  async (app) => {
    await app.register(rateLimit, { global: false, timeWindow: 60_000, cache: 50_000 })
    app.decorate('limit', (perMinute: number, keyOf?: (request: FastifyRequest) => string) => {
      const check = app.createRateLimit({
        max: perMinute,
        ...(keyOf ? { keyGenerator: keyOf } : {}),
      })
      return async (request: FastifyRequest) => {
        const limit = await check(request)
        if (!limit.isAllowed && limit.isExceeded) {
          throw new Problem('too-many-requests', { retryAfterSeconds: limit.ttlInSeconds })
        }
      }
    })
  },
  { name: 'request-limits' },
)
