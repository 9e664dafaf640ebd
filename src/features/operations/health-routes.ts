import type { FastifyPluginAsync } from 'fastify'
import type { Clock, ConsoleFederation, IdentityProviders, RunningConfig, Storage } from '#ports'

export interface HealthOptions {
  readonly config: RunningConfig
  readonly providers: IdentityProviders
  readonly storage: Pick<Storage, 'ping'>
  readonly federation: Pick<ConsoleFederation, 'findings'>
  readonly clock: Clock
  /** True once the process was told to stop: load balancers send new visitors elsewhere. */
  isStopping(): boolean
}

/** Liveness says that the process answers; readiness, that it can do its work. No names of people. */
export const healthRoutes: FastifyPluginAsync<HealthOptions> = async (app, options) => {
  const quiet = { config: { quiet: true }, exposeHeadRoute: true }

  app.get('/healthz', quiet, async () => ({ status: 'ok' }))

  app.get('/readyz', quiet, async (_request, reply) => {
    const isStoreReachable = await options.storage.ping().then(
      () => true,
      () => false,
    )
    const providers = Object.fromEntries(
      options.providers.all.map((provider) => [
        provider.key,
        provider.isReady() ? 'ready' : 'not discovered',
      ]),
    )
    const isReady =
      isStoreReachable &&
      !options.isStopping() &&
      options.providers.all.every((provider) => provider.isReady())
    return reply.code(isReady ? 200 : 503).send({
      status: isReady ? 'ready' : 'not ready',
      store: isStoreReachable ? 'reachable' : 'unreachable',
      config: options.config.current().fingerprint.slice(0, 12),
      identityProviders: providers,
      aws: options.federation.findings(),
      ...(options.isStopping() ? { stopping: true } : {}),
    })
  })
}
