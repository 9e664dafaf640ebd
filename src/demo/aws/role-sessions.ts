import { randomBytes } from 'node:crypto'

import type { CallerCredentials, IdentityPolicy } from './double-options.ts'
import { alphanumeric, assumedRoleArn } from './role-arn.ts'

/** What AssumeRole gave out, without its secrets. */
export interface AssumedSession {
  readonly roleArn: string
  readonly sessionName: string
  readonly sourceIdentity?: string
  /** Those of the request and those inherited from the calling session. */
  readonly tags: Readonly<Record<string, string>>
  readonly transitiveTagKeys: readonly string[]
  readonly durationSeconds: number
  /** The inline session policy, as sent. */
  readonly policy?: string
  readonly policyArns: readonly string[]
  readonly accessKeyId: string
  readonly expiresAt: Date
}

/** A session with the secrets that prove it. */
export interface RoleSession extends AssumedSession {
  /** `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION` */
  readonly arn: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** Its caller was chained, so the federation endpoint takes no SessionDuration with it. */
  readonly chained: boolean
}

/** Whoever may sign for STS, whether named in the options or let in by AssumeRole itself. */
export interface Signer {
  readonly arn: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly chained: boolean
  readonly sourceIdentity?: string
  /** Tags that stick to every further session. */
  readonly transitiveTags: Readonly<Record<string, string>>
  readonly allowed: Required<IdentityPolicy>
  readonly expiresAt?: Date
}

type NewSession = Omit<AssumedSession, 'accessKeyId' | 'expiresAt'> & { readonly chained: boolean }

const allAllowed = { assumeRole: true, setSourceIdentity: true, tagSession: true }

/** The credentials STS knows: those it was told of, and those it gave out. */
export class RoleSessions {
  readonly #callers: ReadonlyMap<string, Signer>
  readonly #issued = new Map<string, RoleSession>()
  readonly #limit: number

  constructor(callers: readonly CallerCredentials[], limit: number) {
    this.#callers = new Map(callers.map((caller) => [caller.accessKeyId, signerOf(caller)]))
    this.#limit = limit
  }

  signer(accessKeyId: string): Signer | null {
    const session = this.#issued.get(accessKeyId)
    return session ? signerOfSession(session) : (this.#callers.get(accessKeyId) ?? null)
  }

  issuedAs(accessKeyId: string): RoleSession | null {
    return this.#issued.get(accessKeyId) ?? null
  }

  issue(session: NewSession, now: Date): RoleSession {
    const issued = {
      ...session,
      arn: assumedRoleArn(session.roleArn, session.sessionName),
      accessKeyId: `ASIA${alphanumeric(randomBytes(16))}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      // AWS promises no size; most are under 4096 characters.
      sessionToken: randomBytes(576).toString('base64'),
      expiresAt: wholeSeconds(now.getTime() + session.durationSeconds * 1000),
    }
    this.#issued.set(issued.accessKeyId, issued)
    this.#forgetOldest()
    return issued
  }

  #forgetOldest(): void {
    for (const accessKeyId of this.#issued.keys()) {
      if (this.#issued.size <= this.#limit) return
      this.#issued.delete(accessKeyId)
    }
  }
}

/** STS tells whole seconds, and so whatever it starts ends on one. */
export function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000)
}

function signerOf({ allowed, ...caller }: CallerCredentials): Signer {
  return { ...caller, transitiveTags: {}, allowed: { ...allAllowed, ...allowed } }
}

/** A role session that assumes another role is what AWS calls role chaining. */
function signerOfSession(session: RoleSession): Signer {
  const sticky = Object.entries(session.tags).filter(([key]) =>
    session.transitiveTagKeys.includes(key),
  )
  return {
    ...session,
    chained: true,
    transitiveTags: Object.fromEntries(sticky),
    allowed: allAllowed,
  }
}
