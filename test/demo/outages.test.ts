import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { demoPassword } from '#demo/demo-people.ts'
import type { Fault } from '#demo/aws-double.ts'
import { createVisitor } from '../support/cookie-jar.ts'
import { startTestDemo } from '../support/demo.ts'

/** The promise of the broker to whoever waits. */
const longestWaitMilliseconds = 15_000

async function within<Result>(work: Promise<Result>): Promise<Result> {
  const started = performance.now()
  const result = await work
  assert.ok(performance.now() - started < longestWaitMilliseconds, 'nobody waits over 15 s')
  return result
}

const faults: readonly [string, 'sts' | 'federation', Fault][] = [
  ['STS hangs', 'sts', { kind: 'hang' }],
  ['STS is cut off', 'sts', { kind: 'reset' }],
  [
    'STS is broken',
    'sts',
    { kind: 'status', status: 503, body: '<html>', contentType: 'text/html' },
  ],
  ['STS drips', 'sts', { kind: 'drip' }],
  ['the federation endpoint hangs', 'federation', { kind: 'hang' }],
  ['the federation endpoint is cut off', 'federation', { kind: 'reset' }],
  ['the federation endpoint drips', 'federation', { kind: 'drip' }],
  ['the federation endpoint answers without a token', 'federation', { kind: 'json', body: {} }],
  ['the federation endpoint answers half a token', 'federation', { kind: 'truncated' }],
  ['the federation endpoint answers fifty megabytes', 'federation', { kind: 'oversized' }],
]

describe('while AWS fails', { concurrency: true }, () => {
  for (const [what, target, fault] of faults) {
    it(`and ${what}, the person gets a page in time and stays signed in`, async (t) => {
      const demo = await startTestDemo(t)
      const visitor = createVisitor(demo.url)
      await visitor.signIn(`${demo.url}/sign-in/company?to=/`, 'alice', demoPassword)
      demo.aws.faults.set(target, fault)
      const failed = await within(visitor.open('/go/payments-prod/ReadOnly'))
      assert.ok(failed.status >= 500 && failed.status < 600, String(failed.status))
      assert.match(failed.body, /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/, 'the page names the request')

      demo.aws.faults.clear()
      const portal = await visitor.open('/')
      assert.equal(portal.status, 200)
      assert.match(portal.body, /Where to/)
      const trail = await demo.broker.trail.search({ type: 'console.failed' }, 10)
      assert.equal(trail.records.length, 1)
    })
  }

  it('in the home Region only, the next one opens the console, and log, trail, metrics and readiness say so', async (t) => {
    const demo = await startTestDemo(t)
    const visitor = createVisitor(demo.url)
    await visitor.signIn(`${demo.url}/sign-in/company?to=/`, 'alice', demoPassword)
    demo.aws.faults.set('sts', { kind: 'reset' }, { region: 'ap-northeast-1' })
    const opened = await within(visitor.open('/go/payments-prod/ReadOnly'))
    assert.equal(opened.status, 200)
    assert.match(opened.url, /\/us-west-2\//)

    const failed = demo.logLines.find((line) => line.includes('an AWS Region failed')) ?? ''
    assert.match(failed, /"level":40.*"region":"ap-northeast-1".*"openingId":/)
    const [record] = (await demo.broker.trail.search({ type: 'console.opened' }, 1)).records
    assert.equal(record?.details['region'], 'us-west-2')
    assert.match(
      String(record?.details['notices']),
      /^ap-northeast-1: (unreachable|timed-out); opened in us-west-2/,
    )
    const metrics = await demo.broker.metrics.registry.metrics()
    const count = (call: string, region: string, outcome: string) =>
      new RegExp(
        `^sekisho_aws_call_seconds_count\\{call="${call}",region="${region}",outcome="${outcome}"\\} 1$`,
        'm',
      )
    assert.match(metrics, count('assume-role', 'ap-northeast-1', '(unreachable|timed-out)'))
    assert.match(metrics, count('assume-role', 'us-west-2', 'ok'))
    assert.match(metrics, count('signin-token', 'us-west-2', 'ok'))
    const ready = await fetch(`${demo.url}/readyz`)
    assert.equal(ready.status, 200, 'one Region is enough')
    assert.match(await ready.text(), /"region ap-northeast-1":"failing since 20/)
  })
})

describe('while the identity provider fails', () => {
  it('a sign-in gets a page in time, people already signed in go on, and no restart is needed', async (t) => {
    const demo = await startTestDemo(t)
    const signedIn = createVisitor(demo.url)
    await signedIn.signIn(`${demo.url}/sign-in/company?to=/`, 'alice', demoPassword)
    const form = await createVisitor(demo.url).open('/sign-in/company?to=/')
    const late = createVisitor(demo.url)
    const started = await late.open('/sign-in/company?to=/', { follow: false })
    assert.equal(form.status, 200)
    await demo.company.stop()

    const state = new URL(String(started.headers.location)).searchParams.get('state') ?? ''
    const failed = await within(
      late.open(
        `/sign-in/company/callback?code=any&state=${state}&iss=${encodeURIComponent(demo.company.issuer)}`,
      ),
    )
    assert.equal(failed.status, 503)
    assert.match(failed.body, /Example SSO|sign/i)
    const opened = await within(signedIn.open('/go/payments-prod/ReadOnly'))
    assert.equal(opened.status, 200)
  })
})
