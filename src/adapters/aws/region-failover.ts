/**
 * Home Region first; where it does not answer, the next one of the same partition, from the start:
 * credentials, token, login and console are all of one Region. A refusal is final: AWS answered.
 */
import type { Account } from '#domain/access-policy.ts'
import { destinationUrl } from '#domain/destination.ts'
import { hostsOf, isRegionOf, partitionOf, signInHostOf } from '#domain/partition.ts'
import type { AwsSettings } from '#domain/settings.ts'
import type { Clock, ConsoleOpening, OpenedConsole } from '#ports'
import { failureOf, ownFailure, type AwsFailure } from './aws-failure.ts'
import type { CredentialSource } from './credential-source.ts'
import { deadlineIn, type Deadline } from './deadline.ts'
import type { RegionCircuit } from './region-circuit.ts'
import { exchangeIn, type ExchangeParts, type RegionalAnswer } from './regional-exchange.ts'
import { signInUrl } from './sign-in-url.ts'

export interface FederationLog {
  info(details: object, message: string): void
  warn(details: object, message: string): void
}

export interface FailoverParts extends ExchangeParts {
  readonly circuit: RegionCircuit
  readonly clock: Clock
  readonly log: FederationLog
}

export interface FailoverRequest {
  readonly opening: ConsoleOpening
  readonly settings: AwsSettings
  readonly source: CredentialSource
  readonly deadline: Deadline
}

/** Less is not enough for two exchanges. */
const leastMilliseconds = 100

/** The account's own Region, the home Region, the failover Regions: those of the account's partition. */
export function signInRegions(account: Account, settings: AwsSettings): readonly string[] {
  const wished = [account.region ?? settings.region, settings.region, ...settings.failoverRegions]
  const own = wished.filter((region) => isRegionOf(account.partition, region))
  return own.length > 0 ? [...new Set(own)] : [homeRegion(account, settings)]
}

export function homeRegion(account: Account, settings: AwsSettings): string {
  const wished = [account.region ?? settings.region, settings.region]
  const own = wished.find((region) => isRegionOf(account.partition, region))
  return own ?? partitionOf(account.partition).defaultRegion
}

/** Rejects with the first Region's `AwsFailure`. */
export async function openSomewhere(
  parts: FailoverParts,
  request: FailoverRequest,
): Promise<OpenedConsole> {
  const { opening, settings, deadline } = request
  requireConsoleHost(request)
  const regions = parts.circuit.order(signInRegions(opening.account, settings))
  const failures = new Map<string, AwsFailure>()
  for (const [index, region] of regions.entries()) {
    const left = deadline.remainingMilliseconds()
    if (failures.size > 0 && left < leastMilliseconds) break
    using share = deadlineIn(left / (regions.length - index))
    try {
      return await openIn(parts, { ...request, deadline: share }, region, failures)
    } catch (error) {
      const failure = failureOf(error)
      noteFailure(parts, opening, region, failure)
      if (!failure.refusal.failsOver) throw failure
      failures.set(region, failure)
    }
  }
  const [first] = failures.values()
  throw first ?? ownFailure('timed-out', 'aws-unavailable', 'no time was left')
}

async function openIn(
  parts: FailoverParts,
  { opening, settings, source, deadline }: FailoverRequest,
  region: string,
  failures: ReadonlyMap<string, AwsFailure>,
): Promise<OpenedConsole> {
  const hosts = hostsOf(partitionOf(opening.account.partition), region, settings.endpoints)
  const signIn = signInHostOf(hosts, opening.signOutFirst)
  const answer = await exchangeIn(parts, {
    opening,
    settings,
    source,
    region,
    hosts,
    signIn,
    deadline,
  })
  if (parts.circuit.answered(region)) parts.log.info({ region }, 'an AWS Region answers again')
  if (answer.learned !== null) {
    const news = `SessionDuration ${answer.learned}`
    parts.log.info({ source: source.name, news }, 'learned of AWS')
    parts.metrics.learned(source.name, answer.learned)
  }

  const { signinToken } = answer
  const { signInPage, signOutFirst } = opening
  const destination = landingPage(opening, settings, region)
  const times = sessionTimes(opening, answer, parts.clock())
  return {
    signInUrl: signInUrl({ signIn, signinToken, destination, signInPage, signOutFirst }),
    accessKeyId: answer.accessKeyId,
    region,
    ...times,
    notices: [
      ...[...failures].map(([failed, { finding }]) => `${failed}: ${finding}`),
      ...(failures.size > 0 ? [`opened in ${region}`] : []),
      ...answer.notices,
      ...lengthNotices(opening, times.sessionSeconds),
    ],
  }
}

/** In the Region asked for, else in the one that answered: the others may be the reason why. */
function landingPage(opening: ConsoleOpening, settings: AwsSettings, answering: string): URL {
  const partition = partitionOf(opening.account.partition)
  const asked = opening.region
  const region = asked !== null && isRegionOf(partition.name, asked) ? asked : answering
  const { console } = hostsOf(partition, region, settings.endpoints)
  return destinationUrl(opening.destination, region, console ?? new URL(opening.destination))
}

/** Before anything is asked of AWS: no public source names the console of some partitions. */
function requireConsoleHost({ opening, settings }: FailoverRequest): void {
  const isKnown =
    partitionOf(opening.account.partition).consoleDomain !== null ||
    settings.endpoints.console !== null
  if (isKnown || !opening.destination.startsWith('/')) return
  const message = `set aws.endpoints.console for partition ${opening.account.partition}`
  throw ownFailure('console-host-unknown', 'aws-misconfigured', message)
}

/** By our own clock: AWS's Expiration is by another one. */
function sessionTimes(
  { deniedAfter }: ConsoleOpening,
  { sessionSeconds }: RegionalAnswer,
  now: Date,
): Pick<OpenedConsole, 'sessionSeconds' | 'endsAt'> {
  const endsAt = new Date(now.getTime() + sessionSeconds * 1000)
  if (deniedAfter === null || deniedAfter >= endsAt) return { sessionSeconds, endsAt }
  const leftSeconds = Math.round((deniedAfter.getTime() - now.getTime()) / 1000)
  return { sessionSeconds: Math.max(0, leftSeconds), endsAt: deniedAfter }
}

/** A minute less is the time that the exchange took. */
function lengthNotices({ wantedSeconds }: ConsoleOpening, sessionSeconds: number): string[] {
  return sessionSeconds < wantedSeconds - 60
    ? [`the session lasts ${sessionSeconds} s; ${wantedSeconds} s were wanted`]
    : []
}

function noteFailure(
  { circuit, log }: FailoverParts,
  { openingId }: ConsoleOpening,
  region: string,
  failure: AwsFailure,
): void {
  const { finding, status } = failure
  const isDown = failure.refusal.failsOver && finding !== 'throttled'
  if (isDown && circuit.failed(region, finding)) {
    log.warn({ region, finding, status, openingId }, 'an AWS Region failed')
  }
  if (!isDown) circuit.answered(region)
}
