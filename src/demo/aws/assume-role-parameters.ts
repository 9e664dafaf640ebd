import { inlinePolicyLimit } from './session-policy.ts'
import { StsRefusal, validationError } from './sts-answer.ts'

/** AssumeRole's parameters, each within the limits of the STS API Reference. */
export interface AssumeRoleParameters {
  readonly roleArn: string
  readonly sessionName: string
  readonly durationSeconds?: number
  readonly externalId?: string
  readonly sourceIdentity?: string
  readonly policy?: string
  readonly policyArns: readonly string[]
  readonly tags: readonly SessionTag[]
  readonly transitiveTagKeys: readonly string[]
}

export interface SessionTag {
  readonly key: string
  readonly value: string
}

interface TextRule {
  readonly required?: true
  readonly length: readonly [least: number, most: number]
  readonly pattern?: string
}

const namePattern = '[\\w+=,.@-]*'
const tagPattern = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*'

const rules = {
  roleArn: { required: true, length: [20, 2048] },
  roleSessionName: { required: true, length: [2, 64], pattern: namePattern },
  externalId: { length: [2, 1224], pattern: '[\\w+=,.@:\\/-]*' },
  sourceIdentity: { length: [2, 64], pattern: namePattern },
  policy: { length: [1, inlinePolicyLimit] },
  policyArn: { required: true, length: [20, 2048] },
  tagKey: { required: true, length: [1, 128], pattern: tagPattern },
  tagValue: { required: true, length: [0, 256], pattern: tagPattern },
} as const satisfies Record<string, TextRule>

/**
 * Reads and checks the form. Fields that STS does not know are ignored, and of duplicates the first
 * wins. Every violated constraint is reported, in one message.
 * @throws {StsRefusal} ValidationError, InvalidParameterValue or MalformedInput, all 400
 */
export function parseAssumeRole(form: URLSearchParams): AssumeRoleParameters {
  const [roleArn, sessionName] = [form.get('RoleArn'), form.get('RoleSessionName')]
  const [externalId, sourceIdentity] = [form.get('ExternalId'), form.get('SourceIdentity')]
  const policy = form.get('Policy')
  const durationSeconds = integerOf(form.get('DurationSeconds'))
  const policyArns = membersOf(form, 'PolicyArns', '.arn')
  const tagKeys = membersOf(form, 'Tags', '.Key')
  const tagValues = membersOf(form, 'Tags', '.Value')
  const transitiveTagKeys = membersOf(form, 'TransitiveTagKeys', '')

  const violations = [
    ...textViolations('roleArn', roleArn, rules.roleArn),
    ...textViolations('roleSessionName', sessionName, rules.roleSessionName),
    ...durationViolations(durationSeconds),
    ...textViolations('externalId', externalId, rules.externalId),
    ...textViolations('sourceIdentity', sourceIdentity, rules.sourceIdentity),
    ...textViolations('policy', policy, rules.policy),
    ...listViolations('policyArns', policyArns, 10),
    ...policyArns.flatMap((arn, index) =>
      textViolations(`policyArns.${index + 1}.member.arn`, arn, rules.policyArn),
    ),
    ...listViolations('tags', tagKeys, 50),
    ...tagKeys.flatMap((key, index) => [
      ...textViolations(`tags.${index + 1}.member.key`, key, rules.tagKey),
      ...textViolations(`tags.${index + 1}.member.value`, tagValues[index] ?? null, rules.tagValue),
    ]),
    ...listViolations('transitiveTagKeys', transitiveTagKeys, 50),
  ]
  if (violations.length > 0 || roleArn === null || sessionName === null) {
    const errors = violations.length === 1 ? 'error' : 'errors'
    throw validationError(
      `${violations.length} validation ${errors} detected: ${violations.join('; ')}`,
    )
  }

  const tags = tagKeys.map((key, index) => ({ key: key ?? '', value: tagValues[index] ?? '' }))
  const transitive = transitiveTagKeys.map((key) => key ?? '')
  requireSoundTags(tags, transitive)
  return {
    roleArn,
    sessionName,
    ...(durationSeconds === null ? {} : { durationSeconds }),
    ...(externalId === null ? {} : { externalId }),
    ...(sourceIdentity === null ? {} : { sourceIdentity }),
    ...(policy === null ? {} : { policy }),
    policyArns: policyArns.map((arn) => arn ?? ''),
    tags,
    transitiveTagKeys: transitive,
  }
}

/** STS counts Unicode scalars, not UTF-16 units. */
function textViolations(name: string, value: string | null, rule: TextRule): string[] {
  if (value === null) {
    return rule.required ? [violation('null', name, 'must not be null')] : []
  }
  const [least, most] = rule.length
  const length = Array.from(value).length
  const broken = [
    length < least ? `must have length greater than or equal to ${least}` : '',
    length > most ? `must have length less than or equal to ${most}` : '',
    rule.pattern && !new RegExp(`^(?:${rule.pattern})$`, 'u').test(value)
      ? `must satisfy regular expression pattern: ${rule.pattern}`
      : '',
  ]
  return broken.filter(Boolean).map((constraint) => violation(`'${value}'`, name, constraint))
}

function durationViolations(seconds: number | null): string[] {
  if (seconds === null || (seconds >= 900 && seconds <= 43_200)) return []
  const limit = seconds < 900 ? 'greater than or equal to 900' : 'less than or equal to 43200'
  return [violation(`'${seconds}'`, 'durationSeconds', `must have value ${limit}`)]
}

function listViolations(name: string, list: readonly unknown[], most: number): string[] {
  if (list.length <= most) return []
  return [violation(`'[…]'`, name, `must have length less than or equal to ${most}`)]
}

function violation(value: string, name: string, constraint: string): string {
  return `Value ${value} at '${name}' failed to satisfy constraint: Member ${constraint}`
}

/** `Tags.member.1.Key` and so on, up to the first number that is missing altogether. */
function membersOf(form: URLSearchParams, list: string, suffix: string): (string | null)[] {
  const members: (string | null)[] = []
  const numbers = new Set(
    [...form.keys()].map((name) => (name.startsWith(`${list}.member.`) ? name.split('.')[2] : '')),
  )
  for (let number = 1; numbers.has(String(number)); number += 1) {
    members.push(form.get(`${list}.member.${number}${suffix}`))
  }
  return members
}

function integerOf(text: string | null): number | null {
  if (text === null) return null
  if (/^-?\d{1,10}$/.test(text)) return Number(text)
  throw new StsRefusal(400, 'MalformedInput', 'An integer was expected')
}

function requireSoundTags(tags: readonly SessionTag[], transitive: readonly string[]): void {
  const keys = new Set(tags.map(({ key }) => key.toLowerCase()))
  if (keys.size < tags.length) {
    throw invalidValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  }
  if ([...keys].some((key) => key.startsWith('aws:'))) {
    throw invalidValue('Tag keys that start with aws: are reserved for system use.')
  }
  if (transitive.some((key) => !keys.has(key.toLowerCase()))) {
    throw invalidValue('The specified transitive tag key must be included in the requested tags.')
  }
}

function invalidValue(message: string): StsRefusal {
  return new StsRefusal(400, 'InvalidParameterValue', message)
}
