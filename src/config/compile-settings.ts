/** A checked file becomes the settings: lists to sets and maps, paths absolute, nothing optional. */
import { isAbsolute, resolve } from 'node:path'
import { compileAccessPolicy } from '#domain/access-policy.ts'
import type {
  BrandingSettings,
  GuestPassSettings,
  IdentityProviderSettings,
  LocalisedText,
  NamedLink,
  PortalSettings,
  ServerSettings,
  Settings,
} from '#domain/settings.ts'
import { slugsByIdIn } from './account-selectors.ts'
import { accountSelectorsOf, policySourceOf, secondsOf, selectorOf } from './compile-policy.ts'
import type { FileConfig } from './schema.ts'
import { defaultMetrics } from './server-problems.ts'

/** What was read beside the config file. */
export interface CompanionFiles {
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  /** Whether branding's logo can be read. */
  readonly hasLogo: boolean
}

type LocalisedInFile = NonNullable<FileConfig['announcement']>

export interface CompileContext {
  /** Absolute folder of the config file: relative paths start here. */
  readonly folder: string
  readonly fingerprint: string
  readonly companions: CompanionFiles
}

export function compileSettings(file: FileConfig, context: CompileContext): Settings {
  const { folder, fingerprint, companions } = context
  const firstProvider = Object.keys(file.identityProviders).slice(0, 1)
  const { audit, operators, mail, aws } = file
  return {
    server: serverOf(file, context),
    identityProviders: new Map(Object.entries(file.identityProviders).map(providerOf)),
    aws: {
      ...aws,
      endpoints: {
        sts: aws.endpoints.sts ?? null,
        signIn: aws.endpoints.signIn ?? null,
        console: aws.endpoints.console ?? null,
      },
    },
    policy: compileAccessPolicy(policySourceOf(file)),
    links: linksOf(file),
    portals: portalsOf(file),
    guestPasses: guestPassesOf(file, firstProvider),
    auditReaders: audit.readers ? selectorOf(audit.readers, firstProvider) : null,
    auditFile: audit.file === undefined ? null : resolve(folder, audit.file),
    auditWebhook: audit.webhook ?? null,
    operators: operators ? selectorOf(operators, firstProvider) : null,
    announcement: localisedOf(file.announcement),
    branding: brandingOf(file, folder, companions),
    mail: mail ?? null,
    fingerprint,
  }
}

function serverOf(file: FileConfig, { folder, companions }: CompileContext): ServerSettings {
  const { sessions, limits, listen, metrics } = file
  return {
    publicUrl: new URL(file.publicUrl),
    listen: { host: listen.host, port: Number(listen.port) },
    tls: companions.tls,
    metrics:
      metrics === false
        ? null
        : {
            host: metrics.host ?? defaultMetrics.host,
            port: Number(metrics.port ?? defaultMetrics.port),
          },
    trustedProxies: file.trustedProxies,
    store: storeOf(file.store, folder),
    sessions: {
      keys: sessions.keys.map((key) => Uint8Array.fromHex(key)),
      idleSeconds: secondsOf(sessions.idle),
      absoluteSeconds: secondsOf(sessions.absolute),
      recheckSeconds: secondsOf(sessions.recheck),
      attemptSeconds: secondsOf(sessions.attempt),
    },
    limits: {
      strangersPerMinute: limits.strangers,
      attemptsPerMinute: limits.attempts,
      openingsPerMinute: limits.openings,
    },
    drainSeconds: secondsOf(file.drain),
    logLevel: file.logLevel,
  }
}

/** `sqlite:///var/x.db` is how other programs write an absolute path. */
function storeOf(store: string, folder: string): string {
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/s.exec(store)?.[1]
  if (path === undefined || path === ':memory:') return store
  return `sqlite:${isAbsolute(path) ? path : resolve(folder, path)}`
}

function providerOf([key, provider]: readonly [
  string,
  FileConfig['identityProviders'][string],
]): readonly [string, IdentityProviderSettings] {
  const { name = key, authorizationParameters = {}, ...rest } = provider
  return [key, { ...rest, key, name, authorizationParameters }]
}

function linksOf(file: FileConfig): ReadonlyMap<string, NamedLink> {
  const slugs = slugsByIdIn(file)
  return new Map(
    Object.entries(file.links ?? {}).map(([name, { account, permissionSet, to, region }]) => [
      name,
      {
        name,
        target: { account: slugs.get(account) ?? account, permissionSet },
        to: to ?? null,
        region: region ?? null,
      },
    ]),
  )
}

function portalsOf(file: FileConfig): ReadonlyMap<string, PortalSettings> {
  const accounts = accountSelectorsOf(file)
  return new Map(
    Object.entries(file.portals ?? {}).map(([slug, portal]) => [
      slug,
      {
        slug,
        title: inBoth(portal.title),
        provider: portal.provider ?? null,
        accounts: accounts(portal.accounts),
        message: localisedOf(portal.message),
      },
    ]),
  )
}

function guestPassesOf(
  file: FileConfig,
  firstProvider: readonly string[],
): GuestPassSettings | null {
  const { guestPasses } = file
  if (!guestPasses) return null
  return {
    sponsors: selectorOf(guestPasses.sponsors, firstProvider),
    permissionSets: guestPasses.permissionSets,
    accounts: accountSelectorsOf(file)(guestPasses.accounts),
    longestSeconds: secondsOf(guestPasses.longest),
    linkAndPin: guestPasses.linkAndPin,
    terms: localisedOf(guestPasses.terms),
  }
}

function localisedOf(text: LocalisedInFile | undefined): LocalisedText | null {
  return text === undefined ? null : inBoth(text)
}

/** A language left out gets the other's text. */
function inBoth(text: LocalisedInFile): LocalisedText {
  if (typeof text === 'string') return { en: text, ja: text }
  const { en = text.ja ?? '', ja = en } = text
  return { en, ja }
}

function brandingOf(
  { branding }: FileConfig,
  folder: string,
  { hasLogo }: CompanionFiles,
): BrandingSettings {
  const { name, logo, accent, help, contact } = branding
  return {
    name,
    logoFile: logo !== undefined && hasLogo ? resolve(folder, logo) : null,
    accent: accent?.toLowerCase() ?? null,
    help: help ?? null,
    contact: contact ?? null,
  }
}
