/**
 * Session policies: they narrow a role for one session, and end it at an instant.
 * Owns: how the end is added to what the config says, and what AWS takes. Leaves to others: when
 * a session must end (console-duration.ts).
 */
import type { PermissionSet } from './access-policy.ts'
import { Problem } from './problem.ts'

export interface SessionPolicy {
  /** Inline policy as compact JSON. */
  readonly policy: string | null
  readonly policyArns: readonly string[]
}

type JsonObject = Readonly<Record<string, unknown>>

/** Inline policy and ARNs together (STS API Reference, AssumeRole, `Policy`). */
const mostCharacters = 2048
const mostPolicyArns = 10

/**
 * What goes along with AssumeRole.
 * @throws {Problem} aws-misconfigured where an end has to be added to an inline policy that is no
 *   policy: without it the session would outlast the access.
 */
export function sessionPolicyFor(
  permissionSet: Pick<PermissionSet, 'sessionPolicy' | 'sessionPolicyArns'>,
  deniedAfter: Date | null,
): SessionPolicy {
  const { sessionPolicy, sessionPolicyArns: policyArns } = permissionSet
  if (deniedAfter === null) return { policy: sessionPolicy, policyArns }
  const end = endingAt(deniedAfter)
  if (sessionPolicy !== null) return { policy: withStatement(sessionPolicy, end), policyArns }
  // A session may do what any of its policies allows: beside ARNs an Allow would widen them.
  const statements = policyArns.length > 0 ? [end] : [everything, end]
  return { policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }), policyArns }
}

/** What AWS would refuse, in words for the config's check; nothing where all is well. */
export function policyProblems(
  policy: string | null,
  policyArns: readonly string[],
): readonly string[] {
  const inline = policy === null ? [] : inlineProblems(policy)
  if (inline.length > 0) return inline
  return [
    ...policyArns.filter((arn) => !isPolicyArn(arn)).map((arn) => `${arn} is no policy ARN`),
    ...(policyArns.length > mostPolicyArns ? [`at most ${mostPolicyArns} policy ARNs`] : []),
    ...(new Set(policyArns).size < policyArns.length ? ['a policy ARN stands twice'] : []),
    ...sizeProblems(policy, policyArns),
  ]
}

/** The end of a session needs its room too: most openings have none, and the one that does fails. */
function sizeProblems(policy: string | null, policyArns: readonly string[]): string[] {
  const permissionSet = { sessionPolicy: policy, sessionPolicyArns: policyArns }
  const withEnd = sessionPolicyFor(permissionSet, new Date(0)).policy ?? ''
  const characters = [withEnd, ...policyArns].reduce((sum, text) => sum + text.length, 0)
  return characters > mostCharacters
    ? [`${characters} characters with ARNs and the end of a session; AWS takes ${mostCharacters}`]
    : []
}

const everything = { Effect: 'Allow', Action: '*', Resource: '*' } as const

/** Whole seconds, never later than the instant itself. */
function endingAt(instant: Date): JsonObject {
  const at = new Date(Math.floor(instant.getTime() / 1000) * 1000)
  const time = at.toISOString().replace('.000Z', 'Z')
  return {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { DateGreaterThan: { 'aws:CurrentTime': time } },
  }
}

function withStatement(policy: string, statement: JsonObject): string {
  const document = parseObject(policy)
  if (!document) throw new Problem('aws-misconfigured', { cause: new Error('session policy') })
  return JSON.stringify({ ...document, Statement: [document['Statement'], statement].flat() })
}

function inlineProblems(policy: string): string[] {
  // STS API Reference, pattern of `Policy`.
  if (!/^[\t\n\r\u0020-\u00ff]+$/.test(policy)) return ['a character above U+00FF']
  const document = parseObject(policy)
  if (!document) return ['not a JSON object']
  const version = document['Version'] ?? '2012-10-17'
  const statements = [document['Statement'] ?? []].flat()
  return [
    ...(version === '2012-10-17' || version === '2008-10-17' ? [] : ['Version is not 2012-10-17']),
    ...(statements.length > 0 ? [] : ['no Statement']),
    ...statements.flatMap((statement, index) =>
      statementProblems(statement).map((problem) => `statement ${index + 1}: ${problem}`),
    ),
  ]
}

/** As far as the grammar of IAM's policy elements decides without knowing services. */
function statementProblems(statement: unknown): string[] {
  if (!isObject(statement)) return ['not an object']
  const { Effect, Action, NotAction, Resource, NotResource, Condition } = statement
  return [
    ...(Effect === 'Allow' || Effect === 'Deny' ? [] : ['Effect must be Allow or Deny']),
    ...(isOneOf(Action, NotAction) ? [] : ['one of Action and NotAction, as texts']),
    ...(isOneOf(Resource, NotResource) ? [] : ['one of Resource and NotResource, as texts']),
    ...(Condition === undefined || isObject(Condition) ? [] : ['Condition is not an object']),
    ...('Principal' in statement || 'NotPrincipal' in statement
      ? ['a session policy names no Principal']
      : []),
  ]
}

function isOneOf(element: unknown, opposite: unknown): boolean {
  if ((element === undefined) === (opposite === undefined)) return false
  const texts = [element ?? opposite].flat()
  return texts.length > 0 && texts.every((text) => typeof text === 'string' && text !== '')
}

function isPolicyArn(arn: string): boolean {
  return /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\x21-\x7e]{1,1900}$/.test(arn)
}

function parseObject(text: string): JsonObject | null {
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
