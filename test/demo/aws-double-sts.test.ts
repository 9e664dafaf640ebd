import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import fc from 'fast-check'

import {
  accountId,
  assume,
  defaults,
  denyAfter,
  refusalOf,
  roles,
  startDouble,
  stsClient,
  tag,
} from './aws-double-fixture.ts'

describe('STS: what AssumeRole gives', () => {
  it('answers in the shape of STS, leaving out the role’s path', async (t) => {
    const double = await startDouble(t)
    const answer = await stsClient(double).send(
      new AssumeRoleCommand({ RoleArn: roles.viewer.arn, RoleSessionName: 'ada@example.com' }),
    )

    assert.equal(
      answer.AssumedRoleUser?.Arn,
      `arn:aws:sts::${accountId}:assumed-role/Viewer/ada@example.com`,
    )
    assert.match(answer.AssumedRoleUser.AssumedRoleId ?? '', /^AROA[A-Z2-7]{17}:ada@example\.com$/)
    assert.match(answer.Credentials?.AccessKeyId ?? '', /^ASIA[A-Z2-7]{16}$/)
    assert.equal(answer.Credentials?.SecretAccessKey?.length, 40)
    assert.match(answer.$metadata.requestId ?? '', /^[0-9a-f-]{36}$/)
  })

  it('leaves out source identity and packed size where nothing was sent for them', async (t) => {
    const double = await startDouble(t)
    const answer = await stsClient(double).send(
      new AssumeRoleCommand({ RoleArn: roles.viewer.arn, RoleSessionName: 'ada@example.com' }),
    )

    assert.equal(answer.SourceIdentity, undefined)
    assert.equal(answer.PackedPolicySize, undefined)
  })

  it('echoes the source identity and measures policy and tags together', async (t) => {
    const double = await startDouble(t)
    const answer = await stsClient(double).send(
      new AssumeRoleCommand({
        RoleArn: roles.open.arn,
        RoleSessionName: 'ada@example.com',
        SourceIdentity: 'ada@example.com',
        Policy: denyAfter('2030-01-01T00:00:00Z'),
        Tags: [tag('team', 'platform + ops')],
      }),
    )

    assert.equal(answer.SourceIdentity, 'ada@example.com')
    assert.ok(answer.PackedPolicySize && answer.PackedPolicySize > 10)
    assert.ok(answer.PackedPolicySize < 60)
  })

  it('keeps what it gave out, with everything a test may ask about and no secret', async (t) => {
    const double = await startDouble(t)
    const policy = denyAfter('2030-01-01T00:00:00Z')
    const credentials = await assume(double, {
      RoleArn: roles.open.arn,
      DurationSeconds: 1800,
      SourceIdentity: 'ada',
      Tags: [tag('team', 'a b+c'), tag('cost')],
      TransitiveTagKeys: ['TEAM'],
      Policy: policy,
      PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    })

    assert.deepEqual(double.sessions, [
      {
        roleArn: roles.open.arn,
        sessionName: 'ada@example.com',
        sourceIdentity: 'ada',
        tags: { team: 'a b+c', cost: 'x' },
        transitiveTagKeys: ['team'],
        durationSeconds: 1800,
        policy,
        policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        accessKeyId: credentials.AccessKeyId,
        expiresAt: credentials.Expiration,
      },
    ])
  })

  it('takes an external id that the trust policy does not ask for', async (t) => {
    const double = await startDouble(t)
    await assume(double, { ExternalId: 'anything' })
    assert.equal(double.sessions.length, 1)
  })

  it('lets in a role’s sessions where the trust policy names the role by its path', async (t) => {
    const double = await startDouble(t)
    await assume(double, {}, 'instance')
    assert.equal(double.sessions.length, 1)
  })

  for (const { principal, trusts } of [
    { principal: '*', trusts: true },
    { principal: '999900001111', trusts: true },
    { principal: 'arn:aws:iam::999900001111:root', trusts: true },
    { principal: 'arn:aws:iam::999900001111:role/any/path/broker', trusts: true },
    { principal: 'arn:aws:sts::999900001111:assumed-role/broker/i-0abc', trusts: true },
    { principal: 'arn:aws:sts::999900001111:assumed-role/broker/i-0other', trusts: false },
    { principal: 'arn:aws:iam::999900001111:role/broker-too', trusts: false },
    { principal: 'arn:aws:iam::999900001111:user/broker', trusts: false },
    { principal: 'arn:aws:iam::777788889999:role/broker', trusts: false },
    { principal: 'arn:aws:iam::777788889999:root', trusts: false },
    { principal: 'arn:aws-cn:iam::999900001111:root', trusts: false },
  ]) {
    it(`${trusts ? 'lets in' : 'refuses'} a role session where ${principal} is trusted`, async (t) => {
      const trust = { principals: [principal] }
      const double = await startDouble(t, { roles: [{ ...roles.viewer, trust }] })
      await assume(double, {}, 'instance').catch(() => null)
      assert.equal(double.requests[0]?.status, trusts ? 200 : 403)
    })
  }

  it('tells everyone who they are', async (t) => {
    const double = await startDouble(t)
    const answer = await stsClient(double, 'chained').send(new GetCallerIdentityCommand({}))
    assert.equal(answer.Arn, 'arn:aws:sts::999900001111:assumed-role/broker/i-0abc')
    assert.equal(answer.Account, '999900001111')
    assert.match(answer.UserId ?? '', /^AROA[A-Z2-7]{17}:i-0abc$/)
  })

  it('records each request with its Region, body and User-Agent', async (t) => {
    const double = await startDouble(t)
    const client = stsClient(double, 'user', {
      region: 'ap-northeast-1',
      customUserAgent: 'sekisho/1',
    })
    await client.send(new GetCallerIdentityCommand({}))

    const [request] = double.requests
    assert.equal(request?.at, 'sts')
    assert.equal(request.region, 'ap-northeast-1')
    assert.equal(request.status, 200)
    assert.equal(request.body, 'Action=GetCallerIdentity&Version=2011-06-15')
    assert.match(request.headers['user-agent'] ?? '', /sekisho\/1/)
  })

  it('is one Region’s STS under a path that begins with the Region', async (t) => {
    const double = await startDouble(t)
    const endpoint = `${double.stsUrl}/us-west-2`
    await stsClient(double, 'user', { region: 'us-west-2', endpoint }).send(
      new GetCallerIdentityCommand({}),
    )
    assert.equal(double.requests[0]?.region, 'us-west-2')
  })

  it('takes every legal session name and gives it back unchanged', async (t) => {
    const double = await startDouble(t)
    const name = fc.stringMatching(/^[\w+=,.@-]{2,64}$/)
    await fc.assert(
      fc.asyncProperty(name, async (RoleSessionName) => {
        await assume(double, { RoleSessionName })
        assert.equal(double.sessions.at(-1)?.sessionName, RoleSessionName)
      }),
      { numRuns: 40 },
    )
  })
})

describe('STS: sessions that assume further roles', () => {
  it('counts a session from AssumeRole itself as chained', async (t) => {
    const double = await startDouble(t, {
      roles: [...defaults.roles, { ...roles.open, maxSessionSeconds: 43_200 }],
    })
    const first = await assume(double, { RoleArn: roles.long.arn })
    const onward = assume(double, { RoleArn: roles.open.arn, DurationSeconds: 7200 }, first)
    const { message } = await refusalOf(onward)
    assert.match(message, /role chaining/)
  })

  it('hands on source identity and transitive tags, and lets neither be changed', async (t) => {
    const double = await startDouble(t)
    const first = await assume(double, {
      RoleArn: roles.open.arn,
      SourceIdentity: 'ada',
      Tags: [tag('team', 'platform'), tag('cost')],
      TransitiveTagKeys: ['team'],
    })
    await assume(double, { RoleArn: roles.open.arn }, first)
    const conflict = assume(double, { RoleArn: roles.open.arn, Tags: [tag('TEAM')] }, first)
    const { code, message } = await refusalOf(conflict)

    assert.equal(double.sessions[1]?.sourceIdentity, 'ada')
    assert.deepEqual(double.sessions[1].tags, { team: 'platform' })
    assert.equal(code, 'InvalidParameterValue')
    assert.match(message, /conflicts with a transitive tag key from the calling session/)
  })
})
