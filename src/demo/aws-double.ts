import { consoleDouble } from './aws/console-double.ts'
import { ConsoleSessions } from './aws/console-sessions.ts'
import { FaultPlan } from './aws/double-faults.ts'
import type { DoubleFaults, FaultTarget } from './aws/double-faults.ts'
import { openListener } from './aws/double-listener.ts'
import type { DoubleListener, RecordedRequest, Surroundings } from './aws/double-listener.ts'
import type { AwsDoubleOptions, DoubleRole } from './aws/double-options.ts'
import { federationDouble } from './aws/federation-double.ts'
import { RequestCounter } from './aws/request-counter.ts'
import { parseArn } from './aws/role-arn.ts'
import { RoleSessions } from './aws/role-sessions.ts'
import type { AssumedSession, RoleSession } from './aws/role-sessions.ts'
import { SigninTokens } from './aws/signin-tokens.ts'
import { stsDouble } from './aws/sts-double.ts'

export type {
  AwsDoubleOptions,
  CallerCredentials,
  DoubleRole,
  IdentityPolicy,
  RoleTrust,
} from './aws/double-options.ts'
export type { DoubleFaults, Fault, FaultTarget } from './aws/double-faults.ts'
export type { RecordedRequest } from './aws/double-listener.ts'
export type { AssumedSession } from './aws/role-sessions.ts'

export interface AwsDouble {
  /** Origins without a trailing slash. `${stsUrl}/us-west-2` is the same service in that Region. */
  readonly stsUrl: string
  readonly signInUrl: string
  readonly consoleUrl: string
  /** Every request to any of the three, oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** Every session that AssumeRole gave out, oldest first. */
  readonly sessions: readonly AssumedSession[]
  readonly faults: DoubleFaults
  /** Resolves as soon as this service has been asked so many times, counted from the start. */
  asked(at: FaultTarget, times: number): Promise<void>
  /** Ends a service as a crash would: requests under way are cut off, connections refused. */
  kill(target: FaultTarget): Promise<void>
  /** Closes the servers and cuts off requests that hang. */
  stop(): Promise<void>
}

/**
 * A stand-in for the part of AWS that a console broker talks to: STS, the federation endpoint, its
 * login page, and a console to arrive at. docs/aws-double.md says how far each can be trusted.
 *
 * @throws {Error} when a role's ARN is none, or a port is taken
 */
export async function startAwsDouble(options: AwsDoubleOptions): Promise<AwsDouble> {
  const { clock = () => new Date(), recordLimit: limit = 10_000 } = options
  const roles = rolesByArn(options.roles)
  const requests: RecordedRequest[] = []
  const sessions: AssumedSession[] = []
  const faults = new FaultPlan()
  const counter = new RequestCounter()

  await using opening = new AsyncDisposableStack()
  const open = async (port = 0): Promise<DoubleListener> =>
    opening.adopt(await openListener(port, options.bindAddress ?? '127.0.0.1'), closeListener)
  const sts = await open(options.ports?.sts)
  const signIn = await open(options.ports?.signIn)
  const console = await open(options.ports?.console)

  const surroundings: Surroundings = {
    clock,
    faults,
    record: (request) => {
      keep(requests, request, limit)
      counter.count(request.at)
    },
  }
  const roleSessions = new RoleSessions(options.callers, limit)
  const consoleSessions = new ConsoleSessions({ multiSession: options.multiSession ?? true, limit })
  const stsSite = stsDouble({
    clock,
    roles,
    sessions: roleSessions,
    onAssumed: (session) => keep(sessions, withoutSecrets(session), limit),
  })
  const signInSite = federationDouble({
    clock,
    partition: options.partition ?? 'aws',
    signInOrigin: signIn.origin,
    consoleOrigin: console.origin,
    sessions: roleSessions,
    tokens: new SigninTokens({ limit, singleUse: options.singleUseTokens ?? false }),
    consoleSessions,
  })
  const consoleSite = consoleDouble({
    clock,
    signInOrigin: signIn.origin,
    accountAliases: options.accountAliases ?? {},
    consoleSessions,
  })
  sts.serve(stsSite, surroundings)
  signIn.serve(signInSite, surroundings)
  console.serve(consoleSite, surroundings)

  const running = opening.move()
  return {
    stsUrl: sts.origin,
    signInUrl: signIn.origin,
    consoleUrl: console.origin,
    requests,
    sessions,
    faults,
    asked: (at, times) => counter.reached(at, times),
    kill: (target) => (target === 'sts' ? sts : signIn).close(),
    stop: () => running.disposeAsync(),
  }
}

function closeListener(listener: DoubleListener): Promise<void> {
  return listener.close()
}

function rolesByArn(roles: readonly DoubleRole[]): ReadonlyMap<string, DoubleRole> {
  for (const { arn } of roles) {
    const parts = parseArn(arn)
    if (parts?.service === 'iam' && /^role\/.+[^/]$/.test(parts.resource)) continue
    throw new Error(`The AWS double was given a role whose ARN is none: ${arn}`)
  }
  return new Map(roles.map((role) => [role.arn, role]))
}

/** What tests and pages may see: not even the double's own record holds a secret of a session. */
function withoutSecrets(session: RoleSession): AssumedSession {
  const {
    arn: _arn,
    secretAccessKey: _key,
    sessionToken: _token,
    chained: _chained,
    ...shown
  } = session
  return shown
}

/** A demo may run for weeks: the oldest go when there are too many. */
function keep<Item>(items: Item[], item: Item, limit: number): void {
  items.push(item)
  if (items.length > limit) items.splice(0, items.length - limit)
}
