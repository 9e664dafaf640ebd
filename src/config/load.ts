// stop-gap until the config loader lands
import { readFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { compileAccessPolicy } from '#domain/access-policy.ts'
import { readSpan } from '#domain/span.ts'
import type { Settings } from '#domain/settings.ts'
export interface ConfigProblem {
  line: number
  column: number
  path: string
  message: string
}
export function describeProblems(f: string, p: readonly ConfigProblem[]): string {
  return p.map((x) => `${f}:${x.line}:${x.column}: ${x.message}\n`).join('')
}
export async function loadSettings(o: {
  path: string
  environment: Readonly<Record<string, string | undefined>>
}): Promise<
  | { outcome: 'loaded'; settings: Settings; warnings: ConfigProblem[] }
  | { outcome: 'refused'; problems: ConfigProblem[] }
> {
  const text = await readFile(o.path, 'utf8')
  const d: any = parse(text)
  const list = (x: any) => x ?? []
  const idps = Object.entries<any>(d.identityProviders)
  const first = idps[0]![0]
  const who = (r: any, all = false) => ({
    providers: r.providers ?? (all ? idps.map(([k]) => k) : [first]),
    groups: list(r.groups),
    emails: list(r.emails),
    users: list(r.users).map((u: string) => ({
      provider: u.split(':')[0]!,
      subject: u.slice(u.indexOf(':') + 1),
    })),
  })
  const until = (x: any) =>
    x == null
      ? null
      : /^\d{4}-\d\d-\d\d$/.test(x)
        ? new Date(Date.parse(x) + 86400000)
        : new Date(x)
  const envs = new Map(
    Object.entries<any>(d.environments ?? {}).map(([slug, e]) => [
      slug,
      { slug, name: e.name, colour: e.colour },
    ]),
  )
  const rule = (r: any, i: number, all = false) => ({
    name: r.name ?? `assignment ${i + 1}`,
    who: who(r, all),
    accounts: list(r.accounts),
    permissionSets: list(r.permissionSets),
    from: r.from ? new Date(r.from) : null,
    until: until(r.until),
  })
  const policy = compileAccessPolicy({
    accounts: Object.entries<any>(d.accounts).map(([slug, a]) => ({
      slug,
      id: a.id,
      name: a.name ?? slug,
      environment: envs.get(a.environment) ?? null,
      tags: new Map(Object.entries<any>(a.tags ?? {})),
      partition: a.partition ?? 'aws',
      region: a.region ?? null,
      destination: a.destination ?? null,
      externalId: a.externalId ?? null,
      contact: a.contact ?? null,
    })),
    permissionSets: Object.entries<any>(d.permissionSets).map(([slug, p]) => ({
      slug,
      name: p.name ?? slug,
      description: p.description ?? null,
      roleName: p.roleName,
      consoleSeconds: readSpan(p.consoleDuration ?? '1h')!,
      region: p.region ?? null,
      destination: p.destination ?? null,
      caution: p.caution ?? null,
      sourceIdentity: p.sourceIdentity ?? false,
      sessionTags: new Map(Object.entries<any>(p.sessionTags ?? {})),
      transitiveTags: [],
      sessionPolicy: null,
      sessionPolicyArns: [],
      attribution: p.attribution ?? 'strict',
    })),
    assignments: list(d.assignments).map((r: any, i: number) => rule(r, i)),
    denials: list(d.denials).map((r: any, i: number) => rule(r, i, true)),
  })
  const s = d.sessions
  const settings: Settings = {
    server: {
      publicUrl: new URL(d.publicUrl),
      listen: d.listen,
      tls: null,
      metrics: d.metrics || null,
      trustedProxies: [],
      store: String(d.store).startsWith('sqlite:')
        ? `sqlite:${resolve(dirname(o.path), String(d.store).slice(7))}`
        : d.store,
      sessions: {
        keys: s.keys.map((k: string) => Buffer.from(k, 'hex')),
        idleSeconds: readSpan(s.idle ?? '1h')!,
        absoluteSeconds: readSpan(s.absolute ?? '8h')!,
        recheckSeconds: readSpan(s.recheck)!,
        attemptSeconds: 600,
      },
      logLevel: 'info',
    },
    identityProviders: new Map(
      idps.map(([key, p]) => [
        key,
        {
          key,
          name: p.name,
          issuer: p.issuer,
          clientId: p.clientId,
          clientSecret: p.clientSecret,
          scopes: p.scopes ?? ['openid', 'profile', 'email'],
          groupsClaim: p.groupsClaim ?? 'groups',
          claimsFrom: 'id_token' as const,
          clientAuthentication: 'client_secret_basic' as const,
          signingAlgorithms: ['RS256'],
          authorizationParameters: {},
        },
      ]),
    ),
    aws: {
      region: d.aws.region,
      failoverRegions: list(d.aws.failoverRegions),
      consoleSessionDuration: 'auto',
      endpoints: {
        sts: d.aws.endpoints?.sts ?? null,
        signIn: d.aws.endpoints?.signIn ?? null,
        console: d.aws.endpoints?.console ?? null,
      },
      federationMethod: 'POST',
    },
    policy,
    links: new Map(
      Object.entries<any>(d.links ?? {}).map(([name, l]) => [
        name,
        {
          name,
          target: { account: l.account, permissionSet: l.permissionSet },
          to: l.to ?? null,
          region: l.region ?? null,
        },
      ]),
    ),
    portals: new Map(
      Object.entries<any>(d.portals ?? {}).map(([slug, p]) => [
        slug,
        {
          slug,
          title: p.title,
          provider: p.provider ?? null,
          accounts: p.accounts,
          message: p.message ?? null,
        },
      ]),
    ),
    guestPasses: d.guestPasses
      ? {
          sponsors: who(d.guestPasses.sponsors),
          permissionSets: d.guestPasses.permissionSets,
          accounts: d.guestPasses.accounts,
          longestSeconds: readSpan(d.guestPasses.longest)!,
          linkAndPin: d.guestPasses.linkAndPin ?? false,
          terms: d.guestPasses.terms ?? null,
        }
      : null,
    auditReaders: d.audit?.readers ? who(d.audit.readers) : null,
    auditFile: null,
    auditWebhook: null,
    operators: d.operators ? who(d.operators) : null,
    announcement: d.announcement ?? null,
    branding: {
      name: d.branding?.name ?? 'Sekisho',
      logoFile: null,
      accent: null,
      help: null,
      contact: d.branding?.contact ?? null,
    },
    mail: null,
    fingerprint: createHash('sha256').update(text).digest('hex'),
  }
  return { outcome: 'loaded', settings, warnings: [] }
}
