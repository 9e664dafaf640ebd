import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import type { AwsDouble, Fault, FaultTarget } from '#demo/aws-double.ts'
import { demoPassword } from '#demo/demo-people.ts'
import type { AuditRecord } from '#domain/audit-event.ts'
import { createVisitor, type Answer } from '../support/cookie-jar.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'

const openings = 200
/** Requests that a service answers before the blow, and those that it holds when the blow comes. */
const answeredBefore = 60
const underWay = 20
const home = 'ap-northeast-1'

/** Long enough for two hundred at once on a busy machine, short enough for a test to see them end. */
const timeouts = { connectMilliseconds: 2_000, requestMilliseconds: 3_000 }

interface Blow {
  readonly what: string
  readonly target: FaultTarget
  readonly failoverRegions: '[]' | '[us-west-2]'
  strike(aws: AwsDouble, target: FaultTarget): Promise<void>
}

const slow: Fault = { kind: 'delay', milliseconds: 600_000 }

const blows: readonly Blow[] = (['sts', 'federation'] as const).flatMap((target): Blow[] => [
  {
    what: 'is killed, and nothing listens any more',
    target,
    failoverRegions: '[]',
    async strike(aws) {
      await aws.asked(target, answeredBefore)
      aws.faults.set(target, { kind: 'hang' })
      await aws.asked(target, answeredBefore + underWay)
      await aws.kill(target)
    },
  },
  {
    what: 'is slower than its time-out',
    target,
    failoverRegions: '[]',
    async strike(aws) {
      await aws.asked(target, answeredBefore)
      aws.faults.set(target, slow)
    },
  },
  {
    what: 'is killed in the home Region alone',
    target,
    failoverRegions: '[us-west-2]',
    async strike(aws) {
      const dead = Promise.withResolvers<void>()
      await aws.asked(target, answeredBefore)
      aws.faults.set(target, { kind: 'reset', after: dead.promise }, { region: home })
      await aws.asked(target, answeredBefore + underWay)
      dead.resolve()
    },
  },
  {
    what: 'is slower than its time-out in the home Region alone',
    target,
    failoverRegions: '[us-west-2]',
    async strike(aws) {
      await aws.asked(target, answeredBefore)
      aws.faults.set(target, slow, { region: home })
    },
  },
])

describe('two hundred openings at once', () => {
  for (const { what, target, failoverRegions, strike } of blows) {
    it(`are all answered and all in the trail when ${target} ${what}`, async (t) => {
      const demo = await startTestDemo(t, {
        timeouts,
        edit: (text) => text.replace(/failoverRegions: .*/, `failoverRegions: ${failoverRegions}`),
      })
      const unrecorded = watchRedirects(t, demo)
      const struck = strike(demo.aws, target)
      const answers = await openMany(demo)
      await struck

      assert.deepEqual(unrecorded, [], 'redirects to AWS before their record was written')
      const trail = await Array.fromAsync(demo.broker.trail.stream({}))
      const opened = assertAnswersAreRecorded(answers, trail)
      assertAwsAgrees(demo.aws, trail)
      const regions = new Set(
        ofType(trail, 'console.opened').map(({ details }) => details['region']),
      )
      if (failoverRegions === '[]') {
        assert.ok(opened >= 1 && opened < openings, `${opened} were opened`)
        assert.deepEqual([...regions], [home])
      } else {
        assert.equal(opened, openings)
        assert.deepEqual(regions, new Set([home, 'us-west-2']))
      }
      assert.equal((await demo.broker.trail.verify()).outcome, 'intact')
    })
  }
})

/** Every person asks for a length of their own: it tells the openings apart in the trail. */
async function openMany(demo: TestDemo): Promise<ReadonlyMap<number, Answer>> {
  const people = await Promise.all(
    ['alice', 'bob'].map(async (name) => {
      const visitor = createVisitor(demo.url)
      await visitor.signIn('/sign-in/company', name, demoPassword)
      return visitor
    }),
  )
  const answers = Array.from({ length: openings }, async (_, index) => {
    const seconds = 900 + index
    const visitor = people[index % people.length]
    assert.ok(visitor)
    const answer = await visitor.open(pathFor(seconds), { follow: false })
    return [seconds, answer] as const
  })
  return new Map(await Promise.all(answers))
}

function pathFor(seconds: number): string {
  return `/go/playground/PowerUser?for=${seconds}s`
}

/** Looks into the file itself while a redirect leaves: what is not in it then came too late. */
function watchRedirects(t: TestContext, demo: TestDemo): readonly string[] {
  const file = demo.settings.server.store.replace('sqlite:', '')
  const database = new DatabaseSync(file, { readOnly: true })
  t.after(() => database.close())
  const find = database.prepare(
    `SELECT 1 FROM audit_record before JOIN audit_record after USING (opening_id)
     WHERE before.type = 'console.opening' AND after.type = 'console.opened'
       AND before.sequence < after.sequence
       AND json_extract(before.details, '$.wantedSeconds') = ?`,
  )
  const unrecorded: string[] = []
  demo.broker.app.server.prependListener('request', ({ url = '' }, response) => {
    const seconds = /^\/go\/.*for=(\d+)s/.exec(url)?.[1]
    if (seconds === undefined) return
    response.once('finish', () => {
      if (response.statusCode === 303 && !find.get(Number(seconds))) unrecorded.push(url)
    })
  })
  return unrecorded
}

/** Each answer has its one record of outcome, and nothing else is in the trail. Gives those opened. */
function assertAnswersAreRecorded(
  answers: ReadonlyMap<number, Answer>,
  trail: readonly AuditRecord[],
): number {
  const begun = ofType(trail, 'console.opening')
  const outcomes = Map.groupBy(
    [...ofType(trail, 'console.opened'), ...ofType(trail, 'console.failed')],
    ({ openingId }) => openingId,
  )
  assert.equal(answers.size, openings)
  assert.equal(begun.length, openings)
  assert.equal(outcomes.size, openings)
  let opened = 0
  for (const opening of begun) {
    const answer = answers.get(Number(opening.details['wantedSeconds']))
    const [outcome, ...more] = outcomes.get(opening.openingId) ?? []
    assert.ok(answer && outcome && more.length === 0, String(opening.openingId))
    assert.ok(opening.sequence < outcome.sequence)
    if (answer.status === 303) {
      opened += 1
      assert.match(answer.headers.location ?? '', /SigninToken=/)
      assert.equal(outcome.type, 'console.opened')
    } else {
      assert.equal(answer.status, 502)
      assert.match(answer.headers['content-type'] ?? '', /^text\/html/)
      assert.ok(answer.body.includes(outcome.requestId), 'the page names its request')
      assert.equal(outcome.type, 'console.failed')
    }
  }
  return opened
}

/** What AWS gave out is what the trail says was opened; what AWS was asked had been announced. */
function assertAwsAgrees(aws: AwsDouble, trail: readonly AuditRecord[]): void {
  const begun = new Set(ofType(trail, 'console.opening').map(({ openingId }) => openingId))
  const asked = aws.requests.map(({ headers }) => openingIdIn(headers['user-agent']))
  assert.ok(asked.length > 0 && asked.every((id) => begun.has(id)))

  const tokens = aws.requests
    .filter(({ at, status }) => at === 'federation' && status === 200)
    .map(({ headers }) => openingIdIn(headers['user-agent']))
  const opened = ofType(trail, 'console.opened').map(({ openingId }) => openingId)
  assert.equal(tokens.length, opened.length)
  assert.deepEqual(new Set(tokens), new Set(opened))
}

function openingIdIn(userAgent: string | undefined): string | null {
  return /opening\/(\S+)/.exec(userAgent ?? '')?.[1] ?? null
}

function ofType(trail: readonly AuditRecord[], type: string): readonly AuditRecord[] {
  return trail.filter((record) => record.type === type)
}
