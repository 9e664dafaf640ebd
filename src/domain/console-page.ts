/**
 * Which page of the AWS console an address names, so that people can check a link by its words.
 * Source: addresses as the console itself writes them in 2026; AWS documents none of them, so an
 * unknown one is never an error.
 */

export const consolePageKinds = [
  'home',
  'alarm',
  'bucket',
  'cluster',
  'dashboard',
  'database',
  'function',
  'instance',
  'log-group',
  'log-groups',
  'log-query',
  'object',
  'query-history',
  'queue',
  'role',
  'secret',
  'stack',
  'state-machine',
  'table',
] as const

export type ConsolePageKind = (typeof consolePageKinds)[number]

export interface ConsolePage {
  /** AWS's own name of the service; null where the path names none that is known here. */
  readonly service: string | null
  /** Null for whatever this file does not tell apart. */
  readonly kind: ConsolePageKind | null
  /** Name of the log group, bucket, function …; null where the address names none. */
  readonly name: string | null
}

/** First segment of the path to the service's name. */
const services: ReadonlyMap<string, string> = new Map([
  ['acm', 'Certificate Manager'],
  ['apigateway', 'API Gateway'],
  ['aos', 'OpenSearch Service'],
  ['athena', 'Athena'],
  ['backup', 'Backup'],
  ['bedrock', 'Bedrock'],
  ['billing', 'Billing'],
  ['cloudformation', 'CloudFormation'],
  ['cloudfront', 'CloudFront'],
  ['cloudtrail', 'CloudTrail'],
  ['cloudtrailv2', 'CloudTrail'],
  ['cloudwatch', 'CloudWatch'],
  ['config', 'Config'],
  ['cost-management', 'Cost Management'],
  ['costmanagement', 'Cost Management'],
  ['dynamodb', 'DynamoDB'],
  ['dynamodbv2', 'DynamoDB'],
  ['ec2', 'EC2'],
  ['ecr', 'ECR'],
  ['ecs', 'ECS'],
  ['eks', 'EKS'],
  ['elasticache', 'ElastiCache'],
  ['events', 'EventBridge'],
  ['glue', 'Glue'],
  ['guardduty', 'GuardDuty'],
  ['iam', 'IAM'],
  ['iamv2', 'IAM'],
  ['kinesis', 'Kinesis'],
  ['kms', 'KMS'],
  ['lambda', 'Lambda'],
  ['organizations', 'Organizations'],
  ['rds', 'RDS'],
  ['redshiftv2', 'Redshift'],
  ['route53', 'Route 53'],
  ['s3', 'S3'],
  ['sagemaker', 'SageMaker'],
  ['secretsmanager', 'Secrets Manager'],
  ['securityhub', 'Security Hub'],
  ['sns', 'SNS'],
  ['sqs', 'SQS'],
  ['states', 'Step Functions'],
  ['systems-manager', 'Systems Manager'],
  ['vpc', 'VPC'],
  ['vpcconsole', 'VPC'],
  ['wafv2', 'WAF'],
])

/** Service, what the rest of the address looks like (its name in the first group), and what it is. */
const pages: readonly (readonly [service: string, pattern: RegExp, kind: ConsolePageKind])[] = [
  ['Athena', /#\/query-editor\/history/, 'query-history'],
  ['CloudFormation', /#\/stacks\/.*[?&]stackId=[^&]*?stack(?:%2F|\/)([^&%/]+)/i, 'stack'],
  ['CloudWatch', /#logsV2:log-groups\/log-group\/([^/?]+)/, 'log-group'],
  ['CloudWatch', /#logsV2:log-groups/, 'log-groups'],
  ['CloudWatch', /#logsV2:logs-insights/, 'log-query'],
  ['CloudWatch', /#alarmsV2:alarm\/([^/?~]+)/, 'alarm'],
  ['CloudWatch', /#dashboards(?:\/dashboard\/|:name=)([^/?;~]+)/, 'dashboard'],
  ['DynamoDB', /#table\?(?:[^#]*&)?name=([^&]+)/, 'table'],
  ['EC2', /#InstanceDetails:(?:[^#]*;)?instanceId=([^;&]+)/, 'instance'],
  ['ECS', /\/clusters\/([^/?#]+)/, 'cluster'],
  ['EKS', /#\/clusters\/([^/?]+)/, 'cluster'],
  ['IAM', /#\/roles\/(?:details\/)?([^/?]+)/, 'role'],
  ['Lambda', /#\/functions\/([^/?]+)/, 'function'],
  ['RDS', /#database:(?:[^#]*;)?id=([^;]+)/, 'database'],
  ['S3', /\/buckets\/([^/?#]+)/, 'bucket'],
  ['S3', /\/object\/([^/?#]+)/, 'object'],
  ['SQS', /#\/queues\/[^?]*(?:%2F|\/)([^%/?]+)$/i, 'queue'],
  ['Secrets Manager', /\/secret\?(?:[^#]*&)?name=([^&#]+)/, 'secret'],
  ['Step Functions', /#\/statemachines\/view\/[^?]*:([^:?]+)/, 'state-machine'],
]

const longestName = 200
const regionName = /^[a-z]{2,4}(-[a-z]+)+-\d+$/

/** `to` is a path or an https URL, as `readDestination` gives it. Total. */
export function consolePageOf(to: string): ConsolePage {
  const nowhere = 'https://path.invalid'
  const url = URL.canParse(to, nowhere) ? new URL(to, nowhere) : null
  const segments = url?.pathname.split('/').filter(Boolean) ?? []
  // A stand-in for the console puts the Region first.
  const [first = ''] = regionName.test(segments[0] ?? '') ? segments.slice(1) : segments
  if (url === null || first === 'console') return { service: null, kind: 'home', name: null }

  const service = services.get(first) ?? null
  const rest = url.pathname + url.search + url.hash
  for (const [owner, pattern, kind] of pages) {
    const match = owner === service ? pattern.exec(rest) : null
    if (match) return { service, kind, name: nameIn(match[1], service) }
  }
  return { service, kind: null, name: null }
}

/** CloudWatch writes `$252F` for a slash: encoded twice, with `$` for the outer percent sign. */
function nameIn(written: string | undefined, service: string | null): string | null {
  if (written === undefined) return null
  const once = decoded(service === 'CloudWatch' ? written.replaceAll('$', '%') : written)
  const name = service === 'CloudWatch' ? decoded(once) : once
  // Shown as text: nothing invisible may make it look like another.
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, longestName) || null
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
