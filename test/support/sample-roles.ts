/** Made-up accounts, roles and people to look at pages with. */
import type { Entitlement } from '#domain/access.ts'
import type { Account, Environment, PermissionSet } from '#domain/access-policy.ts'
import { compileAccessPolicy } from '#domain/access-policy.ts'
import type { Principal } from '#domain/principal.ts'
import type { Settings } from '#domain/settings.ts'
import type { Visitor } from '#plugins/visitor.ts'
import type { PersonPreferences } from '#ports'

export const sampleNow = new Date('2026-11-24T04:48:07Z')

export const environments = {
  production: { slug: 'production', name: 'Production', colour: 'red' },
  staging: { slug: 'staging', name: 'Staging', colour: 'amber' },
  sandbox: { slug: 'sandbox', name: 'Sandbox', colour: 'green' },
} as const satisfies Record<string, Environment>

export function sampleAccount(slug: string, more: Partial<Account> = {}): Account {
  return {
    slug,
    id: '111122220101',
    name: slug,
    environment: environments.production,
    tags: new Map(),
    partition: 'aws',
    region: null,
    destination: null,
    externalId: null,
    contact: null,
    ...more,
  }
}

export function samplePermissionSet(
  slug: string,
  more: Partial<PermissionSet> = {},
): PermissionSet {
  return {
    slug,
    name: slug,
    description: null,
    roleName: `sekisho/${slug}`,
    consoleSeconds: 28_800,
    region: null,
    destination: null,
    caution: null,
    sourceIdentity: false,
    sessionTags: new Map(),
    transitiveTags: [],
    sessionPolicy: null,
    sessionPolicyArns: [],
    attribution: 'strict',
    ...more,
  }
}

export function sampleEntitlement(
  account: Account,
  permissionSet: PermissionSet,
  more: Partial<Entitlement> = {},
): Entitlement {
  return { account, permissionSet, assignment: 'platform team', endsAt: null, ...more }
}

export const accounts = {
  payments: sampleAccount('payments-prod', {
    name: 'Payments',
    tags: new Map([['team', 'payments']]),
    contact: 'payments@example.com',
  }),
  storefront: sampleAccount('storefront-prod', { id: '111122220102', name: 'Storefront' }),
  lake: sampleAccount('datalake-stg', {
    id: '111122220203',
    name: 'Data lake',
    environment: environments.staging,
    region: 'us-west-2',
  }),
  bench: sampleAccount('sandbox-alice', {
    id: '111122220301',
    name: 'Alice’s bench',
    environment: environments.sandbox,
  }),
  bare: sampleAccount('playground', { id: '111122220304', name: 'Playground', environment: null }),
} as const

export const roles = {
  admin: samplePermissionSet('Administrator', {
    description: 'Full control',
    consoleSeconds: 3_600,
    caution: 'Full control. Every change is real.',
  }),
  power: samplePermissionSet('PowerUser', {
    description: 'Build and change',
    consoleSeconds: 14_400,
  }),
  read: samplePermissionSet('ReadOnly', { description: 'Look, change nothing' }),
  logs: samplePermissionSet('LogReader', {
    description: 'Logs and metrics',
    destination: '/cloudwatch/home#logsV2:log-groups',
  }),
} as const

export const sampleEntitlements: readonly Entitlement[] = [
  sampleEntitlement(accounts.payments, roles.admin),
  sampleEntitlement(accounts.payments, roles.read),
  sampleEntitlement(accounts.payments, roles.logs),
  sampleEntitlement(accounts.storefront, roles.admin),
  sampleEntitlement(accounts.storefront, roles.read),
  sampleEntitlement(accounts.lake, roles.read),
  sampleEntitlement(accounts.lake, roles.power, {
    assignment: 'migration contractors',
    endsAt: new Date('2027-01-15T09:00:00Z'),
  }),
  sampleEntitlement(accounts.bench, roles.admin),
  sampleEntitlement(accounts.bench, roles.power),
  sampleEntitlement(accounts.bare, roles.power),
]

export const noPreferences: PersonPreferences = {
  favourites: [],
  hidden: [],
  recents: [],
  settings: new Map(),
}

export const samplePreferences: PersonPreferences = {
  favourites: [
    { account: 'payments-prod', permissionSet: 'ReadOnly' },
    { account: 'sandbox-alice', permissionSet: 'Administrator' },
    { account: 'gone', permissionSet: 'ReadOnly' },
  ],
  hidden: [{ account: 'storefront-prod', permissionSet: 'Administrator' }],
  recents: [
    recent('payments-prod', 'ReadOnly', '2026-11-24T04:30:00Z', '2026-11-24T05:30:00Z', 2),
    recent('datalake-stg', 'PowerUser', '2026-11-24T03:00:00Z', '2026-11-24T06:59:00Z', 1),
    recent('storefront-prod', 'ReadOnly', '2026-11-23T08:20:00Z', '2026-11-23T09:20:00Z', 14),
    recent('sandbox-alice', 'Administrator', '2026-11-20T08:20:00Z', '2026-11-20T09:20:00Z', 3),
  ],
  settings: new Map([['signOutFirst', 'true']]),
}

function recent(
  account: string,
  permissionSet: string,
  openedAt: string,
  endsAt: string,
  times: number,
) {
  return {
    account,
    permissionSet,
    openedAt: new Date(openedAt),
    endsAt: new Date(endsAt),
    times,
  }
}

export const alice: Principal = {
  provider: 'company',
  issuer: 'https://login.example.com',
  subject: 'u-alice',
  displayName: 'Alice Aoki',
  username: 'alice',
  email: 'alice.aoki@example.com',
  emailVerified: true,
  groups: new Set(['platform']),
}

export function sampleVisitor(more: Partial<Visitor> = {}): Visitor {
  return {
    principal: alice,
    providerName: 'Company SSO',
    signInEndsAt: new Date('2026-11-24T09:00:00Z'),
    may: { givePasses: true, readAudit: true, operate: true },
    ...more,
  }
}

/** `total` roles, two in each account, over three environments. */
export function manyEntitlements(total: number): readonly Entitlement[] {
  const all = Object.values(environments)
  return Array.from({ length: Math.ceil(total / 2) }, (_, index) => {
    const environment = all[Math.floor((index * 6) / total) % 3] ?? environments.sandbox
    const team = ['payments', 'storefront', 'data', 'platform'][index % 4] ?? ''
    const account = sampleAccount(`${team}-${index}-${environment.slug}`, {
      id: String(100_000_007_919 + index * 7_919),
      name: `${team[0]?.toUpperCase()}${team.slice(1)} ${index}`,
      environment,
      tags: new Map([['team', team]]),
    })
    return [index % 7 === 0 ? roles.admin : roles.power, roles.read].map((permissionSet) =>
      sampleEntitlement(account, permissionSet),
    )
  }).flat()
}

export function sampleSettings(more: Partial<Settings> = {}): Settings {
  return {
    server: {
      publicUrl: new URL('http://127.0.0.1:8480'),
      listen: { host: '127.0.0.1', port: 0 },
      tls: null,
      metrics: null,
      trustedProxies: [],
      store: 'sqlite::memory:',
      sessions: {
        keys: [new Uint8Array(32)],
        idleSeconds: 3_600,
        absoluteSeconds: 28_800,
        recheckSeconds: 900,
        attemptSeconds: 600,
      },
      limits: { strangersPerMinute: 3_000, attemptsPerMinute: 120, openingsPerMinute: 300 },
      drainSeconds: 0,
      logLevel: 'silent',
    },
    identityProviders: new Map(),
    aws: {
      region: 'ap-northeast-1',
      failoverRegions: ['us-west-2'],
      consoleSessionDuration: 'auto',
      endpoints: { sts: null, signIn: null, console: null },
      federationMethod: 'POST',
    },
    policy: compileAccessPolicy({
      accounts: [],
      permissionSets: [],
      assignments: [],
      denials: [],
    }),
    links: new Map(),
    portals: new Map(),
    guestPasses: null,
    auditReaders: null,
    auditFile: null,
    auditWebhook: null,
    operators: null,
    announcement: {
      en: 'Sunday 29 November, 02:00–03:00 JST: staging sign-ins pause for maintenance.',
      ja: '11月29日（日）2:00〜3:00　メンテナンスのため、ステージングへのサインインを停止します。',
    },
    branding: {
      name: 'Sekisho',
      logoFile: null,
      accent: null,
      help: 'https://wiki.example.com/aws',
      contact: 'platform@example.com',
    },
    mail: null,
    fingerprint: '0'.repeat(64),
    ...more,
  }
}
