import type { AssumeRoleParameters } from './assume-role-parameters.ts'
import { StsRefusal } from './sts-answer.ts'

/** Characters of the inline policy and the managed policies' ARNs together. */
export const inlinePolicyLimit = 2048

/**
 * AWS's packing is secret. A line through the few figures that were published (a policy of one
 * statement 16 %, one of 1,690 characters and 42 actions 157 %) says when to worry, and no more.
 */
const packedPercent = (characters: number): number => Math.round(7 + characters * 0.0888)

/** A JSON object whose members are not known. */
type JsonObject = Readonly<Record<string, unknown>>

/**
 * Judges the session policies, and says how full they and the tags make the session.
 * @returns percent of what is allowed; null when there was nothing to pack
 * @throws {StsRefusal} MalformedPolicyDocument or PackedPolicyTooLarge, both 400
 */
export function packedPolicySize(parameters: AssumeRoleParameters): number | null {
  const { policy, policyArns, tags } = parameters
  if (policy !== undefined) requireSoundPolicy(policy)
  const policies = [...(policy === undefined ? [] : [policy]), ...policyArns]
  if (policies.length + tags.length === 0) return null

  if (lengthOf(policies) > inlinePolicyLimit) {
    throw tooLarge(Math.ceil((lengthOf(policies) / inlinePolicyLimit) * 100))
  }
  const withoutSpace = policy === undefined ? [] : [JSON.stringify(parseObject(policy))]
  const size = packedPercent(
    lengthOf([...withoutSpace, ...policyArns, ...tags.flatMap(({ key, value }) => [key, value])]),
  )
  if (size > 100) throw tooLarge(size)
  return size
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Array.from(text).length, 0)
}

function tooLarge(size: number): StsRefusal {
  return new StsRefusal(
    400,
    'PackedPolicyTooLarge',
    `Packed policy consumes ${size}% of allotted space, please use smaller policy.`,
  )
}

function requireSoundPolicy(text: string): void {
  const policy = parseObject(text)
  if (!policy) throw malformed('This policy contains invalid Json')
  const statements = [policy['Statement']].flat()
  if (!statements.every(isSoundStatement)) throw malformed('Syntax errors in policy.')
}

/** The IAM policy grammar as far as it decides: effect, action and resource, no principal. */
function isSoundStatement(statement: unknown): boolean {
  if (!isObject(statement)) return false
  const { Effect, Action, NotAction, Resource, NotResource, Principal } = statement
  return (
    (Effect === 'Allow' || Effect === 'Deny') &&
    (Action ?? NotAction) !== undefined &&
    (Resource ?? NotResource) !== undefined &&
    Principal === undefined
  )
}

/**
 * When an inline policy starts to deny everything, by a Deny with a DateGreaterThan on
 * aws:CurrentTime; null if it has no such end.
 */
export function policyEndsAt(text: string): Date | null {
  const ends = [parseObject(text)?.['Statement']]
    .flat()
    .filter(isObject)
    .filter(({ Effect }) => Effect === 'Deny')
    .map(({ Condition }) => dateIn(Condition))
    .filter((at) => at !== null)
  return ends.length > 0 ? new Date(Math.min(...ends)) : null
}

function dateIn(condition: unknown): number | null {
  if (!isObject(condition)) return null
  const bound = condition['DateGreaterThan'] ?? condition['DateGreaterThanEquals']
  const text = isObject(bound) ? bound['aws:CurrentTime'] : null
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : at
}

export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(message: string): StsRefusal {
  return new StsRefusal(400, 'MalformedPolicyDocument', message)
}
