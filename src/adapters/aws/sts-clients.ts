/**
 * STS, one shared client per Region's endpoint. Owns: time-outs, retries, sizes and the User-Agent.
 * Leaves to others: what a refusal means, and whether another Region is tried.
 */
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
  type AssumeRoleCommandInput,
  type STSClientConfig,
} from '@aws-sdk/client-sts'

import { failureOf, ownFailure } from './aws-failure.ts'
import { capAnswers } from './answer-cap.ts'
import { credentialSourceOf, type CredentialSource } from './credential-source.ts'
import type { RoleCredentials } from './federation-endpoint.ts'

export type BrokerCredentials = NonNullable<STSClientConfig['credentials']>

export interface StsEndpoint {
  readonly region: string
  readonly url: URL
}

export interface StsCallOptions {
  readonly openingId: string
  readonly signal: AbortSignal
}

export interface AssumedRole {
  readonly credentials: RoleCredentials
  /** Percent of what policies and tags may take together; null where none were sent. */
  readonly packedPolicyPercent: number | null
}

export interface StsClientsOptions {
  /** `Sekisho/0.1.0` */
  readonly product: string
  /** The SDK's default chain where absent. */
  readonly credentials?: BrokerCredentials
  readonly connectMilliseconds: number
  readonly requestMilliseconds: number
}

/** Rejects with `AwsFailure`s only. */
export interface StsClients {
  assumeRole(
    endpoint: StsEndpoint,
    input: AssumeRoleCommandInput,
    options: StsCallOptions,
  ): Promise<AssumedRole>
  /** The broker's own ARN, asked once per set of credentials. */
  callerArn(endpoint: StsEndpoint, signal: AbortSignal): Promise<string>
  /** Rejects with `broker-credentials-missing`, or with what their provider ran into. */
  credentialSource(region: string, signal: AbortSignal): Promise<CredentialSource>
  close(): void
}

export function createStsClients(options: StsClientsOptions): StsClients {
  const clients = new Map<string, STSClient>()
  const callerArns = new Map<string, string>()
  let home: STSClient | null = null

  const newClient = (config: STSClientConfig): STSClient => {
    const client = new STSClient({ ...limitsOf(options), ...config })
    capAnswers(client)
    return client
  }
  /** One client finds the credentials for all, so that there is one cache and one renewal. */
  const credentialsOf = (region: string) => {
    const { credentials } = options
    home ??= newClient({ region, ...(credentials ? { credentials } : {}) })
    return home.config.credentials
  }
  const clientAt = ({ region, url }: StsEndpoint): STSClient => {
    const key = `${region} ${url.href}`
    const client =
      clients.get(key) ??
      newClient({ region, endpoint: url.href, credentials: credentialsOf(region) })
    clients.set(key, client)
    return client
  }

  return {
    async assumeRole(endpoint, input, call) {
      const client = clientAt(endpoint)
      const answer = await oncePerClock(() =>
        answered(
          client.send(assumeRoleCommand(input, call.openingId), { abortSignal: call.signal }),
          call.signal,
        ),
      )
      return {
        credentials: roleCredentials(answer.Credentials),
        packedPolicyPercent: answer.PackedPolicySize ?? null,
      }
    },

    async callerArn(endpoint, signal) {
      const { key } = await this.credentialSource(endpoint.region, signal)
      const known = callerArns.get(key)
      if (known !== undefined) return known
      const command = new GetCallerIdentityCommand()
      const { Arn: arn } = await answered(
        clientAt(endpoint).send(command, { abortSignal: signal }),
        signal,
      )
      if (arn === undefined) throw unreadable()
      callerArns.set(key, arn)
      return arn
    },

    async credentialSource(region, signal) {
      try {
        return credentialSourceOf(await answered(credentialsOf(region)(), signal))
      } catch (error) {
        const { message, refusal } = failureOf(error)
        const isOutage = refusal.problem === 'aws-unavailable' && signal.aborted
        throw isOutage
          ? ownFailure(
              'timed-out',
              'aws-unavailable',
              "the broker's credentials did not come in time",
            )
          : ownFailure('broker-credentials-missing', 'aws-misconfigured', message)
      }
    },

    close() {
      home?.destroy()
      for (const client of clients.values()) client.destroy()
    },
  }
}

/** The SDK has no time-outs of its own, and three attempts. */
function limitsOf({
  product,
  connectMilliseconds,
  requestMilliseconds,
}: StsClientsOptions): STSClientConfig {
  const [name = product, version] = product.split('/')
  // As many sockets as there may be openings at once: the SDK's 50 would make people queue.
  const agent = { keepAlive: true, maxSockets: 1000 }
  return {
    maxAttempts: 2,
    retryMode: 'standard',
    customUserAgent: [[name, version ?? '']],
    requestHandler: {
      connectionTimeout: connectMilliseconds,
      requestTimeout: requestMilliseconds,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  }
}

/** With the opening's id in CloudTrail's `userAgent`: it joins our trail to AWS's. */
function assumeRoleCommand(input: AssumeRoleCommandInput, openingId: string): AssumeRoleCommand {
  const command = new AssumeRoleCommand(input)
  command.middlewareStack.add(
    (next, context) => (args) => {
      context.userAgent = [['opening', openingId]]
      return next(args)
    },
    { step: 'initialize', name: 'openingInUserAgent' },
  )
  return command
}

/**
 * The SDK sets its clock by every answer's `Date`. Where one was wrong it signs with that until the
 * refusal sets it right again, and repeats a request only for a clock that becomes more wrong.
 */
async function oncePerClock<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send()
  } catch (error) {
    if (failureOf(error).finding !== 'clock-skew') throw error
    return send()
  }
}

/** The SDK reads bodies, and waits between attempts, without a look at the signal. */
async function answered<Answer>(call: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => {
    reject(ownFailure('timed-out', 'aws-unavailable', 'no answer in time', { failsOver: true }))
  }
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([call, late])
  } catch (error) {
    throw failureOf(error)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function roleCredentials(
  given:
    | {
        readonly AccessKeyId?: string | undefined
        readonly SecretAccessKey?: string | undefined
        readonly SessionToken?: string | undefined
      }
    | undefined,
): RoleCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken } = given ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw unreadable()
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  }
}

function unreadable(): Error {
  const details = { status: 200, failsOver: true }
  return ownFailure('answer-unreadable', 'aws-unavailable', 'no answer of STS', details)
}
