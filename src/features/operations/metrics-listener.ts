import Fastify, { type FastifyInstance } from 'fastify'
import type { Metrics } from '#plugins/metrics.ts'

/** A listener of its own, so that figures are never on the public port. */
export function createMetricsListener({ registry }: Metrics): FastifyInstance {
  const app = Fastify({ requestTimeout: 15_000 })
  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
  return app
}
