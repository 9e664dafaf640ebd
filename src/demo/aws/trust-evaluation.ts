import type { AssumeRoleParameters } from './assume-role-parameters.ts'
import type { DoubleRole } from './double-options.ts'
import { parseArn, roleNameOf } from './role-arn.ts'
import type { Signer } from './role-sessions.ts'
import { StsRefusal } from './sts-answer.ts'

/** What the policies are asked about. The role is null where none has this ARN. */
export interface TrustQuestion {
  readonly signer: Signer
  readonly role: DoubleRole | null
  readonly parameters: AssumeRoleParameters
  /** The request's, or the one that the calling session already carries. */
  readonly sourceIdentity: string | undefined
  /** Whether the session would have tags, inherited ones included. */
  readonly hasTags: boolean
}

/**
 * Authorises as IAM does: first the assumption itself, in which missing roles, refused callers and
 * wrong external ids are one and the same AccessDenied; then what goes along with it.
 * @throws {StsRefusal} AccessDenied, 403, naming the action that was refused
 */
export function authorise(question: TrustQuestion): DoubleRole {
  const { signer, role, parameters, sourceIdentity, hasTags } = question
  const deny = (action: string, reason: string): StsRefusal =>
    new StsRefusal(
      403,
      'AccessDenied',
      `User: ${signer.arn} is not authorized to perform: sts:${action} ` +
        `on resource: ${parameters.roleArn}`,
      reason,
    )

  if (!role) throw deny('AssumeRole', 'there is no such role')
  const refusal = assumptionRefusal(question, role)
  if (refusal) throw deny('AssumeRole', refusal)

  const { trust } = role
  if (sourceIdentity !== undefined) {
    if ((trust.sourceIdentity ?? 'refused') === 'refused') {
      throw deny('SetSourceIdentity', 'the trust policy allows no source identity')
    }
    if (!signer.allowed.setSourceIdentity) {
      throw deny('SetSourceIdentity', "the caller's policy denies sts:SetSourceIdentity")
    }
  }
  if (hasTags) {
    if (!trust.tagSession) throw deny('TagSession', 'the trust policy allows no session tags')
    if (!signer.allowed.tagSession) {
      throw deny('TagSession', "the caller's policy denies sts:TagSession")
    }
  }
  return role
}

/** An external id that nobody asked for is no reason: AWS lets it pass, and so proves nothing. */
function assumptionRefusal(question: TrustQuestion, { trust }: DoubleRole): string | null {
  const { signer, parameters, sourceIdentity } = question
  if (!signer.allowed.assumeRole) return "the caller's policy denies sts:AssumeRole"
  if (!trust.principals.some((principal) => isCaller(principal, signer.arn))) {
    return 'the trust policy does not name the caller'
  }
  if (trust.externalId !== undefined && trust.externalId !== parameters.externalId) {
    return 'the external id is missing or wrong'
  }
  if (trust.sourceIdentity === 'required' && sourceIdentity === undefined) {
    return 'the trust policy demands a source identity'
  }
  const keys = new Set(parameters.tags.map(({ key }) => key.toLowerCase()))
  const missing = trust.requiredTags?.find((key) => !keys.has(key.toLowerCase()))
  return missing === undefined ? null : `the trust policy demands the tag ${missing}`
}

/** A principal is one ARN, a whole account, or everybody; a role stands for all its sessions. */
function isCaller(principal: string, callerArn: string): boolean {
  if (principal === '*' || principal === callerArn) return true
  const caller = parseArn(callerArn)
  if (!caller) return false
  if (principal === caller.accountId) return true

  const trusted = parseArn(principal)
  if (trusted?.accountId !== caller.accountId || trusted.partition !== caller.partition)
    return false
  if (trusted.resource === 'root') return true
  // The session's ARN no longer knows the role's path.
  const [kind, roleName] = caller.resource.split('/')
  return (
    kind === 'assumed-role' &&
    trusted.resource.startsWith('role/') &&
    roleNameOf(principal) === roleName
  )
}
