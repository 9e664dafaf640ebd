import helmet from '@fastify/helmet'
import fp from 'fastify-plugin'

export interface SecurityHeadersOptions {
  readonly isHttps: boolean
  /**
   * Origins that a form of ours may end at. Chromium applies `form-action` to each redirect after a
   * form, so the sign-out needs the providers' here, and no form may lead to AWS.
   */
  readonly formTargets: () => readonly string[]
}

/** Every answer, errors included, closes what a page of ours never needs. */
export const securityHeaders = fp<SecurityHeadersOptions>(
  async (app, { isHttps, formTargets }) => {
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'"],
          formAction: ["'self'", () => formTargets().join(' ')],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
          objectSrc: ["'none'"],
        },
      },
      frameguard: { action: 'deny' },
      // Not no-referrer: browsers then send `Origin: null` with our own forms.
      referrerPolicy: { policy: 'same-origin' },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      strictTransportSecurity: isHttps ? { maxAge: 63_072_000, includeSubDomains: true } : false,
      xXssProtection: false,
    })
    app.addHook('onSend', async (_request, reply) => {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
      reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()')
    })
  },
  { name: 'security-headers' },
)
