/**
 * One Region's part of an opening: AssumeRole, then a sign-in token, both in that Region.
 * Owns: which durations are sent and what is learned from AWS's answers. Leaves to others: the next
 * Region, and what a visitor is told.
 */
import type { AwsFinding } from '#domain/aws-refusal.ts'
import type { AwsHosts } from '#domain/partition.ts'
import type { AwsSettings } from '#domain/settings.ts'
import type { ConsoleOpening } from '#ports'
import { setTimeout as pause } from 'node:timers/promises'
import { failureOf, ownFailure } from './aws-failure.ts'
import type { CredentialSource } from './credential-source.ts'
import type { Deadline } from './deadline.ts'
import type { DurationMemory } from './duration-memory.ts'
import { requestSigninToken, type RoleCredentials } from './federation-endpoint.ts'
import { assumeRoleAdjusting, roleArnOf, type AssumptionOutcome } from './role-assumption.ts'
import type { StsClients } from './sts-clients.ts'

export interface AwsCallMetrics {
  /** `outcome` is `ok` or a finding. */
  observe(
    call: 'assume-role' | 'signin-token',
    region: string,
    outcome: string,
    seconds: number,
  ): void
  /** Whether the federation endpoint took a SessionDuration with credentials of this source. */
  learned(source: string, verdict: 'accepted' | 'refused'): void
}

export interface ExchangeParts {
  readonly sts: StsClients
  readonly memory: DurationMemory
  readonly metrics: AwsCallMetrics
  /** `Sekisho/0.1.0` */
  readonly product: string
  readonly requestMilliseconds: number
}

export interface RegionalRequest {
  readonly opening: ConsoleOpening
  readonly settings: AwsSettings
  readonly source: CredentialSource
  readonly region: string
  readonly hosts: AwsHosts
  /** Of the two names that one Region's sign-in has, the one for token and login alike. */
  readonly signIn: URL
  readonly deadline: Deadline
}

export interface RegionalAnswer {
  readonly signinToken: string
  readonly accessKeyId: string
  /** SessionDuration where it was accepted, else the life of the credentials. */
  readonly sessionSeconds: number
  readonly notices: readonly string[]
  /** What was learned of SessionDuration just now. */
  readonly learned: 'accepted' | 'refused' | null
}

/** Rejects with an `AwsFailure`. */
export async function exchangeIn(
  parts: ExchangeParts,
  request: RegionalRequest,
): Promise<RegionalAnswer> {
  const { opening, settings, source } = request
  const plan = parts.memory.plan({
    mode: settings.consoleSessionDuration,
    source: source.key,
    roleArn: roleArnOf(opening),
    wantedSeconds: opening.wantedSeconds,
  })
  const assumed = await assume(parts, request, plan.credentialSeconds)
  const { credentials } = assumed
  const given = await signinToken(parts, request, credentials, plan.sessionDuration)
  const packed = assumed.packedPolicyPercent ?? 0
  return {
    signinToken: given.signinToken,
    accessKeyId: credentials.accessKeyId,
    sessionSeconds: given.sessionDuration ?? assumed.durationSeconds,
    notices: [
      ...assumed.adjustments.map(({ finding }) => adjustmentNotice(finding)),
      ...(given.isRefused
        ? ['session-duration-refused: the session ends with its credentials']
        : []),
      ...(packed >= 80 ? [`policies and tags fill ${packed}% of what AWS allows`] : []),
    ],
    learned: !given.isNews ? null : given.isRefused ? 'refused' : 'accepted',
  }
}

async function assume(
  parts: ExchangeParts,
  { opening, source, region, hosts, deadline }: RegionalRequest,
  credentialSeconds: number,
): Promise<AssumptionOutcome> {
  const { sts, memory } = parts
  const endpoint = { region, url: hosts.sts }
  const call = { openingId: opening.openingId, signal: deadline.signal }
  const outcome = await assumeRoleAdjusting(opening, credentialSeconds, (input) =>
    observed(parts, 'assume-role', region, () => sts.assumeRole(endpoint, input, call)),
  )
  for (const { finding } of outcome.adjustments) {
    if (finding === 'duration-over-role-maximum') memory.noteOverRoleMaximum(roleArnOf(opening))
    if (finding === 'duration-over-chaining-cap') memory.noteOverChainingCap(source.key)
  }
  memory.noteGiven(source.key, outcome.durationSeconds)
  return outcome
}

interface GivenToken {
  readonly signinToken: string
  readonly sessionDuration: number | null
  readonly isRefused: boolean
  readonly isNews: boolean
}

/** A 400 says no cause; with SessionDuration in it, that is the likeliest one, and worth one more try. */
async function signinToken(
  parts: ExchangeParts,
  request: RegionalRequest,
  credentials: RoleCredentials,
  sessionDuration: number | null,
): Promise<GivenToken> {
  const { settings, source } = request
  const ask = (seconds: number | null) => askOnceMore(parts, request, credentials, seconds)
  if (sessionDuration === null) {
    const token = await ask(null)
    return { signinToken: token, sessionDuration, isRefused: false, isNews: false }
  }
  try {
    const token = await ask(sessionDuration)
    const isNews = parts.memory.learn(source.key, true)
    return { signinToken: token, sessionDuration, isRefused: false, isNews }
  } catch (error) {
    const failure = failureOf(error)
    if (failure.finding !== 'federation-refused' || failure.status !== 400) throw failure
    if (settings.consoleSessionDuration === 'always') {
      throw ownFailure('session-duration-refused', 'aws-misconfigured', failure.awsMessage, {
        status: 400,
      })
    }
    const token = await ask(null)
    const isNews = parts.memory.learn(source.key, false)
    return { signinToken: token, sessionDuration: null, isRefused: true, isNews }
  }
}

/** One retry where it can help: a connection cut off, or a fault of AWS that was over at once. */
async function askOnceMore(
  parts: ExchangeParts,
  request: RegionalRequest,
  credentials: RoleCredentials,
  sessionDuration: number | null,
): Promise<string> {
  const { opening, settings, region, signIn, deadline } = request
  const ask = () =>
    observed(parts, 'signin-token', region, () =>
      requestSigninToken({
        signIn,
        method: settings.federationMethod,
        credentials,
        sessionDuration,
        userAgent: `${parts.product} opening/${opening.openingId}`,
        timeoutMilliseconds: Math.max(
          1,
          Math.min(parts.requestMilliseconds, deadline.remainingMilliseconds()),
        ),
      }),
    )
  try {
    return await ask()
  } catch (error) {
    const { finding } = failureOf(error)
    const canHelp = retryable.includes(finding) && deadline.remainingMilliseconds() > 500
    if (!canHelp) throw error
    // Spread out, so that those who failed together do not come again together.
    await pause(50 + Math.random() * 100)
    return ask()
  }
}

const retryable: readonly AwsFinding[] = ['unreachable', 'aws-fault', 'throttled']

async function observed<Answer>(
  { metrics }: ExchangeParts,
  call: 'assume-role' | 'signin-token',
  region: string,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const startedAt = performance.now()
  const note = (outcome: string) =>
    metrics.observe(call, region, outcome, (performance.now() - startedAt) / 1000)
  try {
    const answer = await run()
    note('ok')
    return answer
  } catch (error) {
    note(failureOf(error).finding)
    throw error
  }
}

function adjustmentNotice(finding: AwsFinding): string {
  return finding.startsWith('duration-')
    ? `${finding}: credentials for one hour instead`
    : `${finding}: opened without, as the permission set is lenient`
}
