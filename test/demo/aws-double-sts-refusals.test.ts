import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts'

import { startAwsDouble } from '#demo/aws-double.ts'
import type { AwsDouble } from '#demo/aws-double.ts'

import { accountId, assume, defaults, refusalOf, roles, tag } from './aws-double-fixture.ts'
import type { CallerName } from './aws-double-fixture.ts'

interface Refused {
  readonly because: string
  readonly input?: Partial<AssumeRoleCommandInput>
  readonly as?: CallerName
  readonly region?: string
  readonly code: string
  readonly says: RegExp
  readonly cause?: RegExp
}

const constraint = (name: string): RegExp => new RegExp(`at '${name}' failed to satisfy constraint`)

const refusedParameters: readonly Refused[] = [
  {
    because: 'the role ARN is malformed',
    input: { RoleArn: 'arn:a:::something/test-role' },
    code: 'ValidationError',
    says: /^arn:a:::something\/test-role is invalid$/,
  },
  {
    because: 'the role ARN is too short',
    input: { RoleArn: 'arn:aws:iam::1:r/x' },
    code: 'ValidationError',
    says: constraint('roleArn'),
  },
  {
    because: 'the session name has a character outside the alphabet',
    input: { RoleSessionName: 'Session1:2' },
    code: 'ValidationError',
    says: /^1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: \[\\w\+=,\.@-\]\*$/,
  },
  {
    because: 'the session name is not ASCII',
    input: { RoleSessionName: 'zoë@example.com' },
    code: 'ValidationError',
    says: constraint('roleSessionName'),
  },
  {
    because: 'the session name has 65 characters',
    input: { RoleSessionName: 's'.repeat(65) },
    code: 'ValidationError',
    says: /Member must have length less than or equal to 64/,
  },
  {
    because: 'the session name has one character',
    input: { RoleSessionName: 's' },
    code: 'ValidationError',
    says: /Member must have length greater than or equal to 2/,
  },
  {
    because: 'the duration is under 15 minutes',
    input: { DurationSeconds: 899 },
    code: 'ValidationError',
    says: /Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900/,
  },
  {
    because: 'the duration is over 12 hours, which comes before the role’s maximum',
    input: { DurationSeconds: 43_201 },
    code: 'ValidationError',
    says: /Member must have value less than or equal to 43200/,
  },
  {
    because: 'the duration is over the role’s maximum',
    input: { DurationSeconds: 3601 },
    code: 'ValidationError',
    says: /exceeds the MaxSessionDuration set for this role/,
  },
  {
    because: 'the duration is over the role’s maximum, which comes before the chaining cap',
    input: { DurationSeconds: 3601 },
    as: 'chained',
    code: 'ValidationError',
    says: /exceeds the MaxSessionDuration set for this role/,
  },
  {
    because: 'the caller is chained and asks for more than an hour',
    input: { RoleArn: roles.long.arn, DurationSeconds: 3601 },
    as: 'chained',
    code: 'ValidationError',
    says: /exceeds the 1 hour session limit for roles assumed by role chaining/,
  },
  {
    because: 'the duration is no integer',
    input: { DurationSeconds: 900.5 },
    code: 'MalformedInput',
    says: /integer/,
  },
  {
    because: 'the external id is one character',
    input: { ExternalId: 'x' },
    code: 'ValidationError',
    says: constraint('externalId'),
  },
  {
    because: 'the source identity is reserved',
    input: { RoleArn: roles.open.arn, SourceIdentity: 'aws:ada' },
    code: 'ValidationError',
    says: constraint('sourceIdentity'),
  },
  {
    because: 'the caller’s session has another source identity',
    input: { RoleArn: roles.open.arn, SourceIdentity: 'ada' },
    as: 'named',
    code: 'ValidationError',
    says: /source identity is already set/,
  },
  {
    because: 'two tag keys differ only by case',
    input: { RoleArn: roles.open.arn, Tags: [tag('team'), tag('Team')] },
    code: 'InvalidParameterValue',
    says: /^Duplicate tag keys found\. Please note that Tag keys are case insensitive\.$/,
  },
  {
    because: 'a transitive key is not among the tags',
    input: { RoleArn: roles.open.arn, Tags: [tag('team')], TransitiveTagKeys: ['cost'] },
    code: 'InvalidParameterValue',
    says: /transitive tag key must be included in the requested tags/,
  },
  {
    because: 'a tag key is reserved',
    input: { RoleArn: roles.open.arn, Tags: [tag('AWS:team')] },
    code: 'InvalidParameterValue',
    says: /reserved/,
  },
  {
    because: 'a tag value has a character outside the alphabet',
    input: { RoleArn: roles.open.arn, Tags: [tag('team', 'a~b')] },
    code: 'ValidationError',
    says: constraint('tags.1.member.value'),
  },
  {
    because: 'there are 51 tags',
    input: { RoleArn: roles.open.arn, Tags: Array.from({ length: 51 }, (_, i) => tag(`t${i}`)) },
    code: 'ValidationError',
    says: constraint('tags'),
  },
  {
    because: 'there are 11 managed policies',
    input: {
      PolicyArns: Array.from({ length: 11 }, (_, i) => ({ arn: `arn:aws:iam::aws:policy/P${i}` })),
    },
    code: 'ValidationError',
    says: constraint('policyArns'),
  },
  {
    because: 'the session policy is not JSON',
    input: { Policy: '{"Version":' },
    code: 'MalformedPolicyDocumentException',
    says: /invalid Json/,
  },
  {
    because: 'the session policy is JSON but no object',
    input: { Policy: '[]' },
    code: 'MalformedPolicyDocumentException',
    says: /invalid Json/,
  },
  {
    because: 'the session policy has no statement',
    input: { Policy: '{"Version":"2012-10-17"}' },
    code: 'MalformedPolicyDocumentException',
    says: /Syntax errors/,
  },
  {
    because: 'the session policy is over 2048 characters',
    input: { Policy: JSON.stringify({ Statement: [], Sid: 'x'.repeat(2048) }) },
    code: 'ValidationError',
    says: constraint('policy'),
  },
  {
    because: 'policy and managed ARNs together are over 2048 characters',
    input: {
      Policy: JSON.stringify({ Statement: [], Sid: 'x'.repeat(2000) }),
      PolicyArns: [{ arn: `arn:aws:iam::${accountId}:policy/sekisho/ViewOnly` }],
    },
    code: 'PackedPolicyTooLargeException',
    says: /Packed policy consumes 1\d\d%/,
  },
  {
    because: 'a policy under 2048 characters does not pack small enough',
    input: {
      Policy: JSON.stringify({
        Statement: [{ Effect: 'Allow', Action: 'x'.repeat(1500), Resource: '*' }],
      }),
    },
    code: 'PackedPolicyTooLargeException',
    says: /Packed policy consumes \d{3}% of allotted space, please use smaller policy/,
  },
]

/** One and the same answer for all of these: AWS does not tell them apart, and nor must the double. */
const assumptions: readonly Omit<Refused, 'code' | 'says'>[] = [
  {
    because: 'there is no such role',
    input: { RoleArn: `arn:aws:iam::${accountId}:role/sekisho/Nobody` },
    cause: /no such role/,
  },
  { because: 'the trust policy does not name the caller', as: 'stranger', cause: /does not name/ },
  {
    because: 'the external id is missing',
    input: { RoleArn: roles.guarded.arn },
    cause: /external id/,
  },
  {
    because: 'the external id is wrong',
    input: { RoleArn: roles.guarded.arn, ExternalId: 'RIGHT-ID' },
    cause: /external id/,
  },
  { because: 'the caller’s own policy denies it', as: 'mayNotAssume', cause: /caller's policy/ },
  {
    because: 'the trust policy demands a source identity',
    input: { RoleArn: roles.attributed.arn },
    cause: /demands a source identity/,
  },
  {
    because: 'the trust policy demands a tag',
    input: { RoleArn: roles.tagged.arn, Tags: [tag('cost')] },
    cause: /demands the tag team/,
  },
]
const refusedAssumption: readonly Refused[] = assumptions.map((row) => ({
  ...row,
  code: 'AccessDenied',
  says: /sts:AssumeRole on resource: arn:/,
}))

const refusedExtras: readonly Refused[] = [
  {
    because: 'the trust policy allows no source identity',
    input: { SourceIdentity: 'ada' },
    code: 'AccessDenied',
    says: /sts:SetSourceIdentity/,
  },
  {
    because: 'the caller’s own policy denies source identities',
    input: { RoleArn: roles.open.arn, SourceIdentity: 'ada' },
    as: 'mayNotName',
    code: 'AccessDenied',
    says: /sts:SetSourceIdentity/,
  },
  {
    because: 'the caller’s own source identity goes along and the role allows none',
    as: 'named',
    code: 'AccessDenied',
    says: /sts:SetSourceIdentity/,
  },
  {
    because: 'the trust policy allows no tags',
    input: { Tags: [tag('team')] },
    code: 'AccessDenied',
    says: /sts:TagSession/,
  },
  {
    because: 'the caller’s own policy denies tags',
    input: { RoleArn: roles.open.arn, Tags: [tag('team')] },
    as: 'mayNotTag',
    code: 'AccessDenied',
    says: /sts:TagSession/,
  },
  {
    because: 'the account has STS switched off in that Region',
    input: { RoleArn: roles.regional.arn },
    region: 'eu-south-1',
    code: 'RegionDisabledException',
    says: new RegExp(`STS is not activated in this region for account:${accountId}`),
  },
]

describe('STS: what AssumeRole refuses', () => {
  let double: AwsDouble
  before(async () => {
    double = await startAwsDouble(defaults)
  })
  after(() => double.stop())

  const itRefuses = ({ because, input, as, region, code, says, cause }: Refused): void =>
    void it(`answers ${code} when ${because}`, async () => {
      const refusal = await refusalOf(assume(double, input, as, region))
      const status = /AccessDenied|RegionDisabled/.test(code) ? 403 : 400

      assert.equal(refusal.code, code)
      assert.equal(refusal.status, status)
      assert.match(refusal.message, says)
      if (cause) assert.match(double.requests.at(-1)?.cause ?? '', cause)
    })

  describe('parameters', () => refusedParameters.forEach(itRefuses))
  describe('the assumption itself', () => refusedAssumption.forEach(itRefuses))
  describe('what goes along with it', () => refusedExtras.forEach(itRefuses))

  it('gives no hint why, beyond who asked and for which role', async () => {
    const messages = await Promise.all(
      [roles.guarded.arn, `arn:aws:iam::${accountId}:role/sekisho/Nobody`].map(async (RoleArn) => {
        const { message } = await refusalOf(assume(double, { RoleArn }))
        return message.replace(RoleArn, 'ROLE')
      }),
    )
    const user = 'arn:aws:iam::999900001111:user/broker'
    const same = `User: ${user} is not authorized to perform: sts:AssumeRole on resource: ROLE`
    assert.deepEqual(messages, [same, same])
  })

  it('reports every broken constraint in one message', async () => {
    const call = assume(double, { RoleSessionName: '!', DurationSeconds: 1 })
    const { message } = await refusalOf(call)
    assert.match(message, /^3 validation errors detected: /)
  })

  it('looks at parameters before it looks at rights', async () => {
    const { code } = await refusalOf(assume(double, { RoleSessionName: '!!' }, 'stranger'))
    assert.equal(code, 'ValidationError')
  })

  it('lets the same role be assumed in a Region where STS is on', async () => {
    await assume(double, { RoleArn: roles.regional.arn }, 'user', 'eu-west-1')
  })
})
