import { principalArnOf } from '#domain/iam-text.ts'
import { hostsOf, partitionOf, partitionOfRegion } from '#domain/partition.ts'
import type { AwsSettings } from '#domain/settings.ts'
import { failureOf } from './aws-failure.ts'
import { createStsClients, type BrokerCredentials } from './sts-clients.ts'

export interface BrokerArnOptions {
  readonly settings: AwsSettings
  /** `Sekisho/0.1.0` */
  readonly product: string
  /** The SDK's default chain where absent. */
  readonly credentials?: BrokerCredentials
}

export type BrokerArnReading =
  | { readonly outcome: 'arn'; readonly arn: string }
  | { readonly outcome: 'unknown'; readonly why: string }

/** Whom trust policies have to name: the broker's user or role, asked of STS in the home Region. */
export async function loadBrokerArn(options: BrokerArnOptions): Promise<BrokerArnReading> {
  const { settings, product, credentials } = options
  const { region, endpoints } = settings
  const sts = createStsClients({
    product,
    connectMilliseconds: 2_000,
    requestMilliseconds: 5_000,
    ...(credentials ? { credentials } : {}),
  })
  const url = hostsOf(partitionOf(partitionOfRegion(region)), region, endpoints).sts
  try {
    const arn = await sts.callerArn({ region, url }, AbortSignal.timeout(10_000))
    return { outcome: 'arn', arn: principalArnOf(arn) }
  } catch (error) {
    return { outcome: 'unknown', why: failureOf(error).message }
  } finally {
    sts.close()
  }
}
