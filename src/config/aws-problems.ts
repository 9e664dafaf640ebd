/** Checks of everything that AWS will look at: Regions, accounts, roles, tags, policies. */
import { readDestination } from '#domain/destination.ts'
import { isRegionName, isRegionOf, partitionOf, partitionOfRegion } from '#domain/partition.ts'
import type { PartitionName } from '#domain/partition.ts'
import { policyProblems } from '#domain/session-policy.ts'
import { tagKeyProblems, templateProblems } from '#domain/session-tags.ts'
import { readSpan } from '#domain/span.ts'
import { webAddressProblem } from './address-rules.ts'
import { checkName, partitionOfAccount, type CheckContext } from './check-context.ts'
import { pointerTo } from './config-problem.ts'
import type { FileConfig } from './schema.ts'
import { policyText } from './session-policy-text.ts'

type FilePermissionSet = FileConfig['permissionSets'][string]

/** AssumeRole takes 15 minutes to 12 hours (STS API Reference, AssumeRole, `DurationSeconds`). */
const shortestSeconds = 900
const longestSeconds = 43_200

export function checkAws(context: CheckContext): void {
  checkHome(context)
  checkAccounts(context)
  for (const [slug, set] of Object.entries(context.file.permissionSets)) {
    checkPermissionSet(context, pointerTo('permissionSets', slug), set)
  }
}

/** Null where the Region may be one of the partition. */
export function checkRegion(
  { log }: CheckContext,
  pointer: string,
  region: string | undefined,
  partition: PartitionName,
): void {
  if (region === undefined || isRegionOf(partition, region)) return
  const shown = log.quoted(pointer, region)
  log.problem(
    pointer,
    isRegionName(region)
      ? `${shown} is a Region of ${partitionOfRegion(region)}, not of ${partition}`
      : `${shown} is no Region: expected a name such as ap-northeast-1`,
  )
}

export function checkDestination(
  { file, log }: CheckContext,
  pointer: string,
  destination: string | undefined,
  partition: PartitionName,
): void {
  if (destination === undefined) return
  const override = file.aws.endpoints.console?.replaceAll('{region}', 'region')
  const consoleUrl = override !== undefined && URL.canParse(override) ? new URL(override) : null
  const reading = readDestination(destination, partitionOf(partition), consoleUrl)
  if (reading.outcome === 'destination') return
  const { consoleDomain } = partitionOf(partition)
  const expected = `a path such as /s3/home, or an https URL under ${consoleDomain ?? 'its console'}`
  log.problem(pointer, `${destinationWords[reading.reason]}: expected ${expected}`)
}

const destinationWords = {
  'not-a-url': 'is no address',
  'not-https': 'is not https',
  'has-userinfo': 'holds a user name',
  'has-port': 'names a port',
  'other-site': 'leads to another site than the AWS console',
  'too-long': 'is too long',
} as const

function checkHome(context: CheckContext): void {
  const { file, log } = context
  const { region, failoverRegions, endpoints } = file.aws
  const home = partitionOfRegion(region)
  checkRegion(context, '/aws/region', region, home)
  for (const [index, failover] of failoverRegions.entries()) {
    const pointer = pointerTo('aws', 'failoverRegions', index)
    checkRegion(context, pointer, failover, home)
    const isKnown = failover === region || failoverRegions.indexOf(failover) < index
    if (isKnown) log.warning(pointer, 'stands twice')
  }
  for (const [name, template] of Object.entries(endpoints)) {
    const pointer = pointerTo('aws', 'endpoints', name)
    const address = template.replaceAll('{region}', 'us-east-1')
    const problem = webAddressProblem(address) ?? placeholderProblem(address)
    if (problem !== null) log.problem(pointer, `${log.quoted(pointer, template)} ${problem}`)
  }
}

function placeholderProblem(address: string): string | null {
  return /[{}]/.test(address) ? 'holds a placeholder other than {region}' : null
}

function checkAccounts(context: CheckContext): void {
  const { file, log } = context
  const slugById = new Map<string, string>()
  for (const [slug, account] of Object.entries(file.accounts)) {
    const place = pointerTo('accounts', slug)
    const other = slugById.get(account.id)
    if (other === undefined) slugById.set(account.id, slug)
    else log.problem(`${place}/id`, `is the id of account "${other}" already`)

    if (account.environment !== undefined) {
      checkName(context, 'environments', account.environment, `${place}/environment`)
    }
    const partition = partitionOfAccount(account, file)
    checkConsoleHost(context, place, partition)
    checkRegion(context, `${place}/region`, account.region, partition)
    checkDestination(context, `${place}/destination`, account.destination, partition)
  }
}

/** Only a whole URL, or an override, can say where the console of such a partition is. */
function checkConsoleHost({ file, log }: CheckContext, place: string, name: PartitionName): void {
  if (partitionOf(name).consoleDomain !== null || file.aws.endpoints.console !== undefined) return
  log.warning(place, `no public source names the console of ${name}: set aws.endpoints.console`)
}

function checkPermissionSet(context: CheckContext, place: string, set: FilePermissionSet): void {
  const { file, log } = context
  const rolePointer = `${place}/roleName`
  const roleProblem = roleNameProblem(set.roleName)
  if (roleProblem !== null) {
    log.problem(rolePointer, `${log.quoted(rolePointer, set.roleName)} ${roleProblem}`)
  }
  const seconds = readSpan(set.consoleDuration) ?? 0
  if (seconds < shortestSeconds || seconds > longestSeconds) {
    const message = `AWS takes 15m to 12h; found ${set.consoleDuration}`
    log.problem(`${place}/consoleDuration`, message)
  }
  const home = partitionOfRegion(file.aws.region)
  if (set.region !== undefined && !isRegionName(set.region)) {
    checkRegion(context, `${place}/region`, set.region, home)
  }
  checkDestination(context, `${place}/destination`, set.destination, home)
  checkTags(context, place, set)
  checkPolicy(context, place, set)
}

/** IAM API Reference, CreateRole: `Path` and `RoleName`. */
function roleNameProblem(roleName: string): string | null {
  if (roleName.startsWith('arn:')) return 'is an ARN: write path and name, such as sekisho/ReadOnly'
  if (roleName.startsWith('/')) return 'must begin without "/"'
  const segments = roleName.split('/')
  const name = segments.pop() ?? ''
  if (!/^[\w+=,.@-]{1,64}$/.test(name)) {
    return 'is no role name: expected up to 64 letters, digits and _ + = , . @ - behind its path'
  }
  const isPath = segments.every((segment) => /^[\x21-\x7e]+$/.test(segment))
  return isPath && segments.join('/').length <= 510 ? null : 'has no legal path before its name'
}

function checkTags({ log }: CheckContext, place: string, set: FilePermissionSet): void {
  const tags = new Map(Object.entries(set.sessionTags ?? {}))
  for (const [key, template] of tags) {
    const problem = templateProblems(template)
    if (problem !== null) log.problem(`${place}/sessionTags${pointerTo(key)}`, problem)
  }
  for (const message of tagKeyProblems(tags, set.transitiveTags)) {
    const isTransitive = message.startsWith('transitive')
    log.problem(`${place}/${isTransitive ? 'transitiveTags' : 'sessionTags'}`, message)
  }
}

function checkPolicy({ log }: CheckContext, place: string, set: FilePermissionSet): void {
  const policy = set.sessionPolicy === undefined ? null : policyText(set.sessionPolicy)
  for (const message of policyProblems(policy, set.sessionPolicyArns)) {
    const isArn = policy === null || /\bARNs?\b/.test(message)
    log.problem(
      `${place}/${isArn && set.sessionPolicyArns.length > 0 ? 'sessionPolicyArns' : 'sessionPolicy'}`,
      message,
    )
  }
}
