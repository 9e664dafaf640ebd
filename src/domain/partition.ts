/**
 * AWS's partitions as data: hosts for STS, sign-in and console, and how ARNs begin.
 * Source: AWS General Reference "AWS Sign-In endpoints and quotas"; botocore's endpoint rules for
 * signin (2023-01-01); console hosts outside `aws` are agreed on by several tools, not stated by AWS.
 */

export type PartitionName =
  'aws' | 'aws-cn' | 'aws-us-gov' | 'aws-eusc' | 'aws-iso' | 'aws-iso-b' | 'aws-iso-e' | 'aws-iso-f'

export interface Partition {
  readonly name: PartitionName
  readonly defaultRegion: string
  /** Region names of this partition begin so. */
  readonly regionPrefixes: readonly string[]
  readonly signInDomain: string
  /** Its sign-in host carries no Region prefix; every other Region's does. */
  readonly unprefixedSignInRegion: string | null
  readonly stsDomain: string
  /** Null where no public source names the console's host. */
  readonly consoleDomain: string | null
}

const partitions: Readonly<Record<PartitionName, Omit<Partition, 'name'>>> = {
  aws: {
    defaultRegion: 'us-east-1',
    regionPrefixes: ['us-', 'eu-', 'ap-', 'sa-', 'ca-', 'me-', 'af-', 'il-', 'mx-'],
    signInDomain: 'signin.aws.amazon.com',
    unprefixedSignInRegion: 'us-east-1',
    stsDomain: 'amazonaws.com',
    consoleDomain: 'console.aws.amazon.com',
  },
  'aws-cn': {
    defaultRegion: 'cn-north-1',
    regionPrefixes: ['cn-'],
    signInDomain: 'signin.amazonaws.cn',
    unprefixedSignInRegion: 'cn-north-1',
    stsDomain: 'amazonaws.com.cn',
    consoleDomain: 'console.amazonaws.cn',
  },
  'aws-us-gov': {
    defaultRegion: 'us-gov-west-1',
    regionPrefixes: ['us-gov-'],
    signInDomain: 'signin.amazonaws-us-gov.com',
    unprefixedSignInRegion: 'us-gov-west-1',
    stsDomain: 'amazonaws.com',
    consoleDomain: 'console.amazonaws-us-gov.com',
  },
  'aws-eusc': {
    defaultRegion: 'eusc-de-east-1',
    regionPrefixes: ['eusc-'],
    signInDomain: 'signin.amazonaws-eusc.eu',
    unprefixedSignInRegion: null,
    stsDomain: 'amazonaws.eu',
    consoleDomain: 'console.amazonaws-eusc.eu',
  },
  'aws-iso': {
    defaultRegion: 'us-iso-east-1',
    regionPrefixes: ['us-iso-'],
    signInDomain: 'signin.c2shome.ic.gov',
    unprefixedSignInRegion: null,
    stsDomain: 'c2s.ic.gov',
    consoleDomain: null,
  },
  'aws-iso-b': {
    defaultRegion: 'us-isob-east-1',
    regionPrefixes: ['us-isob-'],
    signInDomain: 'signin.sc2shome.sgov.gov',
    unprefixedSignInRegion: null,
    stsDomain: 'sc2s.sgov.gov',
    consoleDomain: null,
  },
  'aws-iso-e': {
    defaultRegion: 'eu-isoe-west-1',
    regionPrefixes: ['eu-isoe-'],
    signInDomain: 'signin.csphome.adc-e.uk',
    unprefixedSignInRegion: null,
    stsDomain: 'cloud.adc-e.uk',
    consoleDomain: null,
  },
  'aws-iso-f': {
    defaultRegion: 'us-isof-south-1',
    regionPrefixes: ['us-isof-'],
    signInDomain: 'signin.csphome.hci.ic.gov',
    unprefixedSignInRegion: null,
    stsDomain: 'csp.hci.ic.gov',
    consoleDomain: null,
  },
}

export const partitionNames: readonly PartitionName[] = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-eusc',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
]

export function partitionOf(name: PartitionName): Partition {
  return { name, ...partitions[name] }
}

/** The partition that a Region's name belongs to; the longest matching prefix wins. */
export function partitionOfRegion(region: string): PartitionName {
  const matching = partitionNames.flatMap((name) =>
    partitions[name].regionPrefixes
      .filter((prefix) => region.startsWith(prefix))
      .map((prefix) => ({ name, length: prefix.length })),
  )
  return matching.reduce((best, next) => (next.length > best.length ? next : best), {
    name: 'aws' satisfies PartitionName as PartitionName,
    length: 0,
  }).name
}

/** Whether this is the name of a Region of the partition: safe to be put into a host's name. */
export function isRegionOf(partition: PartitionName, region: string): boolean {
  return isRegionName(region) && partitionOfRegion(region) === partition
}

/** The shape only; Regions that do not exist yet pass. */
export function isRegionName(text: string): boolean {
  return /^[a-z]{2,4}(?:-[a-z]{1,12}){1,3}-[0-9]{1,2}$/.test(text)
}

/** Overrides for doubles and private endpoints; `{region}` stands for the Region. */
export interface EndpointOverrides {
  readonly sts: string | null
  readonly signIn: string | null
  readonly console: string | null
}

export interface AwsHosts {
  readonly sts: URL
  /** `/federation` is added to this. */
  readonly signIn: URL
  /**
   * The same Region's sign-in by its prefixed name: only there is the return address of a sign-out
   * honoured. Source: endpoint rules of signin 2023-01-01, which prefix every Region's host.
   */
  readonly prefixedSignIn: URL
  /** Origin that console paths are resolved against; null where no public source names it. */
  readonly console: URL | null
}

/** Token and login must be on one host, so both come from the same Region's entry. */
export function hostsOf(
  partition: Partition,
  region: string,
  overrides: EndpointOverrides,
): AwsHosts {
  const override = (template: string) => new URL(template.replaceAll('{region}', region))
  const signInHost =
    region === partition.unprefixedSignInRegion
      ? partition.signInDomain
      : `${region}.${partition.signInDomain}`
  const consoleDomain = partition.consoleDomain
  return {
    sts: override(overrides.sts ?? `https://sts.{region}.${partition.stsDomain}`),
    signIn: override(overrides.signIn ?? `https://${signInHost}`),
    prefixedSignIn: override(overrides.signIn ?? `https://{region}.${partition.signInDomain}`),
    console:
      overrides.console !== null
        ? override(overrides.console)
        : consoleDomain !== null
          ? new URL(`https://${region}.${consoleDomain}`)
          : null,
  }
}

/**
 * The one host for token and login. Where people are signed out first, both have to be on the
 * prefixed name, since the sign-out returns only from there and only to there.
 */
export function signInHostOf(hosts: AwsHosts, signOutFirst: boolean): URL {
  return signOutFirst ? hosts.prefixedSignIn : hosts.signIn
}

/** `base` may have a path of its own, where an override says so. */
export function urlUnder(base: URL, path: string): URL {
  return new URL(base.origin + base.pathname.replace(/\/$/, '') + path)
}

export function roleArn(partition: PartitionName, accountId: string, roleName: string): string {
  return `arn:${partition}:iam::${accountId}:role/${roleName}`
}
