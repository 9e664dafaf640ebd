/** The table of contents: what surrounds every request, what anyone may see, what needs a sign-in. */
import formbody from '@fastify/formbody'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
} from 'fastify'
import { randomBytes } from 'node:crypto'
import { consoleRoutes, type ConsoleOptions } from '#features/console/console-routes.ts'
import { auditRoutes, type AuditOptions } from '#features/audit/audit-routes.ts'
import { historyRoutes } from '#features/audit/history-routes.ts'
import { personRoutes } from '#features/audit/person-routes.ts'
import { passRoutes } from '#features/guest-passes/pass-routes.ts'
import { passesRoutes, type PassesOptions } from '#features/guest-passes/passes-routes.ts'
import { linksRoutes } from '#features/links/links-routes.ts'
import { healthRoutes } from '#features/operations/health-routes.ts'
import { portalRoutes, type PortalOptions } from '#features/portal/portal-routes.ts'
import { preferenceRoutes } from '#features/portal/preference-routes.ts'
import { signInRoutes } from '#features/sign-in/sign-in-routes.ts'
import {
  backchannelLogoutRoutes,
  signOutRoutes,
  type SignOutOptions,
} from '#features/sign-in/sign-out-routes.ts'
import { browserSession, visitorOf } from '#plugins/browser-session.ts'
import { compression } from '#plugins/compression.ts'
import { createConsoleOpener } from '#plugins/console-opener.ts'
import { language } from '#plugins/language.ts'
import { lazyValidation } from '#plugins/lazy-validation.ts'
import { ChosenLines } from '#plugins/logging.ts'
import type { Metrics } from '#plugins/metrics.ts'
import { createOpeningTokens } from '#plugins/opening-token.ts'
import { formToken, formTokens, requireOwnForms } from '#plugins/own-forms.ts'
import { problemResponses } from '#plugins/problem-responses.ts'
import { requestLimits } from '#plugins/request-limits.ts'
import { createSeal } from '#plugins/seal.ts'
import { securityHeaders } from '#plugins/security-headers.ts'
import { createSignInTransactions } from '#plugins/sign-in-transactions.ts'
import { requireSignIn } from '#plugins/signed-in-guard.ts'
import { staticFiles } from '#plugins/static-files.ts'
import type { RequestLimits } from '#domain/settings.ts'
import { answerBroken, answerUnparsed, answerUnreadable } from '#plugins/unreadable-request.ts'
import { views } from '#plugins/views.ts'
import type {
  Clock,
  ConsoleFederation,
  IdentityProviders,
  Mailer,
  RunningConfig,
  Storage,
} from '#ports'

export interface Services {
  readonly config: RunningConfig
  readonly clock: Clock
  readonly logger: FastifyBaseLogger
  readonly storage: Storage
  readonly providers: IdentityProviders
  readonly federation: ConsoleFederation
  readonly metrics: Metrics
  readonly limits: RequestLimits
  /** Null where the config names no mail server. */
  readonly mailer: Mailer | null
  isStopping(): boolean
}

/** Synchronous: Fastify queues the plugins, so that a test can still add a hook before they load. */
export function createApp(services: Services): FastifyInstance {
  const { server } = services.config.current()
  const app: FastifyInstance = Fastify({
    loggerInstance: services.logger,
    logController: new ChosenLines(),
    genReqId: () => requestId(),
    requestIdHeader: false,
    trustProxy: server.trustedProxies.length > 0 ? [...server.trustedProxies] : false,
    exposeHeadRoutes: false,
    bodyLimit: 64 * 1024,
    requestTimeout: 15_000,
    connectionTimeout: 20_000,
    handlerTimeout: 30_000,
    routerOptions: { maxParamLength: 128, ignoreTrailingSlash: true },
    ...(server.tls ? { https: { ...server.tls } } : {}),
    frameworkErrors: answerUnreadable,
    clientErrorHandler: answerUnparsed,
  })
  app.setErrorHandler(answerBroken)
  app.setValidatorCompiler(lazyValidation())
  app.register(securityHeaders, {
    isHttps: server.publicUrl.protocol === 'https:',
    formTargets: () => signOutOrigins(services.providers),
  })
  app.register(compression)
  app.register(healthRoutes, services)
  app.register(staticFiles, { prefix: '/static' })
  app.register(pages, services)
  return app
}

/** What people see. A stranger without a well-signed cookie never makes the store work. */
const pages: FastifyPluginAsync<Services> = async (app, services) => {
  const { config, clock, storage, limits, metrics } = services
  const { server } = config.current()
  const isHttps = server.publicUrl.protocol === 'https:'
  const seal = createSeal(server.sessions.keys)
  const session = { config, clock, seal, sessions: storage.sessions, passes: storage.passes }
  const { attemptSeconds } = server.sessions
  const collaborators = {
    ...services,
    ...storage,
    ...limits,
    session,
    tokens: createOpeningTokens(seal, clock),
    transactions: createSignInTransactions({
      isHttps,
      attemptSeconds,
      seal,
      clock,
      onceOnly: storage.onceOnly,
    }),
    opener: createConsoleOpener({ ...services, trail: storage.trail }),
  }

  app.removeContentTypeParser('text/plain')
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const status = `${Math.floor(reply.statusCode / 100)}xx`
    metrics.requests.observe({ method: request.method, route, status }, reply.elapsedTime / 1000)
  })
  await app.register(formbody, { bodyLimit: 64 * 1024 })
  await app.register(requestLimits)
  await app.register(browserSession, session)
  const limitStranger = app.limit(limits.strangersPerMinute)
  app.addHook('onRequest', async (request) => {
    if (!request.visitor) await limitStranger(request)
  })
  await app.register(problemResponses, { config, clock })
  await app.register(formTokens)
  await app.register(language, { config })
  await app.register(views, { config, clock, visitorOf, csrfToken: formToken })

  app.register(signInRoutes, collaborators)
  app.register(backchannelLogoutRoutes, collaborators)
  app.register(passRoutes, collaborators)
  app.register(signedInScope, collaborators)
}

type Collaborators = Services &
  PortalOptions &
  ConsoleOptions &
  SignOutOptions &
  AuditOptions &
  PassesOptions

/** Everything registered in here asks for a sign-in first. No route in it can forget to. */
const signedInScope: FastifyPluginAsync<Collaborators> = async (app, collaborators) => {
  app.addHook('onRequest', requireSignIn)
  requireOwnForms(app, collaborators.config.current().server.publicUrl)
  app.register(portalRoutes, collaborators)
  app.register(preferenceRoutes, collaborators)
  app.register(linksRoutes, collaborators)
  app.register(historyRoutes, collaborators)
  app.register(passesRoutes, collaborators)
  app.register(auditRoutes, collaborators)
  app.register(personRoutes, collaborators)
  app.register(signOutRoutes, collaborators)
  app.register(consoleRoutes, collaborators)
}

/** Forms may lead to where the provider ends its session, since the sign-out form does. */
function signOutOrigins(providers: IdentityProviders): string[] {
  const anywhere = new URL('http://localhost/')
  return providers.all.flatMap((provider) => provider.signOutUrl(null, anywhere)?.origin ?? [])
}

/** For people to read to one another: no letter that looks like a digit (Crockford's base 32). */
function requestId(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  let text = ''
  for (const [index, byte] of randomBytes(16).entries()) {
    text += `${index > 0 && index % 4 === 0 ? '-' : ''}${alphabet[byte % 32]}`
  }
  return text
}
