import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { defaultTimeouts } from '#adapters/aws/console-federation.ts'
import { RegionCircuit } from '#adapters/aws/region-circuit.ts'
import type { Fault, FaultTarget } from '#demo/aws-double.ts'
import { Problem } from '#domain/problem.ts'
import type { OpenedConsole } from '#ports'
import { anOpening, haste, problemOf, setUpAws } from '../support/aws-openings.ts'

const home = { region: 'eu-west-1' } as const

describe('a Region that fails', () => {
  const faults: readonly (readonly [FaultTarget, Fault, string])[] = [
    ['sts', { kind: 'status', status: 503 }, 'aws-fault'],
    ['sts', { kind: 'hang' }, 'timed-out'],
    ['sts', { kind: 'drip' }, 'timed-out'],
    [
      'sts',
      { kind: 'sts-error', status: 400, code: 'Throttling', message: 'Rate exceeded' },
      'throttled',
    ],
    ['federation', { kind: 'status', status: 500 }, 'aws-fault'],
    ['federation', { kind: 'hang' }, 'timed-out'],
    ['federation', { kind: 'reset' }, 'unreachable'],
    ['federation', { kind: 'truncated' }, 'answer-unreadable'],
  ]
  for (const [target, fault, finding] of faults) {
    it(`(${target}: ${fault.kind}) is left for the next one, from the start`, async (t) => {
      const isEndless = fault.kind === 'hang' || fault.kind === 'drip'
      const timeouts = { ...haste, openingMilliseconds: 4_000 }
      const { aws, federation } = await setUpAws(t, isEndless ? { federation: { timeouts } } : {})
      aws.faults.set(target, fault, home)
      const startedAt = performance.now()
      const opened = await federation.openConsole(anOpening())

      // A request's own time-out cuts a hanging one off, long before the Region's share of the time.
      assert.ok(fault.kind !== 'hang' || performance.now() - startedAt < 1_700)
      assert.equal(opened.region, 'us-west-2')
      assert.match(opened.notices.join(), new RegExp(`eu-west-1: ${finding},opened in us-west-2`))
      const elsewhere = aws.requests.filter(({ region }) => region === 'us-west-2')
      assert.deepEqual(
        elsewhere.map(({ at }) => at),
        ['sts', 'federation'],
      )
      assert.match(opened.signInUrl.pathname, /^\/us-west-2\//)
      const destination = new URL(opened.signInUrl.searchParams.get('Destination') ?? '')
      assert.equal(destination.searchParams.get('region'), 'us-west-2')
      assert.equal((await fetch(opened.signInUrl, { redirect: 'manual' })).status, 302)
    })
  }

  it('is not left for a refusal: it answered', async (t) => {
    const { aws, federation } = await setUpAws(t)
    aws.faults.set('federation', { kind: 'status', status: 400 }, home)
    await problemOf(federation.openConsole(anOpening()))
    assert.equal(
      aws.requests.some(({ region }) => region === 'us-west-2'),
      false,
    )
  })

  it('is remembered: the next person does not wait for it, and operators see it', async (t) => {
    const { aws, federation, logged } = await setUpAws(t)
    aws.faults.set('sts', { kind: 'status', status: 503 }, home)
    await federation.openConsole(anOpening())
    const asked = aws.requests.length
    const second = await federation.openConsole(anOpening())

    assert.deepEqual(
      aws.requests.slice(asked).map(({ region }) => region),
      ['us-west-2', 'us-west-2'],
    )
    assert.deepEqual(second.notices, [])
    assert.match(federation.findings()['region eu-west-1'] ?? '', /failing since 20.*aws-fault/)
    assert.match(logged(), /an AWS Region failed.*eu-west-1/)
  })

  it('is used again once it answers', async (t) => {
    let now = new Date()
    const { aws, federation, logged } = await setUpAws(t, { federation: { clock: () => now } })
    aws.faults.set('sts', { kind: 'status', status: 503 }, home)
    await federation.openConsole(anOpening())
    aws.faults.clear()
    now = new Date(now.getTime() + 31_000)

    assert.equal((await federation.openConsole(anOpening())).region, 'eu-west-1')
    assert.equal('region eu-west-1' in federation.findings(), false)
    assert.match(logged(), /answers again.*eu-west-1/)
  })

  it('is tried all the same where every other one fails too', async (t) => {
    const { aws, federation } = await setUpAws(t)
    aws.faults.set('sts', { kind: 'status', status: 503 }, home)
    await federation.openConsole(anOpening())
    aws.faults.clear()
    aws.faults.set('sts', { kind: 'status', status: 503 }, { region: 'us-west-2' })

    assert.equal((await federation.openConsole(anOpening())).region, 'eu-west-1')
  })
})

describe('two hundred openings at once', () => {
  const blows: readonly (readonly [FaultTarget, Fault])[] = [
    ['sts', { kind: 'delay', milliseconds: 60_000 }],
    ['sts', { kind: 'reset' }],
    ['sts', { kind: 'status', status: 503 }],
    ['federation', { kind: 'hang' }],
    ['federation', { kind: 'reset' }],
    ['federation', { kind: 'status', status: 503 }],
  ]
  const timeouts = {
    connectMilliseconds: 2_000,
    requestMilliseconds: 3_500,
    openingMilliseconds: 14_000,
  }

  for (const [target, fault] of blows) {
    it(`are all answered, in the other Region, when ${target} fails in their midst: ${fault.kind}`, async (t) => {
      const { aws, federation } = await setUpAws(t, { federation: { timeouts } })
      const startedAt = performance.now()
      const settled = openMany(federation, (done) => {
        if (done === 40) aws.faults.set(target, fault, home)
      })
      const outcomes = await settled

      assert.ok(performance.now() - startedAt < 15_000)
      assert.equal(outcomes.length, 200)
      assert.deepEqual(new Set(outcomes.map(regionOrCode)), new Set(['eu-west-1', 'us-west-2']))
      const urls = outcomes.map((outcome) => ('signInUrl' in outcome ? outcome.signInUrl.href : ''))
      assert.equal(new Set(urls).size, 200)
    })
  }

  it('are all answered when AWS is gone altogether', async (t) => {
    const { aws, federation } = await setUpAws(t, { federation: { timeouts } })
    const stops: Promise<void>[] = []
    const outcomes = await openMany(federation, (done) => {
      if (done === 40) stops.push(aws.stop())
    })
    await Promise.all(stops)

    assert.equal(outcomes.length, 200)
    const seen = new Set(outcomes.map(regionOrCode))
    assert.ok(seen.has('eu-west-1') && seen.has('aws-unavailable'), [...seen].join())
  })
})

describe('the time that an opening takes', () => {
  it('is less than the 15 s that visitors wait at most, whatever AWS does', () => {
    assert.ok(defaultTimeouts.openingMilliseconds < 15_000)
  })
})

describe('the memory of failed Regions', () => {
  it('lets one opening probe a rested Region, and sends the others elsewhere meanwhile', () => {
    let now = new Date(0)
    const circuit = new RegionCircuit(() => now, 30)
    assert.deepEqual(circuit.order(['a', 'b']), ['a', 'b'])

    assert.equal(circuit.failed('a', 'timed-out'), true)
    assert.equal(circuit.failed('a', 'timed-out'), false)
    assert.deepEqual(circuit.order(['a', 'b']), ['b', 'a'])

    now = new Date(30_000)
    assert.deepEqual(circuit.order(['a', 'b']), ['a', 'b'])
    assert.deepEqual(circuit.order(['a', 'b']), ['b', 'a'])

    assert.equal(circuit.answered('a'), true)
    assert.deepEqual(circuit.order(['a', 'b']), ['a', 'b'])
  })

  it('does not leave anybody without a Region', () => {
    const circuit = new RegionCircuit(() => new Date(0), 30)
    circuit.failed('a', 'timed-out')
    circuit.failed('b', 'timed-out')
    assert.deepEqual(circuit.order(['a', 'b']), ['a', 'b'])
  })
})

type Outcome = OpenedConsole | Problem

function regionOrCode(outcome: Outcome): string {
  return 'region' in outcome ? outcome.region : outcome.code
}

/** Two hundred at once; `afterEach` hears how many have been answered. */
async function openMany(
  federation: { openConsole: (opening: ReturnType<typeof anOpening>) => Promise<OpenedConsole> },
  afterEach: (done: number) => void,
): Promise<Outcome[]> {
  let done = 0
  const openings = Array.from({ length: 200 }, async (_, index) => {
    try {
      return await federation.openConsole(anOpening({ openingId: `opening-${index}` }))
    } catch (error) {
      if (error instanceof Problem) return error
      throw error
    } finally {
      done += 1
      afterEach(done)
    }
  })
  return Promise.all(openings)
}
