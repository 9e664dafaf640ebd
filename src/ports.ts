/** What the features need from the world outside. Adapters say how; contracts in test/ say what must hold. */
import type { AccessRequest } from './domain/access.ts'
import type { Account, PermissionSet } from './domain/access-policy.ts'
import type { AuditEvent, AuditRecord } from './domain/audit-event.ts'
import type { GuestPass } from './domain/guest-pass.ts'
import type { Principal } from './domain/principal.ts'
import type { OperatorNote } from './domain/problem.ts'
import type { Settings } from './domain/settings.ts'

export type Clock = () => Date

/** The config that is in force: a changed file is taken over while running. */
export interface RunningConfig {
  current(): Settings
}

/** Every storage port fails with a `Problem` of code `store-unavailable`, or `trail-unavailable`. */
export interface Storage {
  readonly sessions: BrowserSessions
  readonly trail: AuditTrail
  readonly onceOnly: OnceOnly
  readonly preferences: Preferences
  readonly passes: GuestPasses
  /** Resolves where the store answers; rejects within two seconds where it does not. */
  ping(): Promise<void>
  /** Expired rows go; called from time to time. Gives the number of rows removed. */
  prune(now: Date): Promise<number>
  close(): Promise<void>
}

/** One browser session as stored. `id` is hashed by the store; `data` is opaque JSON to it. */
export interface StoredSession {
  readonly data: string
  /** `principalKey`, to find all sessions of a person; null before a sign-in. */
  readonly principalKey: string | null
  /** The provider's `sid` (OIDC Back-Channel Logout 1.0, section 2.1), prefixed by provider key and a space. */
  readonly providerSession: string | null
  readonly expiresAt: Date
}

export interface BrowserSessions {
  /** Null where unknown, ended or expired. */
  read(id: string, now: Date): Promise<StoredSession | null>
  /** False where the id was ended before: a request in flight cannot undo a sign-out. */
  write(id: string, session: StoredSession, now: Date): Promise<boolean>
  /** Leaves a tombstone until the session would have expired. */
  end(id: string, now: Date): Promise<void>
  /** Gives the number of sessions ended. */
  endOfPrincipal(principalKey: string, now: Date): Promise<number>
  endOfProviderSession(providerSession: string, now: Date): Promise<number>
}

export interface AuditQuery {
  /** Case-insensitive part of the actor's name or key, or a whole request id, opening id, session name. */
  readonly text?: string
  readonly actorKey?: string
  /** Twelve digits or slug. */
  readonly account?: string
  readonly permissionSet?: string
  readonly type?: string
  readonly outcome?: string
  readonly from?: Date
  readonly until?: Date
  /** Records with a smaller sequence only: where the page before ended. */
  readonly before?: number
}

export interface AuditPage {
  /** Newest first. */
  readonly records: readonly AuditRecord[]
  /** `before` of the next page; null on the last. */
  readonly next: number | null
}

export type ChainVerdict =
  | { readonly outcome: 'intact'; readonly records: number; readonly lastHash: string }
  | {
      readonly outcome: 'broken'
      readonly sequence: number
      readonly problem: 'changed' | 'missing' | 'inserted'
    }

export interface AuditTrail {
  /** Durable when it resolves. Rejects with `trail-unavailable`. */
  record(event: AuditEvent): Promise<AuditRecord>
  search(query: AuditQuery, pageSize: number): Promise<AuditPage>
  /** Oldest first, in batches, whatever the size. */
  stream(query: AuditQuery): AsyncIterable<AuditRecord>
  /** Reads the whole chain, or what follows a record already verified. */
  verify(): Promise<ChainVerdict>
}

/** One-time things: consumed states of sign-ins, `jti` of logout tokens. */
export interface OnceOnly {
  /** True for exactly one caller per key, through all replicas, until `until`. */
  take(key: string, until: Date): Promise<boolean>
}

export interface RecentOpening extends AccessRequest {
  readonly openedAt: Date
  readonly endsAt: Date
  readonly times: number
}

export interface PersonPreferences {
  readonly favourites: readonly AccessRequest[]
  readonly hidden: readonly AccessRequest[]
  /** Latest first, one per role, at most 50. */
  readonly recents: readonly RecentOpening[]
  /** Small settings by name, such as `signOutFirst`: `true`. */
  readonly settings: ReadonlyMap<string, string>
}

export interface NotedOpening {
  readonly openedAt: Date
  readonly endsAt: Date
  /** The person was signed out of the console first: what they had open is over. */
  readonly endsOthers: boolean
}

export interface Preferences {
  of(principalKey: string): Promise<PersonPreferences>
  /** Only the settings: an opening needs no more. */
  settingsOf(principalKey: string): Promise<PersonPreferences['settings']>
  mark(
    principalKey: string,
    kind: 'favourite' | 'hidden',
    role: AccessRequest,
    on: boolean,
  ): Promise<void>
  set(principalKey: string, name: string, value: string): Promise<void>
  noteOpening(principalKey: string, role: AccessRequest, opening: NotedOpening): Promise<void>
}

export interface NewGuestPass extends Omit<
  GuestPass,
  'openingsUsed' | 'wrongPins' | 'termsAcceptedAt' | 'revokedAt' | 'sponsorSeenAt'
> {
  /** Hex SHA-256 of the token. */
  readonly tokenHash: string
  /** Salted hash of the PIN; null for kind `email`. */
  readonly pinHash: string | null
}

export type PassCursor = Pick<GuestPass, 'givenAt' | 'id'>

export interface PassPage {
  readonly passes: readonly GuestPass[]
  /** `after` of the next page; null on the last. */
  readonly next: PassCursor | null
}

export interface GuestPasses {
  give(pass: NewGuestPass): Promise<void>
  byId(id: string): Promise<GuestPass | null>
  byTokenHash(
    tokenHash: string,
  ): Promise<{ readonly pass: GuestPass; readonly pinHash: string | null } | null>
  /** Latest first; of one sponsor, or all; from where the page before ended. */
  list(sponsorKey: string | null, pageSize: number, after: PassCursor | null): Promise<PassPage>
  /** Passes whose time is up, or that were revoked, later than `from` and until `until`. */
  endingBetween(from: Date, until: Date): Promise<readonly GuestPass[]>
  /** Uses one opening up if one is left, the time is right and nobody revoked it: atomic. */
  takeOpening(id: string, now: Date): Promise<boolean>
  /** Gives an opening back, where AWS refused it. */
  returnOpening(id: string): Promise<void>
  /**
   * Counts a PIN as wrong and gives the new number. Atomic, and done before the PIN is looked at:
   * guesses sent at once cannot outrun the count.
   */
  countWrongPin(id: string): Promise<number>
  /** The PIN counted last was right after all. */
  forgivePin(id: string): Promise<void>
  acceptTerms(id: string, now: Date): Promise<void>
  /** False where it was revoked, locked or over meanwhile. */
  extend(id: string, to: Pick<GuestPass, 'until' | 'openings'>, now: Date): Promise<boolean>
  /** False where it was revoked before. */
  revoke(id: string, now: Date): Promise<boolean>
  /** The claims of a new sign-in, into all passes of this person that are not over. */
  refreshSponsor(sponsor: Principal, now: Date): Promise<void>
}

export interface ConsoleOpening {
  readonly openingId: string
  readonly account: Account
  readonly permissionSet: PermissionSet
  /** Legal for AWS: `roleSessionName(principal)`. */
  readonly roleSessionName: string
  readonly sourceIdentity: string | null
  readonly tags: ReadonlyMap<string, string>
  /** How long the console may stay open, in seconds; can be below AWS's 900. */
  readonly wantedSeconds: number
  /** Nothing is allowed after this instant, to the second; null: the session's own end will do. */
  readonly deniedAfter: Date | null
  /** A path (`/s3/home#x`) or an https URL that `readDestination` accepted. */
  readonly destination: string
  /** The Region the person, link, permission set or account asked for; null: the Region that answers. */
  readonly region: string | null
  /** AWS's `Issuer`: where people return whose console session ended. */
  readonly signInPage: URL
  /** Sign out of the console first, by the Region-prefixed logout chain. */
  readonly signOutFirst: boolean
}

export interface OpenedConsole {
  /** Bearer secret for 15 minutes: goes into the 303 and nowhere else. */
  readonly signInUrl: URL
  readonly accessKeyId: string
  readonly region: string
  /** What AWS gave, which can be less than wanted. */
  readonly sessionSeconds: number
  readonly endsAt: Date
  /** What an operator should know: clamped durations, attribution left out, Regions that failed. */
  readonly notices: readonly string[]
}

/** Rejects with a `Problem` of one of the `aws-…` codes; never with an error of the SDK. */
export interface ConsoleFederation {
  openConsole(opening: ConsoleOpening): Promise<OpenedConsole>
  /** Longest console session that this account can get now, as learned so far. */
  longestSeconds(account: Account, permissionSet: PermissionSet): number
  /** For `/readyz` details and operators: what was learned about credentials and Regions. */
  findings(): Readonly<Record<string, string>>
}

/** Explains a refusal to an operator. Filled by the AWS adapter, shown by the problem page. */
export type { OperatorNote }

/** What a sign-in attempt needs to remember, in an encrypted cookie, until the callback. */
export interface SignInTransaction {
  readonly provider: string
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly startedAt: Date
}

export interface VerifiedSignIn {
  readonly principal: Principal
  /** Kept encrypted, as `id_token_hint` of the sign-out. */
  readonly idToken: string
  readonly refreshToken: string | null
  readonly providerSession: string | null
}

export interface CallbackAnswer {
  readonly code: string
  /** RFC 9207; null where absent. */
  readonly issuer: string | null
}

/** One configured provider. Rejects with `Problem`s; never with an error that holds an exchange. */
export interface IdentityProvider {
  readonly key: string
  readonly name: string
  isReady(): boolean
  /** Rejects with `identity-provider-unavailable` while discovery has not succeeded. */
  authorizationUrl(transaction: SignInTransaction, prompt: 'none' | 'login' | null): Promise<URL>
  /** Issuer of RFC 9207, exchange, ID token, claims: in this order. */
  completeSignIn(transaction: SignInTransaction, answer: CallbackAnswer): Promise<VerifiedSignIn>
  /** Checks the `iss` of an answer, good or bad, before anything in it is believed (RFC 9207). */
  checkIssuer(issuer: string | null): void
  /** New claims by refresh token. Rejects with `sign-in-refused` where the provider says no. */
  refresh(refreshToken: string, subject: string): Promise<VerifiedSignIn>
  /** RP-initiated logout; null where the provider has no end-session endpoint. */
  signOutUrl(idToken: string | null, returnTo: URL): URL | null
  /** OIDC Back-Channel Logout 1.0, section 2.6. Rejects with `sign-in-failed`. */
  verifyLogoutToken(token: string): Promise<{
    readonly subject: string | null
    readonly providerSession: string | null
    readonly tokenId: string
  }>
}

export interface IdentityProviders {
  /** In the order of the config. */
  readonly all: readonly IdentityProvider[]
  byKey(key: string): IdentityProvider | null
  close(): Promise<void>
}

/** Optional: sends invitations and reminders. */
export interface Mailer {
  send(message: {
    readonly to: string
    readonly subject: string
    readonly text: string
  }): Promise<void>
  close(): void
}
