import { parseAssumeRole } from './assume-role-parameters.ts'
import type { AssumeRoleParameters } from './assume-role-parameters.ts'
import type { Answer, Call, DoubleSite } from './double-listener.ts'
import type { DoubleRole } from './double-options.ts'
import { parseArn, roleIdOf, roleNameOf, uniqueIdOf } from './role-arn.ts'
import type { RoleSession, RoleSessions, Signer } from './role-sessions.ts'
import { packedPolicySize } from './session-policy.ts'
import {
  parseAuthorization,
  requireFreshSignature,
  requireScope,
  requireSignature,
} from './sigv4-verifier.ts'
import { StsRefusal, stsFailure, stsSuccess, validationError } from './sts-answer.ts'
import { authorise } from './trust-evaluation.ts'

const apiVersion = '2011-06-15'

/** A session lasts an hour unless asked, and never longer when roles are chained. */
const oneHourSeconds = 3600

export interface StsWorld {
  readonly clock: () => Date
  readonly roles: ReadonlyMap<string, DoubleRole>
  readonly sessions: RoleSessions
  readonly onAssumed: (session: RoleSession) => void
}

/**
 * STS for every Region at once: AssumeRole and GetCallerIdentity. The order of checks is that seen on
 * live STS: scope, key and token, expiry, signature, then parameters, and authorisation last.
 */
export function stsDouble(world: StsWorld): DoubleSite {
  return { at: () => 'sts', regionOf, answer: (call) => answer(call, world) }
}

function answer(call: Call, world: StsWorld): Answer {
  try {
    return dispatch(call, authenticate(call, world), world)
  } catch (error) {
    if (!(error instanceof StsRefusal)) throw error
    const { status, code, message, reason } = error
    return { ...stsFailure(status, code, message), cause: reason ?? message }
  }
}

function authenticate(call: Call, { clock, sessions }: StsWorld): Signer {
  const authorization = parseAuthorization(call.headers)
  requireScope(authorization, call.region)

  const signer = sessions.signer(authorization.accessKeyId)
  if (!signer || signer.sessionToken !== call.headers['x-amz-security-token']) {
    throw new StsRefusal(
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid',
      signer ? 'the session token is not that of the access key' : 'the access key is unknown',
    )
  }
  if (signer.expiresAt && signer.expiresAt <= clock()) {
    throw new StsRefusal(
      403,
      'ExpiredToken',
      'The security token included in the request is expired',
    )
  }
  requireFreshSignature(authorization, clock())
  requireSignature(call, authorization, signer.secretAccessKey)
  return signer
}

function dispatch(call: Call, signer: Signer, world: StsWorld): Answer {
  const form = call.method === 'GET' ? call.query : call.form
  const action = form.get('Action')
  const version = form.get('Version') ?? 'NO_VERSION_SPECIFIED'
  // Live STS takes a request without an action for a browser that lost its way.
  if (action === null) return { status: 302, headers: { location: 'https://aws.amazon.com/iam' } }

  if (version === apiVersion && action === 'AssumeRole')
    return assumeRole(form, call, signer, world)
  if (version === apiVersion && action === 'GetCallerIdentity') return callerIdentity(signer)
  throw new StsRefusal(
    400,
    'InvalidAction',
    `Could not find operation ${action} for version ${version}`,
  )
}

function assumeRole(form: URLSearchParams, call: Call, signer: Signer, world: StsWorld): Answer {
  const parameters = parseAssumeRole(form)
  if (!parseArn(parameters.roleArn)) throw validationError(`${parameters.roleArn} is invalid`)
  const known = world.roles.get(parameters.roleArn) ?? null
  const durationSeconds = sessionSeconds(parameters, known, signer)
  const packedSize = packedPolicySize(parameters)
  const sourceIdentity = agreedSourceIdentity(parameters, signer)
  requireNoTagConflict(parameters, signer)
  requireRegion(known, regionOf(call))

  const tags = {
    ...signer.transitiveTags,
    ...Object.fromEntries(parameters.tags.map(({ key, value }) => [key, value])),
  }
  const hasTags = Object.keys(tags).length > 0
  const role = authorise({ signer, role: known, parameters, sourceIdentity, hasTags })

  const session = world.sessions.issue(
    {
      roleArn: role.arn,
      sessionName: parameters.sessionName,
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
      tags,
      transitiveTagKeys: stickyKeys(parameters, signer),
      durationSeconds,
      ...(parameters.policy === undefined ? {} : { policy: parameters.policy }),
      policyArns: parameters.policyArns,
      chained: signer.chained,
    },
    world.clock(),
  )
  world.onAssumed(session)
  return assumed(session, packedSize)
}

/** The API's range was checked before; the role's maximum comes before the chaining cap. */
function sessionSeconds(
  { durationSeconds = oneHourSeconds }: AssumeRoleParameters,
  role: DoubleRole | null,
  { chained }: Signer,
): number {
  if (role && durationSeconds > (role.maxSessionSeconds ?? oneHourSeconds)) {
    throw validationError(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  }
  if (chained && durationSeconds > oneHourSeconds) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role ' +
        'chaining.',
    )
  }
  return durationSeconds
}

/** Once set, a source identity stays for the whole chain. */
function agreedSourceIdentity(
  { sourceIdentity }: AssumeRoleParameters,
  signer: Signer,
): string | undefined {
  const isSet = signer.sourceIdentity !== undefined
  if (isSet && sourceIdentity !== undefined && sourceIdentity !== signer.sourceIdentity) {
    throw validationError('The source identity is already set for this assume role session.')
  }
  return signer.sourceIdentity ?? sourceIdentity
}

function requireNoTagConflict({ tags }: AssumeRoleParameters, { transitiveTags }: Signer): void {
  const inherited = new Set(Object.keys(transitiveTags).map((key) => key.toLowerCase()))
  if (!tags.some(({ key }) => inherited.has(key.toLowerCase()))) return
  throw new StsRefusal(
    400,
    'InvalidParameterValue',
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive " +
      'tag key from the calling session.',
  )
}

/** With the spelling of the tags themselves, since keys are compared without case. */
function stickyKeys(parameters: AssumeRoleParameters, { transitiveTags }: Signer): string[] {
  const asked = new Set(parameters.transitiveTagKeys.map((key) => key.toLowerCase()))
  const own = parameters.tags.map(({ key }) => key).filter((key) => asked.has(key.toLowerCase()))
  return [...Object.keys(transitiveTags), ...own]
}

function requireRegion(role: DoubleRole | null, region: string | undefined): void {
  if (!role || !region || !role.regionsDisabled?.includes(region)) return
  const accountId = parseArn(role.arn)?.accountId ?? ''
  throw new StsRefusal(
    403,
    'RegionDisabledException',
    `STS is not activated in this region for account:${accountId}. Your account administrator can ` +
      'activate STS in this region using the IAM Console.',
  )
}

function assumed(session: RoleSession, packedSize: number | null): Answer {
  const roleId = roleIdOf(parseArn(session.roleArn)?.accountId ?? '', roleNameOf(session.roleArn))
  return stsSuccess('AssumeRole', {
    AssumedRoleUser: {
      AssumedRoleId: `${roleId}:${session.sessionName}`,
      Arn: session.arn,
    },
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: session.expiresAt.toISOString().replace('.000Z', 'Z'),
    },
    SourceIdentity: session.sourceIdentity,
    PackedPolicySize: packedSize ?? undefined,
  })
}

/** Anyone whose signature holds may ask, whatever their policies say. */
function callerIdentity({ arn }: Signer): Answer {
  const { accountId = '', resource = '' } = parseArn(arn) ?? {}
  const [kind, ...names] = resource.split('/')
  const userId =
    kind === 'assumed-role'
      ? `${roleIdOf(accountId, names[0] ?? '')}:${names[1] ?? ''}`
      : uniqueIdOf('AIDA', arn)
  return stsSuccess('GetCallerIdentity', { Arn: arn, UserId: userId, Account: accountId })
}

/** Which Region's STS was asked, by the signature's scope: one listener serves them all. */
function regionOf({ headers, region }: Call): string | undefined {
  const scope = /\bCredential=[^/,\s]+\/\d+\/([^/,\s]+)\//.exec(headers['authorization'] ?? '')
  return region ?? scope?.[1]
}
