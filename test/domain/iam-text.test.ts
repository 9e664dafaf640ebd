import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { compileAccessPolicy, type Account, type PermissionSet } from '#domain/access-policy.ts'
import { renderIamText } from '#domain/iam-templates.ts'
import { brokerPolicyFor, principalArnOf, rolesInUse, trustPolicyFor } from '#domain/iam-text.ts'
import { production, viewer } from '../support/aws-openings.ts'

const brokerArn = 'arn:aws:iam::999988887777:role/console-broker'
const broker = { Effect: 'Allow', Principal: { AWS: brokerArn } }

const tagged: PermissionSet = {
  ...viewer,
  sourceIdentity: true,
  sessionTags: new Map([
    ['team', '{account.tags.team}'],
    ['person', '{person.email}'],
  ]),
  transitiveTags: ['team'],
}

const staging: Account = {
  ...production,
  slug: 'staging',
  id: '444455556666',
  name: 'Staging',
  tags: new Map(),
}

describe('the trust policy of a role', () => {
  it('lets the broker in with the external id of the account, and nothing else', () => {
    assert.deepEqual(trustPolicyFor(production, viewer, brokerArn), {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'BrokerMayAssume',
          ...broker,
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'sts:ExternalId': 'sekisho-prod-4711' } },
        },
      ],
    })
  })

  it('has statements of their own for source identity and tags, and asks for tags it knows', () => {
    assert.deepEqual(trustPolicyFor(production, tagged, brokerArn).Statement, [
      {
        Sid: 'BrokerMayAssume',
        ...broker,
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: {
            'sts:ExternalId': 'sekisho-prod-4711',
            'aws:RequestTag/team': 'platform',
          },
        },
      },
      { Sid: 'BrokerMaySetSourceIdentity', ...broker, Action: 'sts:SetSourceIdentity' },
      {
        Sid: 'BrokerMayTag',
        ...broker,
        Action: 'sts:TagSession',
        Condition: {
          'ForAllValues:StringEquals': {
            'aws:TagKeys': ['team', 'person'],
            'sts:TransitiveTagKeys': ['team'],
          },
        },
      },
    ])
  })

  it('does not insist on tags that a lenient permission set may leave out', () => {
    const lenient = { ...tagged, attribution: 'lenient' as const }
    const [assume] = trustPolicyFor(
      { ...production, externalId: null },
      lenient,
      brokerArn,
    ).Statement
    assert.equal(assume && 'Condition' in assume, false)
  })

  it('fits the 2,048 characters that IAM gives it', () => {
    assert.ok(JSON.stringify(trustPolicyFor(production, tagged, brokerArn)).length < 2048)
  })
})

describe('the principal to trust', () => {
  it('is the role behind a session', () => {
    assert.equal(
      principalArnOf('arn:aws-cn:sts::999988887777:assumed-role/console-broker/i-0abc'),
      'arn:aws-cn:iam::999988887777:role/console-broker',
    )
  })

  it('is a user as it is', () => {
    const user = 'arn:aws:iam::999988887777:user/broker'
    assert.equal(principalArnOf(user), user)
  })
})

describe("the broker's own policy", () => {
  it('names the roles in use, and only the actions that they need', () => {
    const policy = policyOf([production, staging], [viewer], ['prod'])
    assert.deepEqual(brokerPolicyFor(policy).Statement, [
      {
        Sid: 'AssumeOnlyBrokerRoles',
        Effect: 'Allow',
        Action: ['sts:AssumeRole'],
        Resource: ['arn:aws:iam::111122223333:role/sekisho/ViewOnlyAccess'],
      },
    ])
  })

  it('grows by the actions of attribution where a permission set in use asks for it', () => {
    const [statement] = brokerPolicyFor(policyOf([production], [tagged], ['*'])).Statement
    assert.deepEqual(statement?.Action, [
      'sts:AssumeRole',
      'sts:SetSourceIdentity',
      'sts:TagSession',
    ])
  })

  it('becomes coarser rather than longer than IAM takes', () => {
    const many = Array.from({ length: 300 }, (_, index) => ({
      ...production,
      slug: `a${index}`,
      id: String(100_000_000_000 + index),
    }))
    const [statement] = brokerPolicyFor(policyOf(many, [viewer], ['*'])).Statement
    assert.deepEqual(statement?.Resource, ['arn:aws:iam::*:role/sekisho/ViewOnlyAccess'])

    const sets = Array.from({ length: 200 }, (_, index) => ({
      ...viewer,
      slug: `set-${index}`,
      roleName: `sekisho/Role${index}`,
    }))
    const [coarse] = brokerPolicyFor(policyOf(many, sets, ['*'])).Statement
    assert.deepEqual(coarse?.Resource, ['arn:aws:iam::*:role/sekisho/*'])
  })

  it('is of one partition: credentials do not reach into another', () => {
    const china: Account = { ...production, slug: 'china', id: '222233334444', partition: 'aws-cn' }
    const [statement] = brokerPolicyFor(
      policyOf([production, china], [viewer], ['*']),
      'aws-cn',
    ).Statement
    assert.deepEqual(statement?.Resource, [
      'arn:aws-cn:iam::222233334444:role/sekisho/ViewOnlyAccess',
    ])
  })
})

describe('the roles in use', () => {
  it('are those that an assignment names, by whatever selector', () => {
    const roles = rolesInUse(policyOf([production, staging], [viewer], ['tag:team=platform']))
    assert.deepEqual(
      roles.map(({ account }) => account.slug),
      ['prod'],
    )
  })
})

describe('IAM text to paste', () => {
  const policy = policyOf([production, staging], [tagged], ['*'])
  const request = { policy, brokerArn, account: null }

  it('is one JSON document with the broker policy and every role', () => {
    const document = JSON.parse(renderIamText('json', request))
    assert.deepEqual(Object.keys(document.brokerPolicies), ['aws'])
    assert.deepEqual(
      document.roles.map(({ account, arn, path, name }: Record<string, string>) => [
        account,
        arn,
        path,
        name,
      ]),
      [
        [
          'prod',
          'arn:aws:iam::111122223333:role/sekisho/ViewOnlyAccess',
          '/sekisho/',
          'ViewOnlyAccess',
        ],
        [
          'staging',
          'arn:aws:iam::444455556666:role/sekisho/ViewOnlyAccess',
          '/sekisho/',
          'ViewOnlyAccess',
        ],
      ],
    )
    assert.deepEqual(document.roles[0].trustPolicy, trustPolicyFor(production, tagged, brokerArn))
  })

  it('is of one account where one is named', () => {
    const document = JSON.parse(renderIamText('json', { ...request, account: staging }))
    assert.deepEqual(Object.keys(document), ['roles'])
    assert.equal(document.roles.length, 1)
  })

  it('is a CloudFormation template per account, which asks for the policies of the role', () => {
    const templates = renderIamText('cloudformation', request).split('---\n')
    assert.equal(templates.length, 3)
    const [comment, ...lines] = (templates[1] ?? '').split('\n')
    assert.equal(comment, '# 111122223333 Production')
    const template = JSON.parse(lines.join('\n'))
    assert.deepEqual(Object.keys(template.Parameters), ['Role1PolicyArns'])
    assert.equal(template.Resources.Role1.Properties.MaxSessionDuration, 28_800)
    assert.deepEqual(
      template.Resources.Role1.Properties.AssumeRolePolicyDocument,
      trustPolicyFor(production, tagged, brokerArn),
    )
  })

  it('is Terraform in which nothing of the config is taken for an expression', () => {
    const dangerous = { ...production, externalId: '${file("/etc/passwd")}' }
    const text = renderIamText('terraform', {
      ...request,
      policy: policyOf([dangerous], [viewer], ['*']),
    })
    assert.match(text, /resource "aws_iam_role" "prod_sekisho_ViewOnlyAccess" \{/)
    assert.match(text, /max_session_duration = 28800/)
    assert.match(text, /name += "ViewOnlyAccess"\n/)
    assert.match(text, /"sts:ExternalId": "\$\$\{file/)
  })
})

describe('a role behind several permission sets', () => {
  const narrow: PermissionSet = {
    ...viewer,
    slug: 'narrow',
    consoleSeconds: 43_200,
    sessionPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    sessionTags: new Map([['team', '{account.tags.team}']]),
  }
  const policy = policyOf([production], [tagged, narrow], ['*'])
  const request = { policy, brokerArn, account: null }

  it('stands once in each format: twice would be refused', () => {
    assert.equal(JSON.parse(renderIamText('json', request)).roles.length, 1)
    assert.equal(renderIamText('cloudformation', request).match(/AWS::IAM::Role/g)?.length, 1)
    assert.equal(renderIamText('terraform', request).match(/"aws_iam_role"/g)?.length, 1)
  })

  it('allows what any of them sends, and asks for what all of them send', () => {
    const [role] = JSON.parse(renderIamText('json', request)).roles
    assert.equal(role.maxSessionSeconds, 43_200)
    const [assume, identity, tags] = role.trustPolicy.Statement
    assert.deepEqual(assume.Condition.StringEquals, {
      'sts:ExternalId': 'sekisho-prod-4711',
      'aws:RequestTag/team': 'platform',
    })
    assert.equal(identity.Action, 'sts:SetSourceIdentity')
    assert.deepEqual(tags.Condition['ForAllValues:StringEquals']['aws:TagKeys'], ['team', 'person'])
  })

  it('asks for no tag that one of them leaves out', () => {
    const both = policyOf([production], [tagged, { ...viewer, slug: 'bare' }], ['*'])
    const [role] = JSON.parse(renderIamText('json', { ...request, policy: both })).roles
    assert.deepEqual(Object.keys(role.trustPolicy.Statement[0].Condition.StringEquals), [
      'sts:ExternalId',
    ])
  })
})

describe('Terraform’s names', () => {
  it('are given once each, for accounts that differ in a dot or dash only', () => {
    const twin: Account = { ...production, slug: 'pr.od', id: '555566667777' }
    const other: Account = { ...production, slug: 'pr-od', id: '888899990000' }
    const policy = policyOf([twin, other], [viewer], ['*'])
    const text = renderIamText('terraform', { policy, brokerArn, account: null })
    const names = [...text.matchAll(/"aws_iam_role" "([^"]+)"/g)].map(([, name]) => name)
    assert.equal(names.length, 2)
    assert.equal(new Set(names).size, 2)
    for (const name of names) assert.match(name ?? '', /^[A-Za-z_][A-Za-z0-9_]*$/)
  })
})

function policyOf(
  accounts: readonly Account[],
  permissionSets: readonly PermissionSet[],
  selectors: readonly string[],
) {
  const assignment = {
    name: 'everybody',
    who: { providers: ['company'], groups: ['platform'], emails: [], users: [] },
    accounts: selectors,
    permissionSets: permissionSets.map(({ slug }) => slug),
    from: null,
    until: null,
  }
  return compileAccessPolicy({ accounts, permissionSets, assignments: [assignment], denials: [] })
}
