/**
 * The port `ConsoleFederation` on AWS: home Region first, the next where it does not answer.
 * Owns: Regions, deadlines, and that nothing but a `Problem` leaves. Leaves to others: one Region's
 * exchange (regional-exchange.ts), the words of the failure (opening-problem.ts).
 */
import { callerArnIn, type AwsFinding } from '#domain/aws-refusal.ts'
import { hostsOf, partitionOf } from '#domain/partition.ts'
import { Problem } from '#domain/problem.ts'
import type { AwsSettings } from '#domain/settings.ts'
import type { Clock, ConsoleFederation, ConsoleOpening } from '#ports'
import { failureOf, type AwsFailure } from './aws-failure.ts'
import type { CredentialSource } from './credential-source.ts'
import { deadlineIn, type Deadline } from './deadline.ts'
import { DurationMemory, type SessionDurationVerdict } from './duration-memory.ts'
import { openingProblem } from './opening-problem.ts'
import { RegionCircuit } from './region-circuit.ts'
import {
  homeRegion,
  openSomewhere,
  type FailoverParts,
  type FederationLog,
} from './region-failover.ts'
import type { AwsCallMetrics } from './regional-exchange.ts'
import { roleArnOf } from './role-assumption.ts'
import { createStsClients, type BrokerCredentials, type StsClients } from './sts-clients.ts'

export interface FederationTimeouts {
  readonly connectMilliseconds: number
  /** One request, its answer included. */
  readonly requestMilliseconds: number
  /** One opening through all Regions: less than the 15 s that a visitor waits at most. */
  readonly openingMilliseconds: number
  /** How long a Region that failed is tried last. */
  readonly regionRestSeconds: number
}

export interface ConsoleFederationOptions {
  /** Read at each opening, since the config may change meanwhile. */
  readonly settings: () => AwsSettings
  readonly clock: Clock
  /** Name and version for the User-Agent: `Sekisho/0.1.0`. */
  readonly product: string
  /** The SDK's default chain where absent. */
  readonly credentials?: BrokerCredentials
  readonly log: FederationLog
  readonly metrics?: AwsCallMetrics
  readonly timeouts?: Partial<FederationTimeouts>
}

export const defaultTimeouts: FederationTimeouts = {
  connectMilliseconds: 2_000,
  requestMilliseconds: 5_000,
  openingMilliseconds: 12_000,
  regionRestSeconds: 30,
}

/** At most this part of an opening is spent on finding the broker's own credentials. */
const credentialShare = 0.4

const noMetrics: AwsCallMetrics = { observe: () => undefined, learned: () => undefined }

/** Where the message does not name the broker, and asking who it is can still be answered. */
const withoutCaller: readonly AwsFinding[] = [
  'broker-credentials-missing',
  'broker-credentials-expired',
  'broker-credentials-unknown',
  'clock-skew',
  'signature-mismatch',
]

export function createConsoleFederation(
  options: ConsoleFederationOptions,
): ConsoleFederation & { close(): void } {
  const { clock, log, product } = options
  const timeouts = { ...defaultTimeouts, ...options.timeouts }
  const { connectMilliseconds, requestMilliseconds } = timeouts
  const { credentials } = options
  const sts = createStsClients({
    product,
    connectMilliseconds,
    requestMilliseconds,
    ...(credentials ? { credentials } : {}),
  })
  const parts: FailoverParts = {
    sts,
    memory: new DurationMemory(clock),
    circuit: new RegionCircuit(clock, timeouts.regionRestSeconds),
    metrics: options.metrics ?? noMetrics,
    log,
    clock,
    product,
    requestMilliseconds,
  }
  /** Of the latest opening: what is learned of credentials is kept by their source. */
  let source: CredentialSource | null = null

  return {
    async openConsole(opening) {
      const settings = options.settings()
      using deadline = deadlineIn(timeouts.openingMilliseconds)
      try {
        source = await credentialSource(sts, opening, settings, deadline)
        return await openSomewhere(parts, { opening, settings, source, deadline })
      } catch (error) {
        if (error instanceof Problem) throw error
        const failure = failureOf(error)
        const ownArn = await callerArn(sts, failure, opening, settings, deadline)
        throw openingProblem(failure, opening, ownArn)
      }
    },

    longestSeconds(account, permissionSet) {
      return parts.memory.longestSeconds({
        mode: options.settings().consoleSessionDuration,
        source: source?.key ?? null,
        roleArn: roleArnOf({ account, permissionSet }),
        wantedSeconds: permissionSet.consoleSeconds,
      })
    },

    findings() {
      const mode = options.settings().consoleSessionDuration
      const verdict = parts.memory.verdict(source?.key ?? null)
      return {
        credentialSource: source?.name ?? 'not asked yet',
        sessionDuration: mode === 'auto' ? verdictInWords[verdict] : `${mode}, by the config`,
        ...parts.circuit.findings(),
      }
    },

    close: () => sts.close(),
  }
}

const verdictInWords = {
  accepted: 'accepted',
  refused: 'refused (chained credentials?): one hour at most',
  unknown: 'unknown',
} as const satisfies Record<SessionDurationVerdict, string>

async function credentialSource(
  sts: StsClients,
  { account }: ConsoleOpening,
  settings: AwsSettings,
  deadline: Deadline,
): Promise<CredentialSource> {
  using share = deadlineIn(deadline.remainingMilliseconds() * credentialShare)
  return await sts.credentialSource(homeRegion(account, settings), share.signal)
}

/** For the trust policy to paste; null where nobody can say. Never makes a failure worse. */
async function callerArn(
  sts: StsClients,
  { refusal, finding, awsMessage }: AwsFailure,
  { account }: ConsoleOpening,
  settings: AwsSettings,
  deadline: Deadline,
): Promise<string | null> {
  const isForOperators =
    refusal.problem === 'aws-refused' || refusal.problem === 'aws-misconfigured'
  if (!isForOperators || withoutCaller.includes(finding)) return null
  if (callerArnIn(awsMessage) !== null) return null
  const region = homeRegion(account, settings)
  const url = hostsOf(partitionOf(account.partition), region, settings.endpoints).sts
  using share = deadlineIn(Math.min(2_000, deadline.remainingMilliseconds()))
  return await sts.callerArn({ region, url }, share.signal).catch(() => null)
}
