import { createServer } from 'node:http'
import type { Server } from 'node:http'
import Provider from 'oidc-provider'

import { ClientSessions } from './idp/client-sessions.ts'
import { serveInteractions } from './idp/interactions.ts'
import { providerConfiguration } from './idp/provider-configuration.ts'

export interface DemoPerson {
  username: string
  password: string
  /** The `sub` claim: what the person is known by, whatever the names become. */
  subject: string
  name: string
  email?: string
  emailVerified?: boolean
  /** Sent as it is, of whatever type; without it the claim is absent. */
  groups?: unknown
}

export interface IdentityProviderOptions {
  /** 0, the default, for any free one. */
  port?: number
  /** The company whose provider this plays, shown on its pages. */
  title: string
  /** Default 127.0.0.1; `0.0.0.0` in a container. The issuer names 127.0.0.1 all the same. */
  bindAddress?: string
  people: readonly DemoPerson[]
  client: {
    clientId: string
    clientSecret: string
    redirectUris: readonly string[]
    postLogoutRedirectUris?: readonly string[]
    backchannelLogoutUri?: string
  }
}

export interface IdentityProvider {
  /** `http://127.0.0.1:PORT` */
  issuer: string
  readonly people: readonly DemoPerson[]
  /** From the next ID token, userinfo answer or refresh on; undefined takes the claim away. */
  setGroups(username: string, groups: unknown): void
  /**
   * From now on nobody by that name can sign in, refresh or be renewed by `prompt=none`
   * (`login_required`). The client is not told: `endSessionsOf` does that.
   */
  remove(username: string): void
  /** Ends the person's sessions here, and sends the client a logout token for each. */
  endSessionsOf(username: string): Promise<void>
  /** Every request, in order; `path` is without the query. */
  requests: { path: string; method: string }[]
  stop(): Promise<void>
}

/**
 * A real OpenID provider on loopback for the demo and the tests: login form, PKCE, refresh
 * tokens, RP-initiated and back-channel logout. It keeps everything in memory and shows the
 * passwords, so it is nothing for production.
 */
export async function startIdentityProvider(
  options: IdentityProviderOptions,
): Promise<IdentityProvider> {
  const people = new Map(options.people.map((person) => [person.username, { ...person }]))
  const subjectsOfFormer = new Map<string, string>()
  const requests: IdentityProvider['requests'] = []

  const server = createServer()
  const port = await listen(server, options.port ?? 0, options.bindAddress ?? '127.0.0.1')
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(
    issuer,
    await providerConfiguration({ ...options, port, people: () => people.values() }),
  )
  const sessions = new ClientSessions(provider, options.client.clientId)

  provider.use((context, next) => {
    requests.push({ path: context.path, method: context.method })
    return next()
  })
  serveInteractions(provider, { title: options.title, people: () => [...people.values()] })
  const handle = provider.callback()
  server.on('request', (request, response) => void handle(request, response))

  function personNamed(username: string): DemoPerson {
    const person = people.get(username)
    if (!person) throw new Error(`nobody here is called ${username}`)
    return person
  }

  return {
    issuer,
    get people() {
      return [...people.values()]
    },
    setGroups(username, groups) {
      personNamed(username).groups = groups
    },
    remove(username) {
      // The sessions of somebody who left can still be ended.
      subjectsOfFormer.set(username, personNamed(username).subject)
      people.delete(username)
    },
    async endSessionsOf(username) {
      const subject = subjectsOfFormer.get(username) ?? personNamed(username).subject
      await sessions.end(subject)
    },
    requests,
    async stop() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, port: number, address: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(port, address, resolve)
  await promise
  const bound = server.address()
  return bound && typeof bound === 'object' ? bound.port : port
}
