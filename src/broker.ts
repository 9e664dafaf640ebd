/** Wires the real adapters to the application: the same for `serve`, the demo, and tests of the whole. */
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createApp } from '#app'
import { createConsoleFederation } from '#adapters/aws/console-federation.ts'
import { createIdentityProviders } from '#adapters/oidc/identity-providers.ts'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { noSubject } from '#domain/audit-event.ts'
import { createMetricsListener } from '#features/operations/metrics-listener.ts'
import { systemActor } from '#plugins/audit-events.ts'
import { createMetrics, type Metrics } from '#plugins/metrics.ts'
import { defaultLimits, type RequestLimits } from '#plugins/request-limits.ts'
import type { AuditTrail, Clock, RunningConfig } from '#ports'

export interface BrokerOptions {
  readonly config: RunningConfig
  readonly clock: Clock
  readonly logger: Logger
  readonly limits?: RequestLimits
}

export interface Broker {
  readonly app: FastifyInstance
  readonly trail: AuditTrail
  readonly metrics: Metrics
  /** Resolves with the address once both listeners are up. */
  listen(): Promise<string>
  /** In-flight openings finish; new connections are refused; then the store closes. */
  close(): Promise<void>
}

export const product = 'Sekisho/0.1.0'
const pruneMilliseconds = 300_000

/** Rejects where the store cannot be opened or the port is taken; never because a provider is down. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { config, clock, logger, limits = defaultLimits } = options
  const { server, identityProviders, fingerprint } = config.current()
  const metrics = createMetrics()
  const storage = await openStorage(server.store, { clock })
  const providers = createIdentityProviders(identityProviders.values(), {
    publicUrl: server.publicUrl,
    clock,
    product,
    log: logger,
  })
  const federation = createConsoleFederation({
    settings: () => config.current().aws,
    clock,
    product,
    log: logger,
  })
  let isStopping = false
  const app = createApp({
    config,
    clock,
    logger,
    storage,
    providers,
    federation,
    metrics,
    limits,
    isStopping: () => isStopping,
  })
  const metricsListener = server.metrics ? createMetricsListener(metrics) : null
  const pruning = setInterval(() => {
    storage.prune(clock()).catch((error: unknown) => {
      logger.warn({ err: error }, 'expired rows could not be pruned')
    })
  }, pruneMilliseconds).unref()

  return {
    app,
    trail: storage.trail,
    metrics,
    async listen() {
      await storage.trail.record(configLoaded(fingerprint))
      if (server.metrics) await metricsListener?.listen({ ...server.metrics })
      return app.listen({ ...server.listen })
    },
    async close() {
      isStopping = true
      clearInterval(pruning)
      await app.close()
      await metricsListener?.close()
      await providers.close()
      federation.close()
      await storage.close()
    },
  }
}

/** Which policy was in force when is part of why somebody was allowed. */
export function configLoaded(fingerprint: string) {
  return {
    ...noSubject,
    type: 'config.loaded',
    actor: systemActor,
    address: null,
    requestId: 'start',
    details: { config: fingerprint.slice(0, 12) },
  } as const
}
