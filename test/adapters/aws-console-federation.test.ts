import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Account, PermissionSet } from '#domain/access-policy.ts'
import type { PartitionName } from '#domain/partition.ts'
import type { RecordedRequest } from '#demo/aws-double.ts'
import type { AwsSettings } from '#domain/settings.ts'
import {
  anOpening,
  chained,
  longTerm,
  problemOf,
  production,
  setUpAws,
  viewer,
} from '../support/aws-openings.ts'

const formOf = (request: RecordedRequest | undefined) => new URLSearchParams(request?.body ?? '')
const at = (requests: readonly RecordedRequest[], place: RecordedRequest['at']) =>
  requests.filter((request) => request.at === place)

describe('opening a console', () => {
  it('ends on the page asked for, in the Region that gave the credentials', async (t) => {
    const { aws, federation } = await setUpAws(t)
    const opened = await federation.openConsole(anOpening())

    const signIn = await fetch(opened.signInUrl, { redirect: 'manual' })
    assert.equal(signIn.status, 302)
    assert.equal(
      signIn.headers.get('location'),
      `${aws.consoleUrl}/s3/home?region=eu-west-1#buckets`,
    )
    assert.deepEqual(
      aws.requests.map((request) => [request.at, request.region]),
      [
        ['sts', 'eu-west-1'],
        ['federation', 'eu-west-1'],
        ['login', 'eu-west-1'],
      ],
    )
    assert.deepEqual([opened.region, opened.notices], ['eu-west-1', []])
    assert.equal(aws.sessions.at(-1)?.accessKeyId, opened.accessKeyId)
  })

  it('sends the credentials in the body of a POST: a URL would be logged on the way', async (t) => {
    const { aws, federation } = await setUpAws(t)
    await federation.openConsole(anOpening())

    const [exchange] = at(aws.requests, 'federation')
    assert.equal(exchange?.method, 'POST')
    assert.equal(exchange?.url, '/eu-west-1/federation')
    const session = JSON.parse(formOf(exchange).get('Session') ?? '')
    assert.deepEqual(Object.keys(session), ['sessionId', 'sessionKey', 'sessionToken'])
    for (const { url } of aws.requests) assert.equal(url.includes(session.sessionKey), false)
  })

  it('can use GET, for a partition that takes nothing else', async (t) => {
    const { aws, federation } = await setUpAws(t, { settings: { federationMethod: 'GET' } })
    const opened = await federation.openConsole(anOpening())

    assert.equal(at(aws.requests, 'federation')[0]?.method, 'GET')
    assert.equal((await fetch(opened.signInUrl, { redirect: 'manual' })).status, 302)
  })

  it('encodes the login URL once, and spaces as %20', async (t) => {
    const { federation } = await setUpAws(t)
    const destination = '/s3/home?q=a%2Bb+c#it%27s (here)'
    const { signInUrl } = await federation.openConsole(anOpening({ destination }))

    const { search, searchParams } = signInUrl
    assert.deepEqual([...searchParams.keys()], ['Action', 'Issuer', 'Destination', 'SigninToken'])
    assert.equal(searchParams.get('Issuer'), 'https://broker.example/go/prod/viewer')
    assert.match(
      searchParams.get('Destination') ?? '',
      /q=a%2Bb\+c&region=eu-west-1#it%27s%20\(here\)$/,
    )
    assert.doesNotMatch(search, /[+!'()*]/)
  })

  it('names the product and the opening in the User-Agent of both calls', async (t) => {
    const { aws, federation } = await setUpAws(t)
    await federation.openConsole(anOpening({ openingId: 'b1946ac9-2ca6' }))

    const agents = aws.requests.map(({ headers }) => headers['user-agent'] ?? '')
    assert.equal(agents.length, 2)
    for (const agent of agents) assert.match(agent, /opening\/b1946ac9-2ca6/)
    for (const agent of agents) assert.match(agent, /Sekisho\/0\.1\.0/)
  })

  it('lands in the Region that was asked for, though another one signed in', async (t) => {
    const { aws, federation } = await setUpAws(t)
    const opened = await federation.openConsole(anOpening({ region: 'ap-northeast-1' }))

    assert.equal(opened.region, 'eu-west-1')
    assert.equal(
      opened.signInUrl.searchParams.get('Destination'),
      `${aws.consoleUrl}/s3/home?region=ap-northeast-1#buckets`,
    )
  })

  it('puts no text into a host that is not the name of a Region of the partition', async (t) => {
    const { federation, settings } = await setUpAws(t)
    settings.endpoints = { ...settings.endpoints, console: null }
    const { signInUrl } = await federation.openConsole(
      anOpening({ region: 'eu-west-1.evil.example' }),
    )
    const destination = new URL(signInUrl.searchParams.get('Destination') ?? '')
    assert.equal(destination.host, 'eu-west-1.console.aws.amazon.com')
  })

  it('signs out of the console first where asked, and comes back to the page', async (t) => {
    const { federation } = await setUpAws(t, { double: { multiSession: false } })
    const { signInUrl } = await federation.openConsole(anOpening({ signOutFirst: true }))

    assert.match(signInUrl.pathname, /^\/eu-west-1\/oauth$/)
    const signOut = await fetch(signInUrl, { redirect: 'manual' })
    const login = new URL(signOut.headers.get('location') ?? '')
    assert.equal(login.searchParams.get('Action'), 'login')
    assert.equal((await fetch(login, { redirect: 'manual' })).status, 302)
  })
})

describe('who it was', () => {
  const tagged: PermissionSet = {
    ...viewer,
    sessionTags: new Map([
      ['team', '{account.tags.team}'],
      ['owner', '{account.tags.owner}'],
    ]),
    transitiveTags: ['Team', 'owner'],
  }
  const attributed = {
    permissionSet: tagged,
    sourceIdentity: 'ada@example.org',
    tags: new Map([['team', 'platform']]),
  }

  it('is in session name, source identity and tags; a tag without a value is not transitive', async (t) => {
    const trust = { sourceIdentity: 'required', tagSession: true, requiredTags: ['team'] } as const
    const { aws, federation } = await setUpAws(t, { trust })
    await federation.openConsole(anOpening(attributed))

    const session = aws.sessions.at(-1)
    assert.equal(session?.sessionName, 'ada@example.org')
    assert.equal(session?.sourceIdentity, 'ada@example.org')
    assert.deepEqual(session?.tags, { team: 'platform' })
    assert.deepEqual(session?.transitiveTagKeys, ['team'])
    assert.equal(formOf(aws.requests[0]).get('ExternalId'), 'sekisho-prod-4711')
  })

  it('must be said where attribution is strict: nothing is opened without', async (t) => {
    const { aws, federation } = await setUpAws(t)
    const problem = await problemOf(federation.openConsole(anOpening(attributed)))

    assert.equal(problem.code, 'aws-refused')
    assert.equal(problem.operatorNote?.finding, 'source-identity-refused')
    assert.match(problem.operatorNote?.trustPolicy ?? '', /sts:TagSession/)
    assert.equal(aws.requests.length, 1)
  })

  it('is left out where attribution is lenient, and the operator hears of it', async (t) => {
    const { aws, federation } = await setUpAws(t)
    const permissionSet = { ...tagged, attribution: 'lenient' as const }
    const opened = await federation.openConsole(anOpening({ ...attributed, permissionSet }))

    assert.equal(opened.notices.length, 2)
    assert.match(opened.notices.join(), /source-identity-refused.*tags-refused/)
    const session = aws.sessions.at(-1)
    assert.deepEqual([session?.sourceIdentity, session?.tags], [undefined, {}])
    assert.equal(session?.sessionName, 'ada@example.org')
  })
})

describe('how long it may last', () => {
  const partitions: readonly (readonly [PartitionName, string])[] = [
    ['aws', 'eu-west-1'],
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-eusc', 'eusc-de-east-1'],
    ['aws-iso', 'us-iso-east-1'],
    ['aws-iso-b', 'us-isob-east-1'],
    ['aws-iso-e', 'eu-isoe-west-1'],
    ['aws-iso-f', 'us-isof-south-1'],
  ]
  for (const [partition, region] of partitions) {
    for (const caller of [longTerm, chained]) {
      const source = caller.chained ? 'chained' : 'plain'
      it(`is told truly with ${source} credentials in ${partition}, from minutes to hours`, async (t) => {
        const account: Account = { ...production, partition }
        const { aws, federation } = await setUpAws(t, { account, caller })
        for (const wantedSeconds of [300, 900, 3600, 7273, 28_800, 43_200]) {
          const deniedAfter =
            wantedSeconds < 900 ? new Date(Date.now() + wantedSeconds * 1000) : null
          const opened = await federation.openConsole(
            anOpening({ account, wantedSeconds, deniedAfter }),
          )
          const most = caller.chained ? 3600 : 43_200
          assertAbout(opened.sessionSeconds, Math.min(wantedSeconds, most))
          assertAbout((opened.endsAt.getTime() - Date.now()) / 1000, opened.sessionSeconds)
          assert.equal(opened.region, region)
          assert.equal((await fetch(opened.signInUrl, { redirect: 'manual' })).status, 302)
        }
        const { roleArn } = aws.sessions[0] ?? { roleArn: '' }
        assert.equal(roleArn, `arn:${partition}:iam::111122223333:role/sekisho/ViewOnlyAccess`)
      })
    }
  }

  it('is learned once: chained credentials meet one refusal, and the tile says an hour', async (t) => {
    const { aws, federation, logged } = await setUpAws(t, { caller: chained })
    assert.equal(federation.longestSeconds(production, viewer), 28_800)
    const first = await federation.openConsole(anOpening())
    const second = await federation.openConsole(anOpening())

    const durations = at(aws.requests, 'federation').map((request) =>
      formOf(request).get('SessionDuration'),
    )
    assert.deepEqual(durations, ['28800', null, null])
    assert.match(first.notices.join(), /session-duration-refused/)
    assert.match(second.notices.join(), /duration-over-chaining-cap/)
    assert.equal(federation.longestSeconds(production, viewer), 3600)
    assert.match(federation.findings()['sessionDuration'] ?? '', /refused/)
    assert.match(federation.findings()['credentialSource'] ?? '', /temporary/)
    assert.match(logged(), /SessionDuration refused/)
  })

  it('is accepted from plain credentials though the role itself allows an hour only', async (t) => {
    const { federation } = await setUpAws(t, { maxSessionSeconds: 3600 })
    const opened = await federation.openConsole(anOpening())

    assert.equal(opened.sessionSeconds, 28_800)
    assert.equal(federation.findings()['sessionDuration'], 'accepted')
    assert.equal(federation.longestSeconds(production, viewer), 28_800)
  })

  it("is the role's own without SessionDuration: clamped, tried once more, and remembered", async (t) => {
    const settings = { consoleSessionDuration: 'never' } as const
    const { aws, federation } = await setUpAws(t, { settings, maxSessionSeconds: 3600 })
    const first = await federation.openConsole(anOpening())
    await federation.openConsole(anOpening())

    assertAbout(first.sessionSeconds, 3600)
    assert.match(first.notices.join(), /duration-over-role-maximum/)
    const asked = at(aws.requests, 'sts').map((request) => formOf(request).get('DurationSeconds'))
    assert.deepEqual(asked, ['28800', '3600', '3600'])
    assert.equal(federation.longestSeconds(production, viewer), 3600)
  })

  it('is up to twelve hours without SessionDuration where role and credentials allow it', async (t) => {
    const settings = { consoleSessionDuration: 'never' } as const
    const { aws, federation } = await setUpAws(t, { settings })
    const opened = await federation.openConsole(anOpening({ wantedSeconds: 43_200 }))

    assertAbout(opened.sessionSeconds, 43_200)
    assert.equal(formOf(at(aws.requests, 'federation')[0]).has('SessionDuration'), false)
  })

  it('is a fault of the set-up where it must always be sent and is refused', async (t) => {
    const settings = { consoleSessionDuration: 'always' } as const
    const { aws, federation } = await setUpAws(t, { settings, caller: chained })
    const problem = await problemOf(federation.openConsole(anOpening()))

    assert.equal(problem.code, 'aws-misconfigured')
    assert.equal(problem.operatorNote?.finding, 'session-duration-refused')
    assert.equal(at(aws.requests, 'federation').length, 1)
  })

  it('is not learned from an endpoint that refuses with and without', async (t) => {
    const { aws, federation } = await setUpAws(t)
    aws.faults.set('federation', { kind: 'status', status: 400 })
    const problem = await problemOf(federation.openConsole(anOpening()))

    assert.equal(problem.operatorNote?.finding, 'federation-refused')
    assert.equal(at(aws.requests, 'federation').length, 2)
    assert.equal(federation.findings()['sessionDuration'], 'unknown')
  })

  it('ends to the second where a policy says so', async (t) => {
    const { aws, federation } = await setUpAws(t)
    const deniedAfter = new Date(Math.floor(Date.now() / 1000) * 1000 + 600_000)
    const opened = await federation.openConsole(anOpening({ wantedSeconds: 600, deniedAfter }))

    assert.equal(opened.endsAt.getTime(), deniedAfter.getTime())
    assertAbout(opened.sessionSeconds, 600)
    const policy = JSON.parse(aws.sessions.at(-1)?.policy ?? '{}')
    assert.equal(policy.Statement.at(-1).Effect, 'Deny')
    assert.equal(
      policy.Statement.at(-1).Condition.DateGreaterThan['aws:CurrentTime'],
      deniedAfter.toISOString().replace('.000Z', 'Z'),
    )
  })
})

describe('Regions', () => {
  const cases: readonly (readonly [string, Partial<Account>, Partial<AwsSettings>, string])[] = [
    ['the home Region', {}, {}, 'eu-west-1'],
    ["the account's own", { region: 'ap-northeast-1' }, {}, 'ap-northeast-1'],
    [
      "its partition's, not another one's",
      { partition: 'aws-cn', region: 'eu-west-1' },
      {},
      'cn-north-1',
    ],
    [
      'the home Region of its partition, where the broker has one',
      { partition: 'aws-cn' },
      { region: 'cn-northwest-1' },
      'cn-northwest-1',
    ],
    [
      "a failover Region of its partition rather than that partition's default",
      { partition: 'aws-us-gov' },
      { failoverRegions: ['us-west-2', 'us-gov-east-1'] },
      'us-gov-east-1',
    ],
  ]
  for (const [which, changes, settings, region] of cases) {
    it(`are asked in order, beginning with ${which}`, async (t) => {
      const account = { ...production, ...changes }
      const { federation } = await setUpAws(t, { account, settings })
      assert.equal((await federation.openConsole(anOpening({ account }))).region, region)
    })
  }
})

/** The exchange takes a moment, and expiry times are whole seconds. */
function assertAbout(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 30, `${actual} s instead of about ${expected} s`)
}
