/** The config file, parsed and compiled: nothing is optional here that has a default. */
import type { AccessRequest } from './access.ts'
import type { AccessPolicy, PrincipalSelector } from './access-policy.ts'
import type { EndpointOverrides } from './partition.ts'

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

export interface IdentityProviderSettings {
  readonly key: string
  readonly name: string
  /** Compared byte for byte with the discovered one (OIDC Discovery 1.0, section 4.3). */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
  readonly groupsClaim: string
  readonly claimsFrom: 'id_token' | 'userinfo'
  readonly clientAuthentication: 'client_secret_basic' | 'client_secret_post'
  readonly signingAlgorithms: readonly string[]
  /** Sent with the authorization request, such as `{ domain_hint: example.com }`. */
  readonly authorizationParameters: Readonly<Record<string, string>>
}

export interface SessionSettings {
  /** 32 random bytes each, newest first. */
  readonly keys: readonly Uint8Array[]
  readonly idleSeconds: number
  readonly absoluteSeconds: number
  readonly recheckSeconds: number
  readonly attemptSeconds: number
}

export interface AwsSettings {
  readonly region: string
  readonly failoverRegions: readonly string[]
  readonly consoleSessionDuration: 'auto' | 'always' | 'never'
  readonly endpoints: EndpointOverrides
  /** GET only for partitions known not to take POST: it writes credentials into a URL. */
  readonly federationMethod: 'POST' | 'GET'
}

export interface LocalisedText {
  readonly en: string
  readonly ja: string
}

export interface NamedLink {
  readonly name: string
  readonly target: AccessRequest
  readonly to: string | null
  readonly region: string | null
}

export interface PortalSettings {
  readonly slug: string
  readonly title: LocalisedText
  /** Null: any provider. */
  readonly provider: string | null
  /** Account selectors as in assignments. */
  readonly accounts: readonly string[]
  readonly message: LocalisedText | null
}

export interface GuestPassSettings {
  readonly sponsors: PrincipalSelector
  readonly permissionSets: readonly string[]
  /** Account selectors as in assignments. */
  readonly accounts: readonly string[]
  readonly longestSeconds: number
  readonly linkAndPin: boolean
  readonly terms: LocalisedText | null
}

export interface BrandingSettings {
  readonly name: string
  /** Absolute path of a file; null: Sekisho's own mark. */
  readonly logoFile: string | null
  /** `#rrggbb`. */
  readonly accent: string | null
  readonly help: string | null
  readonly contact: string | null
}

/** Requests a minute, counted by each replica for itself. */
export interface RequestLimits {
  /** By address (IPv6 by /64), for whoever is not signed in. */
  readonly strangersPerMinute: number
  /** By address: logout tokens and tries at guest passes. */
  readonly attemptsPerMinute: number
  /** By person. */
  readonly openingsPerMinute: number
}

export interface ServerSettings {
  /** The only source of our own origin; never a request header. */
  readonly publicUrl: URL
  readonly listen: ListenAddress
  readonly tls: { readonly cert: string; readonly key: string } | null
  readonly metrics: ListenAddress | null
  readonly trustedProxies: readonly string[]
  /** `sqlite:` with an absolute path, or `postgres://…`. */
  readonly store: string
  readonly sessions: SessionSettings
  readonly limits: RequestLimits
  /** How long visitors are still served after SIGTERM, while readiness says no; may be 0. */
  readonly drainSeconds: number
  readonly logLevel: string
}

export interface Settings {
  readonly server: ServerSettings
  /** In the order of the file: the first is the company's own. */
  readonly identityProviders: ReadonlyMap<string, IdentityProviderSettings>
  readonly aws: AwsSettings
  readonly policy: AccessPolicy
  readonly links: ReadonlyMap<string, NamedLink>
  readonly portals: ReadonlyMap<string, PortalSettings>
  readonly guestPasses: GuestPassSettings | null
  /** Null: nobody. */
  readonly auditReaders: PrincipalSelector | null
  readonly auditFile: string | null
  readonly auditWebhook: string | null
  readonly operators: PrincipalSelector | null
  readonly announcement: LocalisedText | null
  readonly branding: BrandingSettings
  readonly mail: { readonly smtp: string; readonly from: string } | null
  /** Hex SHA-256 of the file: which policy a decision was taken by. */
  readonly fingerprint: string
}
