import type { AwsSettings } from '#domain/settings.ts'
import { longestSessionSeconds, shortestSessionSeconds } from '#domain/console-duration.ts'
import type { Clock } from '#ports'

export interface DurationQuestion {
  readonly mode: AwsSettings['consoleSessionDuration']
  /** Where the broker's credentials come from; null: not known yet. */
  readonly source: string | null
  readonly roleArn: string
  readonly wantedSeconds: number
}

export interface DurationPlan {
  /** AssumeRole's DurationSeconds. */
  readonly credentialSeconds: number
  /** The federation endpoint's SessionDuration; null: not sent, the credentials' end is the session's. */
  readonly sessionDuration: number | null
}

export type SessionDurationVerdict = 'accepted' | 'refused' | 'unknown'

const oneHour = 3600

/**
 * What AWS let through. Whether credentials are chained cannot be seen in them, so that it is tried:
 * role chaining allows one hour and no SessionDuration (IAM User Guide, "Enable custom identity
 * broker access to the AWS console"). What was refused is tried again after an hour: roles are
 * changed, and the federation endpoint has refused good requests.
 */
export class DurationMemory {
  readonly #clock: Clock
  readonly #verdicts = new Map<string, { readonly accepted: boolean; readonly learnedAt: Date }>()
  /** By credential source: whether more than an hour is refused for chaining. */
  readonly #chained = new Map<string, { readonly isChained: boolean; readonly learnedAt: Date }>()
  /** By role: when more than an hour was found to be over its maximum. */
  readonly #oneHourRoles = new Map<string, Date>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  plan(question: DurationQuestion): DurationPlan {
    const wantedSeconds = between(
      shortestSessionSeconds,
      question.wantedSeconds,
      longestSessionSeconds,
    )
    // The console session may outlive the credentials, so that an hour of them is enough.
    return this.#sendsSessionDuration(question)
      ? { credentialSeconds: Math.min(wantedSeconds, oneHour), sessionDuration: wantedSeconds }
      : { credentialSeconds: this.#clamped(question, wantedSeconds), sessionDuration: null }
  }

  /** What `wantedSeconds` comes to, as far as is known. */
  longestSeconds(question: DurationQuestion): number {
    const { source, wantedSeconds, mode } = question
    if (this.#sendsSessionDuration(question)) return wantedSeconds
    const refused = mode !== 'never' && this.verdict(source) === 'refused'
    const isProvenUnchained = source !== null && this.#chained.get(source)?.isChained === false
    const presumed =
      refused && !isProvenUnchained ? Math.min(wantedSeconds, oneHour) : wantedSeconds
    return this.#clamped(question, presumed)
  }

  verdict(source: string | null): SessionDurationVerdict {
    const known = source === null ? undefined : this.#verdicts.get(source)
    if (!known || (!known.accepted && this.#isOld(known.learnedAt))) return 'unknown'
    return known.accepted ? 'accepted' : 'refused'
  }

  /** True where this is news. One refusal after good answers counts as none: it may be a whim. */
  learn(source: string, accepted: boolean): boolean {
    const before = this.verdict(source)
    if (!accepted && before === 'accepted') return this.#verdicts.delete(source)
    this.#verdicts.set(source, { accepted, learnedAt: this.#clock() })
    return before !== (accepted ? 'accepted' : 'refused')
  }

  noteOverRoleMaximum(roleArn: string): void {
    this.#oneHourRoles.set(roleArn, this.#clock())
  }

  noteOverChainingCap(source: string): void {
    this.#chained.set(source, { isChained: true, learnedAt: this.#clock() })
  }

  noteGiven(source: string, credentialSeconds: number): void {
    if (credentialSeconds <= oneHour) return
    this.#chained.set(source, { isChained: false, learnedAt: this.#clock() })
  }

  #sendsSessionDuration({ mode, source }: DurationQuestion): boolean {
    return mode === 'always' || (mode === 'auto' && this.verdict(source) !== 'refused')
  }

  #clamped({ source, roleArn }: DurationQuestion, seconds: number): number {
    const chained = source === null ? undefined : this.#chained.get(source)
    const isChained = chained?.isChained === true && !this.#isOld(chained.learnedAt)
    const roleLearnedAt = this.#oneHourRoles.get(roleArn)
    const isOneHourRole = roleLearnedAt !== undefined && !this.#isOld(roleLearnedAt)
    return isChained || isOneHourRole ? Math.min(seconds, oneHour) : seconds
  }

  #isOld(learnedAt: Date): boolean {
    return this.#clock().getTime() - learnedAt.getTime() > oneHour * 1000
  }
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(least, value), most)
}
