/** What may sign for the double's STS. Several may stand side by side. */
export interface CallerCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Given for temporary credentials; the request must then carry exactly this one. */
  readonly sessionToken?: string
  /** A user's ARN, or an assumed role's: `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`. */
  readonly arn: string
  /** Whether AssumeRole by these credentials counts as role chaining (one hour at most). */
  readonly chained: boolean
  /** Set where the caller's own session carries one: it cannot be changed further on. */
  readonly sourceIdentity?: string
  /** The caller's identity policy; all true unless said. `false` plays an explicit deny. */
  readonly allowed?: IdentityPolicy
  readonly expiresAt?: Date
}

export interface IdentityPolicy {
  readonly assumeRole?: boolean
  readonly setSourceIdentity?: boolean
  readonly tagSession?: boolean
}

export interface DoubleRole {
  /** With its path: `arn:aws:iam::111122223333:role/sekisho/AdministratorAccess`. */
  readonly arn: string
  /** The role's MaxSessionDuration; 3600 unless said. */
  readonly maxSessionSeconds?: number
  readonly trust: RoleTrust
  /** Regions in which the role's account has STS switched off. */
  readonly regionsDisabled?: readonly string[]
}

export interface RoleTrust {
  /** ARNs of users, roles or role sessions, twelve-digit accounts, `…:root` ARNs, or `*`. */
  readonly principals: readonly string[]
  readonly externalId?: string
  /** Whether the trust policy allows, or demands, sts:SetSourceIdentity; refused unless said. */
  readonly sourceIdentity?: 'refused' | 'allowed' | 'required'
  /** Whether the trust policy allows sts:TagSession; false unless said. */
  readonly tagSession?: boolean
  /** Tag keys without which the trust policy refuses (a condition on aws:RequestTag). */
  readonly requiredTags?: readonly string[]
}

export interface AwsDoubleOptions {
  /** The double's only clock: signatures, expiry, `Date` headers. The system's unless given. */
  readonly clock?: () => Date
  /** `aws` unless said; decides which real console domain is accepted as a destination. */
  readonly partition?: string
  readonly callers: readonly CallerCredentials[]
  readonly roles: readonly DoubleRole[]
  /** Ports on 127.0.0.1; 0, the default, takes any free one. */
  readonly ports?: { readonly sts?: number; readonly signIn?: number; readonly console?: number }
  /**
   * The address to listen on, 127.0.0.1 unless said. In a container with published ports it has to
   * be 0.0.0.0; the URLs go on naming 127.0.0.1, where the browser finds them.
   */
  readonly bindAddress?: string
  /** Whether a sign-in token works once only. AWS does not say; false unless set. */
  readonly singleUseTokens?: boolean
  /** Whether browsers have opted in to several console sessions; true unless set to false. */
  readonly multiSession?: boolean
  /** Account aliases by account id, for the pretend console. */
  readonly accountAliases?: Readonly<Record<string, string>>
  /** How many requests and sessions are kept, newest last; 10,000 unless said. */
  readonly recordLimit?: number
}
