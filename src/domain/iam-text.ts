/**
 * The policies an operator has to write in IAM, from the running config.
 * Source: IAM User Guide, "Pass session tags in AWS STS": one statement for sts:AssumeRole with the
 * external id and the tags asked for, others for what goes along; "The confused deputy problem".
 */
import type { AccessPolicy, Account, CompiledRule, PermissionSet } from './access-policy.ts'
import { roleArn, type PartitionName } from './partition.ts'
import { accountTagValue } from './session-tags.ts'

export interface IamStatement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Principal?: { readonly AWS: string }
  readonly Action: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Condition?: IamConditions
}

type IamConditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

export interface IamPolicy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly IamStatement[]
}

/** Characters of a managed policy without white space (IAM and STS quotas). */
const longestManagedPolicy = 6144

/** Who may assume the role, and what may go along: nothing that the config does not ask for. */
export function trustPolicyFor(
  account: Account,
  permissionSet: PermissionSet,
  brokerArn: string,
): IamPolicy {
  const broker = { Effect: 'Allow', Principal: { AWS: brokerArn } } as const
  const assume = assumeConditions(account, permissionSet)
  const assumeRole: IamStatement = {
    Sid: 'BrokerMayAssume',
    ...broker,
    Action: 'sts:AssumeRole',
    ...(assume === null ? {} : { Condition: assume }),
  }
  const setSourceIdentity: IamStatement = {
    Sid: 'BrokerMaySetSourceIdentity',
    ...broker,
    Action: 'sts:SetSourceIdentity',
  }
  const tagSession: IamStatement = {
    Sid: 'BrokerMayTag',
    ...broker,
    Action: 'sts:TagSession',
    Condition: tagConditions(permissionSet),
  }
  return {
    Version: '2012-10-17',
    Statement: [
      assumeRole,
      ...(permissionSet.sourceIdentity ? [setSourceIdentity] : []),
      ...(permissionSet.sessionTags.size > 0 ? [tagSession] : []),
    ],
  }
}

/** The broker's own policy: the three STS actions at most, on the roles in use and no others. */
export function brokerPolicyFor(policy: AccessPolicy, partition?: PartitionName): IamPolicy {
  const inUse = rolesInUse(policy).filter(
    ({ account }) => partition === undefined || account.partition === partition,
  )
  const actions = [
    'sts:AssumeRole',
    ...(inUse.some(({ permissionSet }) => permissionSet.sourceIdentity)
      ? ['sts:SetSourceIdentity']
      : []),
    ...(inUse.some(({ permissionSet }) => permissionSet.sessionTags.size > 0)
      ? ['sts:TagSession']
      : []),
  ]
  const candidates = resourceLists(inUse).map((resources) => allowing(actions, resources))
  const fitting = candidates.find(
    (candidate) => JSON.stringify(candidate).length <= longestManagedPolicy,
  )
  return fitting ?? candidates.at(-1) ?? allowing(actions, [])
}

export interface RoleInUse {
  readonly account: Account
  readonly permissionSet: PermissionSet
}

/** Every role that an assignment names, whoever and whenever; in the order of the file. */
export function rolesInUse(policy: AccessPolicy): readonly RoleInUse[] {
  const accountsOf = new Map(
    [...policy.assignmentsByPermissionSet].map(([slug, byProvider]) => {
      const rules = new Set([...byProvider.values()].flatMap(everyRule))
      const selectors = new Set([...rules].flatMap(({ accounts }) => [...accounts]))
      const accounts = [...selectors].flatMap((name) => policy.accountsBySelector.get(name) ?? [])
      return [slug, new Set(accounts)] as const
    }),
  )
  return [...policy.accounts.values()].flatMap((account) =>
    [...policy.permissionSets.values()].flatMap((permissionSet) =>
      accountsOf.get(permissionSet.slug)?.has(account) ? [{ account, permissionSet }] : [],
    ),
  )
}

/**
 * Permission sets that narrow one role in different ways share its trust policy: it allows what any
 * of them sends, and asks for no tag that not all of them send alike.
 */
export function asOneRole(sets: readonly [PermissionSet, ...PermissionSet[]]): PermissionSet {
  const keys = new Set(sets.flatMap(({ sessionTags }) => [...sessionTags.keys()]))
  const templateOf = (key: string) => {
    const templates = new Set(sets.map(({ sessionTags }) => sessionTags.get(key) ?? ''))
    return templates.size === 1 ? ([...templates][0] ?? '') : ''
  }
  return {
    ...sets[0],
    consoleSeconds: Math.max(...sets.map(({ consoleSeconds }) => consoleSeconds)),
    sourceIdentity: sets.some(({ sourceIdentity }) => sourceIdentity),
    sessionTags: new Map([...keys].map((key) => [key, templateOf(key)])),
    transitiveTags: [...new Set(sets.flatMap(({ transitiveTags }) => transitiveTags))],
    attribution: sets.every(({ attribution }) => attribution === 'strict') ? 'strict' : 'lenient',
  }
}

/**
 * The ARN to trust, from what GetCallerIdentity or a refusal says: an assumed role's session becomes
 * its role. Such an ARN has lost the role's path, which has to be put back by hand.
 */
export function principalArnOf(callerArn: string): string {
  const [, partition, accountId, roleName] =
    /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(callerArn) ?? []
  return partition === undefined ? callerArn : `arn:${partition}:iam::${accountId}:role/${roleName}`
}

function assumeConditions(account: Account, permissionSet: PermissionSet): IamConditions | null {
  const equals: [string, string][] = []
  if (account.externalId !== null) equals.push(['sts:ExternalId', account.externalId])
  // A lenient permission set goes on without tags, so the role must not insist on them.
  if (permissionSet.attribution === 'strict') {
    for (const [key, template] of permissionSet.sessionTags) {
      const value = accountTagValue(template, account)
      if (value) equals.push([`aws:RequestTag/${key}`, value])
    }
  }
  return equals.length === 0 ? null : { StringEquals: Object.fromEntries(equals) }
}

function tagConditions({ sessionTags, transitiveTags }: PermissionSet): IamConditions {
  return {
    'ForAllValues:StringEquals': {
      'aws:TagKeys': [...sessionTags.keys()],
      ...(transitiveTags.length > 0 ? { 'sts:TransitiveTagKeys': transitiveTags } : {}),
    },
  }
}

/** From exact to coarse: the first that fits a managed policy is taken. */
function resourceLists(inUse: readonly RoleInUse[]): readonly (readonly string[])[] {
  const listing = (resource: (role: RoleInUse) => string) => [...new Set(inUse.map(resource))]
  return [
    listing(({ account, permissionSet }) =>
      roleArn(account.partition, account.id, permissionSet.roleName),
    ),
    listing(({ account, permissionSet }) =>
      roleArn(account.partition, '*', permissionSet.roleName),
    ),
    listing(({ account, permissionSet: { roleName } }) => {
      const path = roleName.slice(0, roleName.lastIndexOf('/') + 1)
      return roleArn(account.partition, '*', path === '' ? roleName : `${path}*`)
    }),
  ]
}

function allowing(actions: readonly string[], resources: readonly string[]): IamPolicy {
  const statement: IamStatement = {
    Sid: 'AssumeOnlyBrokerRoles',
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
  }
  // IAM refuses a statement without resources; a policy without statements it refuses as well.
  return { Version: '2012-10-17', Statement: resources.length === 0 ? [] : [statement] }
}

function everyRule(rules: {
  readonly everyone: readonly CompiledRule[]
  readonly byGroup: ReadonlyMap<string, readonly CompiledRule[]>
  readonly byEmail: ReadonlyMap<string, readonly CompiledRule[]>
  readonly bySubject: ReadonlyMap<string, readonly CompiledRule[]>
}): CompiledRule[] {
  const { everyone, byGroup, byEmail, bySubject } = rules
  return [
    ...everyone,
    ...[byGroup, byEmail, bySubject].flatMap((lists) => [...lists.values()].flat()),
  ]
}
