/** A broker to test routes with: the real application, an in-memory store, doubles for provider and AWS. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { FastifyInstance, FastifySchema, HTTPMethods } from 'fastify'
import pino from 'pino'
import { createApp } from '#app'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { loadSettings } from '#config/load.ts'
import type { AuditRecord } from '#domain/audit-event.ts'
import { principalFromClaims } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import type { RequestLimits, Settings } from '#domain/settings.ts'
import { loggerOptions } from '#plugins/logging.ts'
import { createMetrics } from '#plugins/metrics.ts'
import type {
  ConsoleFederation,
  ConsoleOpening,
  IdentityProvider,
  IdentityProviders,
  Mailer,
  OpenedConsole,
  Storage,
} from '#ports'
import { policyText } from './policy-text.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { createTestVisitor, type TestVisitor } from './test-visitor.ts'

export interface BrokerRoute {
  readonly method: HTTPMethods
  readonly url: string
  readonly schema: FastifySchema | undefined
}

export interface TestPerson {
  readonly subject: string
  readonly claims: Readonly<Record<string, unknown>>
}

export interface TestBrokerOptions {
  /** The whole config file; default: `policyText()`. */
  readonly configText?: string
  readonly limits?: Partial<RequestLimits>
  /** Wraps the store, to make parts of it fail. */
  readonly wrapStorage?: (storage: Storage) => Storage
  readonly now?: Date
  readonly mailer?: Mailer
}

export interface TestBroker {
  readonly app: FastifyInstance
  readonly settings: Settings
  readonly storage: Storage
  readonly routes: readonly BrokerRoute[]
  /** What AWS was asked for. */
  readonly opened: ConsoleOpening[]
  /** Every log line, at trace level. */
  readonly logLines: string[]
  readonly metrics: ReturnType<typeof createMetrics>
  /** Lets the next openings fail, or answer otherwise. */
  answerOpeningsWith(answer: (opening: ConsoleOpening) => Promise<OpenedConsole>): void
  /** The provider's next answers for this person. */
  setClaims(person: string, claims: Readonly<Record<string, unknown>> | null): void
  setReady(provider: string, isReady: boolean): void
  takeOver(configText: string): Promise<void>
  now(): Date
  advance(seconds: number): void
  visitor(): TestVisitor
  /** A visitor who has signed in as one of the people below. */
  signedIn(person: string, provider?: string): Promise<TestVisitor>
  recorded(): Promise<readonly AuditRecord[]>
}

/** `code` of the callback names the person: the provider's part is tested elsewhere, for real. */
const people: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ada: { name: 'Ada Adams', email: 'ada@example.com', email_verified: true, groups: ['platform'] },
  grace: {
    name: 'Grace Gray',
    email: 'grace@example.com',
    email_verified: true,
    groups: ['payments'],
  },
  sam: { name: 'Sam Sato', email: 'sam@example.com', email_verified: true, groups: ['security'] },
  noone: { name: 'Noone Nagy', email: 'noone@example.com', email_verified: true },
  mei: {
    name: 'Mei Lin',
    email: 'mei@acme.example',
    email_verified: true,
    groups: ['acme-migration'],
  },
}

export async function startBroker(
  t: TestContext,
  options: TestBrokerOptions = {},
): Promise<TestBroker> {
  let settings = await settingsFrom(t, options.configText ?? policyText())
  let now = options.now ?? new Date('2026-11-25T09:00:00Z')
  const clock = () => now
  const storage = await openStorage('sqlite::memory:', { clock })
  const used = options.wrapStorage?.(storage) ?? storage
  const claims = new Map(Object.entries(people))
  const logLines: string[] = []
  const opened: ConsoleOpening[] = []
  const metrics = createMetrics()
  const notReady = new Set<string>()
  let answer = openedAt(clock)

  const federation: ConsoleFederation = {
    async openConsole(opening) {
      opened.push(opening)
      return answer(opening)
    },
    longestSeconds: () => 43_200,
    findings: () => ({}),
  }
  const app = createApp({
    config: { current: () => settings },
    clock,
    logger: pino(loggerOptions('trace'), { write: (line: string) => void logLines.push(line) }),
    storage: used,
    providers: providersDouble(() => settings, claims, notReady),
    federation,
    metrics,
    limits: { ...settings.server.limits, ...options.limits },
    mailer: options.mailer ?? null,
    isStopping: () => false,
  })
  const routes: BrokerRoute[] = []
  app.addHook('onRoute', ({ method, url, schema }) => {
    for (const one of [method].flat()) routes.push({ method: one, url, schema })
  })
  t.after(async () => {
    await app.close()
    await storage.close()
  })
  await app.ready()

  const visitor = () => createTestVisitor(app)
  return {
    app,
    settings,
    storage,
    routes,
    opened,
    logLines,
    metrics,
    answerOpeningsWith: (next) => {
      answer = next
    },
    setClaims: (person, next) => {
      if (next === null) claims.delete(person)
      else claims.set(person, next)
    },
    setReady: (provider, isReady) => {
      if (isReady) notReady.delete(provider)
      else notReady.add(provider)
    },
    takeOver: async (text) => {
      settings = await settingsFrom(t, text)
    },
    now: clock,
    advance: (seconds) => {
      now = new Date(now.getTime() + seconds * 1000)
    },
    visitor,
    async signedIn(person, provider = 'company') {
      const one = visitor()
      await one.signIn(person, provider)
      return one
    },
    async recorded() {
      return (await storage.trail.search({}, 500)).records.toReversed()
    },
  }
}

async function settingsFrom(t: TestContext, text: string): Promise<Settings> {
  const path = join(await temporaryFolder(t), 'sekisho.yaml')
  await writeFile(path, text)
  const loaded = await loadSettings({ path, environment: {} })
  if (loaded.outcome === 'refused') {
    throw new Error(loaded.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  }
  return loaded.settings
}

function openedAt(clock: () => Date) {
  return async ({ openingId, wantedSeconds }: ConsoleOpening): Promise<OpenedConsole> => ({
    signInUrl: new URL(`https://signin.aws.example/federation?SigninToken=secret-${openingId}`),
    accessKeyId: 'ASIAEXAMPLE',
    region: 'ap-northeast-1',
    sessionSeconds: wantedSeconds,
    endsAt: new Date(clock().getTime() + wantedSeconds * 1000),
    notices: [],
  })
}

function providersDouble(
  settings: () => Settings,
  claims: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  notReady: ReadonlySet<string>,
): IdentityProviders {
  const all = [...settings().identityProviders.values()].map((provider): IdentityProvider => {
    const { key, name, issuer, groupsClaim } = provider
    const signInOf = (person: string) => {
      const found = claims.get(person)
      if (!found) throw new Problem('sign-in-failed')
      const reading = principalFromClaims(
        { provider: key, issuer, groupsClaim },
        { sub: `u-${person}`, ...found },
      )
      if (reading.outcome === 'refused') throw new Problem('groups-overage')
      return {
        principal: reading.principal,
        idToken: `id-token-of-${person}`,
        refreshToken: found['refresh'] === true ? person : null,
        providerSession: `${key} session-of-${person}`,
      }
    }
    return {
      key,
      name,
      isReady: () => !notReady.has(key),
      async authorizationUrl({ state }, prompt) {
        if (notReady.has(key)) throw new Problem('identity-provider-unavailable')
        const query = new URLSearchParams({ state, ...(prompt ? { prompt } : {}) })
        return new URL(`https://${key}.idp.example/authorize?${query.toString()}`)
      },
      checkIssuer(given) {
        if (given !== null && given !== issuer) throw new Problem('sign-in-failed')
      },
      completeSignIn: async (_transaction, { code }) => signInOf(code),
      refresh: async (refreshToken) => signInOf(refreshToken),
      signOutUrl: () => null,
      async verifyLogoutToken(token) {
        const [subject = '', session = '', tokenId = ''] = token.split(' ')
        if (tokenId === '') throw new Problem('sign-in-failed')
        return { subject: subject || null, providerSession: session || null, tokenId }
      },
    }
  })
  return {
    all,
    byKey: (key) => all.find((provider) => provider.key === key) ?? null,
    close: async () => {},
  }
}
