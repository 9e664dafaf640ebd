/**
 * IAM text ready to paste: JSON, CloudFormation or Terraform. What a role may do is left to whoever
 * pastes it: the templates ask for policies, and never grant any by themselves.
 */
import type { AccessPolicy, Account } from './access-policy.ts'
import { longestSessionSeconds } from './console-duration.ts'
import { asOneRole, brokerPolicyFor, rolesInUse, trustPolicyFor } from './iam-text.ts'
import type { IamPolicy, RoleInUse } from './iam-text.ts'
import { partitionNames, roleArn, type PartitionName } from './partition.ts'

export const iamFormats = ['json', 'cloudformation', 'terraform'] as const

export type IamFormat = (typeof iamFormats)[number]

export interface IamTextRequest {
  readonly policy: AccessPolicy
  /** Role or user ARN of the broker's own credentials. */
  readonly brokerArn: string
  /** One account's roles only; null: the broker's own policy, then every account. */
  readonly account: Account | null
}

/** Ends with a newline. CloudFormation comes as one document per account, separated by `---`. */
export function renderIamText(format: IamFormat, request: IamTextRequest): string {
  switch (format) {
    case 'json':
      return `${indented(jsonDocument(request))}\n`
    case 'cloudformation':
      return cloudFormation(request)
    case 'terraform':
      return terraform(request)
    default:
      return format satisfies never
  }
}

interface RoleText {
  readonly account: Account
  readonly arn: string
  readonly name: string
  /** With slashes at both ends. */
  readonly path: string
  readonly maxSessionSeconds: number
  readonly trustPolicy: IamPolicy
}

/** Each role once, however many permission sets stand for it. */
function rolesOf({ policy, brokerArn, account }: IamTextRequest): readonly RoleText[] {
  const inUse = rolesInUse(policy).filter((role) => account === null || role.account === account)
  const byArn = Map.groupBy(inUse, ({ account: { partition, id }, permissionSet }) =>
    roleArn(partition, id, permissionSet.roleName),
  )
  return [...byArn.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const sets = others.map(({ permissionSet }) => permissionSet)
    const permissionSet = asOneRole([first.permissionSet, ...sets])
    return [roleText({ account: first.account, permissionSet }, brokerArn)]
  })
}

function roleText({ account, permissionSet }: RoleInUse, brokerArn: string): RoleText {
  const { roleName, consoleSeconds } = permissionSet
  const nameAt = roleName.lastIndexOf('/') + 1
  return {
    account,
    arn: roleArn(account.partition, account.id, roleName),
    name: roleName.slice(nameAt),
    path: `/${roleName.slice(0, nameAt)}`,
    // IAM takes one hour to twelve; only openings without SessionDuration are bound by it.
    maxSessionSeconds: Math.min(Math.max(consoleSeconds, 3600), longestSessionSeconds),
    trustPolicy: trustPolicyFor(account, permissionSet, brokerArn),
  }
}

/** Credentials belong to one partition, so each partition has a broker policy of its own. */
function brokerPolicies({
  policy,
  account,
}: IamTextRequest): readonly [PartitionName, IamPolicy][] {
  if (account !== null) return []
  const inUse = new Set(rolesInUse(policy).map((role) => role.account.partition))
  return partitionNames
    .filter((partition) => inUse.has(partition))
    .map((partition) => [partition, brokerPolicyFor(policy, partition)])
}

function jsonDocument(request: IamTextRequest): object {
  const roles = rolesOf(request).map(({ account, ...role }) => ({
    account: account.slug,
    accountId: account.id,
    ...role,
  }))
  return request.account === null
    ? { brokerPolicies: Object.fromEntries(brokerPolicies(request)), roles }
    : { roles }
}

function cloudFormation(request: IamTextRequest): string {
  const brokers = brokerPolicies(request).map(([partition, policy]) =>
    template(`# The broker's own policy, in partition ${partition}`, {
      Resources: {
        BrokerPolicy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: policy } },
      },
    }),
  )
  const accounts = [...Map.groupBy(rolesOf(request), ({ account }) => account)].map(
    ([account, roles]) => accountTemplate(account, roles),
  )
  return [...brokers, ...accounts].join('---\n')
}

function accountTemplate(account: Account, roles: readonly RoleText[]): string {
  const named = roles.map((role, index) => [`Role${index + 1}`, role] as const)
  return template(`# ${account.id} ${oneLine(account.name)}`, {
    Parameters: Object.fromEntries(
      named.map(([id, { name }]) => [
        `${id}PolicyArns`,
        { Type: 'CommaDelimitedList', Description: `Managed policies of ${name}` },
      ]),
    ),
    Resources: Object.fromEntries(
      named.map(([id, { name, path, maxSessionSeconds, trustPolicy }]) => [
        id,
        {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: name,
            Path: path,
            MaxSessionDuration: maxSessionSeconds,
            AssumeRolePolicyDocument: trustPolicy,
            ManagedPolicyArns: { Ref: `${id}PolicyArns` },
          },
        },
      ]),
    ),
  })
}

/** JSON is YAML, in which CloudFormation allows comments. */
function template(comment: string, content: object): string {
  return `${comment}\n${indented({ AWSTemplateFormatVersion: '2010-09-09', ...content })}\n`
}

function terraform(request: IamTextRequest): string {
  const identifier = identifiers()
  const brokers = brokerPolicies(request).map(
    ([partition, policy]) =>
      `# The broker's own policy, in partition ${partition}\n` +
      block('aws_iam_policy', `broker_${identifier(partition)}`, [
        ['name', quoted('console-broker')],
        ['policy', jsonExpression(policy)],
      ]),
  )
  const roles = rolesOf(request).map(
    ({ account, name, path, maxSessionSeconds, trustPolicy }) =>
      `# ${account.id} ${oneLine(account.name)}; attach policies to the role as you see fit\n` +
      block('aws_iam_role', identifier(account.slug + path + name), [
        ['name', quoted(name)],
        ['path', quoted(path)],
        ['max_session_duration', String(maxSessionSeconds)],
        ['assume_role_policy', jsonExpression(trustPolicy)],
      ]),
  )
  return [...brokers, ...roles].join('\n')
}

function block(type: string, name: string, attributes: readonly [string, string][]): string {
  const width = Math.max(...attributes.map(([key]) => key.length))
  const lines = attributes.map(([key, value]) => `  ${key.padEnd(width)} = ${value}`)
  return `resource "${type}" "${name}" {\n${lines.join('\n')}\n}\n`
}

/** JSON is HCL's expression syntax but for `${` and `%{`, which begin templates in it. */
function jsonExpression(value: object): string {
  const lines = indented(value).split('\n')
  return `jsonencode(${lines.map(escapeTemplates).join('\n  ')})`
}

function quoted(text: string): string {
  return escapeTemplates(JSON.stringify(text))
}

function escapeTemplates(text: string): string {
  return text.replace(/[$%](?=\{)/g, '$&$&')
}

/** Terraform takes each name once: what differs in other characters only gets a number. */
function identifiers(): (text: string) => string {
  const taken = new Set<string>()
  return (text) => {
    const plain = text.replace(/[^A-Za-z0-9_]+/g, '_')
    const name = /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`
    let free = name
    for (let number = 2; taken.has(free); number += 1) free = `${name}__${number}`
    taken.add(free)
    return free
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

function indented(value: object): string {
  return JSON.stringify(value, null, 2)
}
