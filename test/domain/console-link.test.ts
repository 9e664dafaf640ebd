import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readConsoleUrl, type ConsoleAddress } from '#domain/console-link.ts'
import { consolePageOf } from '#domain/console-page.ts'
import { readDestination } from '#domain/destination.ts'
import { partitionNames, partitionOf, type PartitionName } from '#domain/partition.ts'
import { longestDestination, openingPath, readReturnTarget } from '#domain/return-target.ts'

const commercial: readonly PartitionName[] = ['aws']

function addressOf(url: string, partitions = commercial, override: URL | null = null) {
  const reading = readConsoleUrl(url, partitions, override)
  assert.ok(reading.outcome === 'console-page', `${url} is a page of the console`)
  return reading
}

function refusalOf(url: string, partitions = commercial) {
  const reading = readConsoleUrl(url, partitions, null)
  assert.ok(reading.outcome === 'refused', `${url} is refused`)
  return { reason: reading.reason, host: reading.host }
}

describe('a console address that somebody pasted', () => {
  const logs =
    'https://111122220102-k3v9x2aq.ap-northeast-1.console.aws.amazon.com/cloudwatch/home' +
    '?region=ap-northeast-1#logsV2:log-groups/log-group/$252Fcheckout'

  it('gives the account, the Region and the page, without what works in one browser only', () => {
    assert.deepEqual(addressOf(logs), {
      outcome: 'console-page',
      partition: 'aws',
      accountId: '111122220102',
      region: 'ap-northeast-1',
      to: '/cloudwatch/home?region=ap-northeast-1#logsV2:log-groups/log-group/$252Fcheckout',
      page: { service: 'CloudWatch', kind: 'log-group', name: '/checkout' },
      sessionPart: 'k3v9x2aq',
      hadSignInTraces: false,
    } satisfies ConsoleAddress)
  })

  it('takes the Region from the host where the query names none', () => {
    const read = addressOf(
      'https://eu-west-1.console.aws.amazon.com/lambda/home#/functions/nightly',
    )
    assert.equal(read.region, 'eu-west-1')
    assert.equal(read.to, '/lambda/home#/functions/nightly')
    assert.equal(read.accountId, null)
  })

  it('keeps the host of a service that has one of its own, since the path alone would open elsewhere', () => {
    const read = addressOf('https://s3.console.aws.amazon.com/s3/buckets/invoices?tab=objects')
    assert.equal(read.to, 'https://s3.console.aws.amazon.com/s3/buckets/invoices?tab=objects')
    assert.equal(read.region, null)
  })

  it('loses what a sign-in left in the query, and nothing else of it', () => {
    const read = addressOf(
      'https://us-east-1.console.aws.amazon.com/console/home?nc2=h_ct&region=us-east-1' +
        '&hashArgs=%23&isauthcode=true&oauthStart=1764000000000&state=hashArgsFromTB_us-east-1_0a1b',
    )
    assert.equal(read.to, '/console/home?nc2=h_ct&region=us-east-1')
    assert.equal(read.hadSignInTraces, true)
    const own = addressOf('https://console.aws.amazon.com/ecs/v2/clusters?state=active&name=a%20b')
    assert.equal(own.to, '/ecs/v2/clusters?state=active&name=a%20b')
    assert.equal(own.hadSignInTraces, false)
  })

  it('may come with space around it, or without the scheme that browsers hide', () => {
    const bare = 'eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1'
    assert.equal(addressOf(` https://${bare}\n`).to, '/ec2/home?region=eu-west-1')
    assert.equal(addressOf(bare).to, '/ec2/home?region=eu-west-1')
  })

  it('is read by the partition it belongs to', () => {
    const both: readonly PartitionName[] = ['aws', 'aws-cn']
    const china = 'https://cn-north-1.console.amazonaws.cn/s3/home'
    assert.equal(addressOf(china, both).partition, 'aws-cn')
    assert.deepEqual(refusalOf(china), {
      reason: 'other-site',
      host: 'cn-north-1.console.amazonaws.cn',
    })
  })

  it('may be of the stand-in that the config names, for accounts of any partition', () => {
    const override = new URL('http://127.0.0.1:8486/region')
    const url = 'http://127.0.0.1:8486/us-west-2/athena/home#/query-editor/history'
    const read = addressOf(url, commercial, override)
    assert.equal(read.partition, null)
    assert.equal(read.to, url)
    assert.equal(consolePageOf(read.to).service, 'Athena')
  })

  it('is refused by name where it leads anywhere else', () => {
    assert.deepEqual(refusalOf('https://console.aws.amazon.com.evil.example/s3'), {
      reason: 'other-site',
      host: 'console.aws.amazon.com.evil.example',
    })
    assert.deepEqual(refusalOf('https://signin.aws.amazon.com/console'), {
      reason: 'other-site',
      host: 'signin.aws.amazon.com',
    })
    assert.equal(refusalOf('http://console.aws.amazon.com/s3').reason, 'not-https')
    assert.equal(refusalOf('https://a:b@console.aws.amazon.com/s3').reason, 'has-userinfo')
    assert.equal(refusalOf('https://console.aws.amazon.com:8443/s3').reason, 'has-port')
    assert.equal(refusalOf('javascript:alert(1)').reason, 'not-https')
    assert.deepEqual(refusalOf('the log group of the shop'), { reason: 'not-a-url', host: null })
    assert.deepEqual(refusalOf('/s3/home'), { reason: 'not-a-url', host: null })
    assert.deepEqual(refusalOf(''), { reason: 'not-a-url', host: null })
    const long = `https://console.aws.amazon.com/s3?prefix=${'a'.repeat(longestDestination)}`
    assert.equal(refusalOf(long).reason, 'too-long')
  })

  it('is refused for what is wrong with it and not for the partition it was tried in last', () => {
    const reading = readConsoleUrl('https://console.aws.amazon.com:8443/s3', partitionNames, null)
    assert.deepEqual(reading, {
      outcome: 'refused',
      reason: 'has-port',
      host: 'console.aws.amazon.com',
    })
  })

  const path = fc
    .array(
      fc.webPath().filter((text) => text.length > 1),
      { minLength: 1, maxLength: 1 },
    )
    .map(([text = '/x']) => text)
  const pasted = fc.record({
    host: fc.constantFrom(
      'console.aws.amazon.com',
      'eu-central-1.console.aws.amazon.com',
      'resource-explorer.console.aws.amazon.com',
    ),
    session: fc.option(
      fc.tuple(fc.stringMatching(/^[0-9]{12}$/), fc.stringMatching(/^[a-z0-9]{8}$/)),
    ),
    path,
    query: fc.webQueryParameters(),
    fragment: fc.webFragments(),
  })

  it('gives a link that opens the very page, for whatever the console may have written', () => {
    fc.assert(
      fc.property(pasted, ({ host, session, path, query, fragment }) => {
        const prefix = session === null ? '' : `${session[0]}-${session[1]}.`
        const url = `https://${prefix}${host}${path}?${query}#${fragment}`
        const reading = readConsoleUrl(url, commercial, null)
        if (reading.outcome === 'refused') {
          assert.equal(reading.reason, 'too-long')
          return
        }
        assert.equal(reading.accountId, session?.[0] ?? null)
        assert.equal(reading.sessionPart, session?.[1] ?? null)

        // What /go does with the link afterwards.
        const read = readDestination(reading.to, partitionOf('aws'), null)
        assert.ok(read.outcome === 'destination')
        const opened = new URL(read.destination, `https://${host}`)
        const given = new URL(url)
        assert.equal(opened.pathname, given.pathname)
        assert.equal(opened.hash, given.hash)
        assert.equal(opened.hostname, host)
      }),
    )
  })

  it('gives links that come through a sign-in unchanged', () => {
    fc.assert(
      fc.property(pasted, ({ host, path, query, fragment }) => {
        const reading = readConsoleUrl(
          `https://${host}${path}?${query}#${fragment}`,
          commercial,
          null,
        )
        if (reading.outcome === 'refused') return
        const target = {
          account: 'prod',
          permissionSet: 'Viewer',
          to: reading.to,
          region: reading.region,
          for: null,
        }
        assert.deepEqual(readReturnTarget(openingPath(target, {})), { kind: 'opening', ...target })
      }),
    )
  })

  it('never makes the reader throw, nor lets anything through that an opening would refuse', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.string({ maxLength: 60 }).map((rest) => `https://console.aws.amazon.com${rest}`),
    )
    fc.assert(
      fc.property(anything, (text) => {
        const reading = readConsoleUrl(text, partitionNames, null)
        if (reading.outcome === 'refused') return
        assert.ok(reading.partition)
        const again = readDestination(reading.to, partitionOf(reading.partition), null)
        assert.equal(again.outcome, 'destination', `${text} became ${reading.to}`)
      }),
    )
  })
})

describe('the page that an address names', () => {
  const cases: readonly [string, string | null, string | null, string | null][] = [
    [
      '/cloudwatch/home#logsV2:log-groups/log-group/$252Faws$252Flambda$252Ffn/x',
      'CloudWatch',
      'log-group',
      '/aws/lambda/fn',
    ],
    ['/cloudwatch/home#logsV2:log-groups', 'CloudWatch', 'log-groups', null],
    ['/cloudwatch/home#alarmsV2:alarm/Too+hot?~(x)', 'CloudWatch', 'alarm', 'Too+hot'],
    ['/cloudwatch/home#dashboards/dashboard/Shop', 'CloudWatch', 'dashboard', 'Shop'],
    ['/s3/buckets/invoices?region=eu-west-1', 'S3', 'bucket', 'invoices'],
    ['https://s3.console.aws.amazon.com/s3/object/invoices?prefix=a', 'S3', 'object', 'invoices'],
    ['/ec2/home?region=x#InstanceDetails:instanceId=i-0abc', 'EC2', 'instance', 'i-0abc'],
    ['/lambda/home#/functions/nightly?tab=code', 'Lambda', 'function', 'nightly'],
    ['/iam/home#/roles/details/sekisho?section=trust', 'IAM', 'role', 'sekisho'],
    ['/dynamodbv2/home?region=x#table?name=orders&tab=overview', 'DynamoDB', 'table', 'orders'],
    ['/rds/home#database:id=shop;is-cluster=false', 'RDS', 'database', 'shop'],
    [
      '/cloudformation/home#/stacks/stackinfo?filter=a&stackId=arn%3Aaws%3Acloudformation%3Ax%3A1%3Astack%2Fnet%2F9',
      'CloudFormation',
      'stack',
      'net',
    ],
    ['/ecs/v2/clusters/shop/services', 'ECS', 'cluster', 'shop'],
    [
      '/states/home#/statemachines/view/arn:aws:states:x:1:stateMachine:nightly',
      'Step Functions',
      'state-machine',
      'nightly',
    ],
    [
      '/sqs/v3/home#/queues/https%3A%2F%2Fsqs.x.amazonaws.com%2F1%2Forders',
      'SQS',
      'queue',
      'orders',
    ],
    ['/secretsmanager/secret?name=db%2Fshop&region=x', 'Secrets Manager', 'secret', 'db/shop'],
    ['/athena/home#/query-editor/history', 'Athena', 'query-history', null],
    ['/console/home?region=x', null, 'home', null],
    ['/sagemaker/home#/domains', 'SageMaker', null, null],
    ['/somethingnew/home', null, null, null],
    ['/constructor/home', null, null, null],
  ]
  for (const [to, service, kind, name] of cases) {
    it(`is told from ${to.slice(0, 60)}`, () => {
      assert.deepEqual(consolePageOf(to), { service, kind, name })
    })
  }

  it('is shown without characters that nobody sees', () => {
    const { name } = consolePageOf('/lambda/home#/functions/pay%E2%80%AEsllor%00')
    assert.equal(name, 'paysllor')
  })

  it('keeps a name that is encoded wrongly as it stands', () => {
    assert.equal(consolePageOf('/lambda/home#/functions/%zz').name, '%zz')
  })
})
