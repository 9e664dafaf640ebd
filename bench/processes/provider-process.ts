/** The local OpenID provider, which keeps the time that the broker's own calls take it. */
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { demoPassword } from '#demo/demo-people.ts'
import { startIdentityProvider } from '#demo/identity-provider.ts'
import type { DemoPorts } from '#demo/demo-config.ts'
import { everybody } from '../bench-config.ts'
import { answerParent, inputOf } from '../child-side.ts'

const { ports } = inputOf<{ readonly ports: DemoPorts }>()
const broker = `http://127.0.0.1:${ports.broker}`
const provider = await startIdentityProvider({
  port: ports.company,
  title: 'Example SSO',
  people: Array.from({ length: 50 }, (_, index) => ({
    username: `person-${index}`,
    password: demoPassword,
    subject: `u-${index}`,
    name: `Person ${index}`,
    email: `person-${index}@example.com`,
    emailVerified: true,
    groups: [everybody],
  })),
  client: {
    clientId: 'sekisho',
    clientSecret: 'bench-secret',
    redirectUris: [`${broker}/sign-in/company/callback`],
    postLogoutRedirectUris: [`${broker}/signed-out`],
  },
})

let tokenMilliseconds = 0
const begun = new WeakMap<IncomingMessage, number>()
const requestOf = (message: unknown) => (message as { readonly request: IncomingMessage }).request
subscribe('http.server.request.start', (message) => {
  begun.set(requestOf(message), performance.now())
})
subscribe('http.server.response.finish', (message) => {
  const request = requestOf(message)
  if (!/^\/(token|me|jwks)/.test(request.url ?? '')) return
  tokenMilliseconds += performance.now() - (begun.get(request) ?? NaN)
})

answerParent({ issuer: provider.issuer }, { tokenMilliseconds: () => tokenMilliseconds }, () =>
  provider.stop(),
)
