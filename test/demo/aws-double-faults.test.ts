import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'

import { startAwsDouble } from '#demo/aws-double.ts'
import type { Fault } from '#demo/aws-double.ts'

import {
  askForToken,
  assume,
  defaults,
  loginUrl,
  refusalOf,
  roles,
  sessionJson,
  signinToken,
  startDouble,
  stsClient,
} from './aws-double-fixture.ts'

/** Long enough for a loopback answer, short enough to wait for none. */
const patience = (): AbortSignal => AbortSignal.timeout(150)

describe('faults of STS', () => {
  for (const { fault, code, status } of [
    { fault: { kind: 'status', status: 503 }, code: 'Unknown', status: 503 },
    {
      fault: { kind: 'sts-error', status: 400, code: 'Throttling', message: 'Rate exceeded' },
      code: 'Throttling',
      status: 400,
    },
    {
      fault: { kind: 'sts-error', status: 500, code: 'InternalFailure', message: 'oops' },
      code: 'InternalFailure',
      status: 500,
    },
  ] as const satisfies readonly { fault: Fault; code: string; status: number }[]) {
    it(`reach the SDK as ${code} with status ${status}`, async (t) => {
      const double = await startDouble(t)
      double.faults.set('sts', fault)
      const refusal = await refusalOf(assume(double))
      assert.equal(refusal.code, code)
      assert.equal(refusal.status, status)
    })
  }

  it('let the SDK’s own second try succeed when they come once', async (t) => {
    const double = await startDouble(t)
    double.faults.set('sts', { kind: 'status', status: 503 }, { times: 1 })
    await stsClient(double, 'user', { maxAttempts: 2 }).send(new GetCallerIdentityCommand({}))
    assert.deepEqual(
      double.requests.map(({ status }) => status),
      [503, 200],
    )
  })

  it('stay within their Region, by scope or by path', async (t) => {
    const double = await startDouble(t)
    double.faults.set('sts', { kind: 'status', status: 503 }, { region: 'us-east-1' })
    const inPath = { endpoint: `${double.stsUrl}/us-east-1` }
    await refusalOf(assume(double))
    await refusalOf(stsClient(double, 'user', inPath).send(new GetCallerIdentityCommand({})))
    await assume(double, {}, 'user', 'us-west-2')

    assert.deepEqual(
      double.requests.map(({ region, status }) => `${region} ${status}`),
      ['us-east-1 503', 'us-east-1 503', 'us-west-2 200'],
    )
  })

  it('can differ for one Region from those for all others', async (t) => {
    const double = await startDouble(t)
    double.faults.set('sts', { kind: 'status', status: 500 })
    double.faults.set('sts', { kind: 'status', status: 503 }, { region: 'us-west-2' })
    await refusalOf(assume(double))
    await refusalOf(assume(double, {}, 'user', 'us-west-2'))
    double.faults.set('sts', null, { region: 'us-west-2' })
    await refusalOf(assume(double, {}, 'user', 'us-west-2'))
    double.faults.set('sts', null)
    await assume(double)

    assert.deepEqual(
      double.requests.map(({ status }) => status),
      [500, 503, 500, 200],
    )
  })

  it('leave the SDK a wrong date that it corrects its clock by', async (t) => {
    const double = await startDouble(t)
    double.faults.set('sts', { kind: 'wrong-date' }, { times: 1 })
    const client = stsClient(double)
    await client.send(new GetCallerIdentityCommand({}))
    assert.ok(client.config.systemClockOffset > 80_000_000)
  })

  it('can cut the XML off', async (t) => {
    const double = await startDouble(t)
    double.faults.set('sts', { kind: 'truncated' })
    await assert.rejects(assume(double))
    assert.equal(double.requests[0]?.status, 200)
    assert.equal(double.sessions.length, 1)
  })
})

describe('faults of the federation endpoint', () => {
  const tokenUnder = async (
    t: Parameters<typeof startDouble>[0],
    fault: Fault,
  ): Promise<{ response: Promise<Response>; double: Awaited<ReturnType<typeof startDouble>> }> => {
    const double = await startDouble(t)
    const body = new URLSearchParams({
      Action: 'getSigninToken',
      Session: sessionJson(await assume(double)),
    })
    double.faults.set('federation', fault)
    const url = `${double.signInUrl}/federation`
    return { double, response: fetch(url, { method: 'POST', body, signal: patience() }) }
  }

  it('answer with the status, type, headers and body they were given', async (t) => {
    const { response } = await tokenUnder(t, {
      kind: 'status',
      status: 429,
      body: '<p>slow down</p>',
      contentType: 'text/html',
      headers: { 'retry-after': '7' },
    })
    const { status, headers } = await response
    assert.equal(status, 429)
    assert.equal(headers.get('content-type'), 'text/html')
    assert.equal(headers.get('retry-after'), '7')
    assert.equal(await (await response).text(), '<p>slow down</p>')
  })

  it('answer with any JSON in place of the token', async (t) => {
    const { response } = await tokenUnder(t, { kind: 'json', body: { Token: 1 } })
    assert.deepEqual(await (await response).json(), { Token: 1 })
  })

  it('cut the JSON off', async (t) => {
    const { response } = await tokenUnder(t, { kind: 'truncated' })
    assert.equal((await response).status, 200)
    await assert.rejects((await response).json(), SyntaxError)
  })

  it('never answer when they hang, and show so in the record', async (t) => {
    const { double, response } = await tokenUnder(t, { kind: 'hang' })
    await assert.rejects(response, { name: 'TimeoutError' })
    assert.equal(double.requests.at(-1)?.status, 0)
  })

  it('begin a body that never ends when they drip', async (t) => {
    const { response } = await tokenUnder(t, { kind: 'drip' })
    assert.equal((await response).status, 200)
    await assert.rejects((await response).text(), { name: 'TimeoutError' })
  })

  it('reset the connection', async (t) => {
    const { response } = await tokenUnder(t, { kind: 'reset' })
    await assert.rejects(response, (error: Error) => {
      assert.match(String(error.cause), /ECONNRESET|other side closed/)
      return true
    })
  })

  it('answer late, but truly, when they delay', async (t) => {
    const { double, response } = await tokenUnder(t, { kind: 'delay', milliseconds: 20 })
    assert.equal((await response).status, 200)
    double.faults.set('federation', { kind: 'delay', milliseconds: 60_000 })
    const never = fetch(`${double.signInUrl}/federation`, { signal: patience() })
    await assert.rejects(never, { name: 'TimeoutError' })
  })

  it('send 50 MB', async (t) => {
    const double = await startDouble(t)
    double.faults.set('federation', { kind: 'oversized' })
    const response = await askForToken(double, {})
    assert.ok(Number(response.headers.get('content-length')) > 50_000_000)
    await response.body?.cancel()
  })

  it('are over when cleared, and never touch the login', async (t) => {
    const double = await startDouble(t)
    const SigninToken = await signinToken(double)
    double.faults.set('federation', { kind: 'status', status: 503 })
    const login = await fetch(loginUrl(double, { SigninToken }), { redirect: 'manual' })
    double.faults.clear()
    await signinToken(double)
    assert.equal(login.status, 302)
  })

  it('know a Region by the path alone', async (t) => {
    const double = await startDouble(t)
    double.faults.set('federation', { kind: 'status', status: 503 }, { region: 'us-west-2' })
    const Session = sessionJson(await assume(double))
    const statuses = [
      await askForToken(double, { Session }, '/us-west-2'),
      await askForToken(double, { Session }, '/us-east-1'),
      await askForToken(double, { Session }),
    ].map(({ status }) => status)
    assert.deepEqual(statuses, [503, 200, 200])
  })
})

describe('the double itself', () => {
  it('stops at once, even while requests hang', async () => {
    const double = await startAwsDouble(defaults)
    double.faults.set('sts', { kind: 'hang' })
    const hanging = assert.rejects(assume(double))
    await double.asked('sts', 1)
    await double.stop()
    await hanging
    await assert.rejects(fetch(double.stsUrl))
  })

  it('tells when a service has been asked so often, also where that was before', async (t) => {
    const double = await startDouble(t)
    const notYet = Promise.resolve('not yet')
    const second = double.asked('sts', 2)
    await assume(double)
    assert.equal(await Promise.race([second, notYet]), 'not yet')
    await assume(double)
    await Promise.all([second, double.asked('sts', 1)])
    assert.equal(await Promise.race([double.asked('federation', 1), notYet]), 'not yet')
  })

  it('loses a service like one that crashes: requests cut off, connections refused, the others up', async (t) => {
    const double = await startDouble(t)
    double.faults.set('sts', { kind: 'hang' })
    const cutOff = assert.rejects(assume(double))
    await double.asked('sts', 1)
    await double.kill('sts')
    await cutOff
    await assert.rejects(fetch(double.stsUrl), (error: Error) => {
      assert.match(String(error.cause), /ECONNREFUSED/)
      return true
    })
    assert.equal((await fetch(`${double.signInUrl}/federation`)).status, 400)
  })

  it('can hold requests of one Region, and cut them off together with those that come later', async (t) => {
    const double = await startDouble(t)
    const dead = Promise.withResolvers<void>()
    const fault = { kind: 'reset', after: dead.promise } as const
    double.faults.set('federation', fault, { region: 'us-west-2' })
    const ask = (region: string) => askForToken(double, { Session: '{}' }, `/${region}`)
    const held = [assert.rejects(ask('us-west-2')), assert.rejects(ask('us-west-2'))]
    await double.asked('federation', 2)
    assert.equal((await ask('us-east-1')).status, 400)
    dead.resolve()
    await Promise.all(held)
    await assert.rejects(ask('us-west-2'))
  })

  it('forgets the oldest requests and sessions beyond its limit', async (t) => {
    const double = await startDouble(t, { recordLimit: 2 })
    for (const RoleSessionName of ['s1', 's2', 's3']) await assume(double, { RoleSessionName })
    assert.equal(double.requests.length, 2)
    assert.deepEqual(
      double.sessions.map(({ sessionName }) => sessionName),
      ['s2', 's3'],
    )
  })

  it('refuses to start with a role whose ARN is none, or on a port that is taken', async (t) => {
    const double = await startDouble(t)
    const taken = Number(new URL(double.consoleUrl).port)
    const misnamed = { ...roles.viewer, arn: 'arn:aws:iam::111122223333:user/ada' }
    await assert.rejects(startAwsDouble({ callers: [], roles: [misnamed] }), /whose ARN is none/)
    await assert.rejects(startAwsDouble({ callers: [], roles: [], ports: { console: taken } }), {
      code: 'EADDRINUSE',
    })
  })
})
