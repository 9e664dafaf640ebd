/** Wires the real adapters to the application: the same for `serve`, the demo, and tests of the whole. */
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createApp } from '#app'
import {
  createConsoleFederation,
  type FederationTimeouts,
} from '#adapters/aws/console-federation.ts'
import { createIdentityProviders } from '#adapters/oidc/identity-providers.ts'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { noSubject } from '#domain/audit-event.ts'
import type { RequestLimits, Settings } from '#domain/settings.ts'
import { watchConnections } from '#features/operations/draining.ts'
import { createMetricsListener } from '#features/operations/metrics-listener.ts'
import { systemActor } from '#plugins/audit-events.ts'
import { createMetrics, type Metrics } from '#plugins/metrics.ts'
import type { AuditTrail, Clock, Mailer, RunningConfig } from '#ports'
import { startChores } from './chores.ts'

export interface BrokerOptions {
  readonly config: RunningConfig
  readonly clock: Clock
  readonly logger: Logger
  /** Those of the config where absent. */
  readonly limits?: RequestLimits
  /** Of the calls to AWS; those of the adapter where absent. */
  readonly timeouts?: Partial<FederationTimeouts>
}

export interface Broker {
  readonly app: FastifyInstance
  readonly trail: AuditTrail
  readonly metrics: Metrics
  /** Resolves with the address once both listeners are up. */
  listen(): Promise<string>
  /**
   * Readiness says so for `drainSeconds` (default 0); then nothing new is accepted, openings in
   * flight finish, and the store closes.
   */
  close(drainSeconds?: number): Promise<void>
}

export const product = 'Sekisho/0.1.0'

/**
 * How long a client may take to send a request (Node's http.Server). Node compares the clock with
 * them only every 30 s unless told otherwise.
 */
const slowClientLimits = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
} as const

/** Rejects where the store cannot be opened or the port is taken; never because a provider is down. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const { config, clock, logger } = options
  const { server, identityProviders, fingerprint, mail } = config.current()
  const metrics = createMetrics()
  const storage = await openStorage(server.store, { clock })
  const shared = { config, clock, logger }
  const mailer = mail ? await openMailer(mail) : null
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
    ...(options.timeouts ? { timeouts: options.timeouts } : {}),
    metrics: {
      observe: (call, region, outcome, seconds) =>
        metrics.awsCalls.observe({ call, region, outcome }, seconds),
      learned: (source, verdict) =>
        metrics.sessionDuration.set({ source }, verdict === 'accepted' ? 1 : 0),
    },
  })
  let isStopping = false
  const app = createApp({
    ...shared,
    storage,
    mailer,
    providers,
    federation,
    metrics,
    limits: options.limits ?? server.limits,
    isStopping: () => isStopping,
  })
  const draining = watchConnections(app.server)
  const metricsListener = server.metrics ? createMetricsListener(metrics) : null
  const chores = startChores({ ...shared, storage, metrics, mailer, product })

  return {
    app,
    trail: storage.trail,
    metrics,
    async listen() {
      await storage.trail.record(configLoaded(fingerprint))
      if (server.metrics) await metricsListener?.listen({ ...server.metrics })
      Object.assign(app.server, slowClientLimits)
      return app.listen({ ...server.listen })
    },
    async close(drainSeconds = 0) {
      isStopping = true
      await draining.stop(drainSeconds)
      await app.close()
      await metricsListener?.close()
      await chores.close()
      mailer?.close()
      await providers.close()
      federation.close()
      await storage.close()
    },
  }
}

/** Loaded only where mail is sent. */
async function openMailer(mail: NonNullable<Settings['mail']>): Promise<Mailer> {
  const { createSmtpMailer } = await import('#adapters/mail/smtp-mailer.ts')
  return createSmtpMailer(mail)
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

export function configRefused(problems: number) {
  return {
    ...noSubject,
    type: 'config.refused',
    actor: systemActor,
    address: null,
    requestId: 'reload',
    reason: `${problems} problems`,
  } as const
}
