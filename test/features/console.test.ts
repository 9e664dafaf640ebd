import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Problem } from '#domain/problem.ts'
import { breakableTrail } from '../support/breakable-trail.ts'
import { startBroker } from '../support/broker.ts'
import { policyText } from '../support/policy-text.ts'

describe('opening the console', () => {
  it('sends an assigned person to AWS, and writes it down first', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    const answer = await visitor.visit('/go/prod/Viewer', { site: 'same-origin' })

    assert.equal(answer.statusCode, 303)
    assert.match(String(answer.headers.location), /^https:\/\/signin\.aws\.example\/federation\?/)
    assert.equal(answer.body, '')
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(answer.headers['referrer-policy'], 'no-referrer')
    const events = (await broker.recorded()).slice(1)
    assert.deepEqual(
      events.map(({ type, reason, account, accountId, permissionSet, roleSessionName }) => ({
        type,
        reason,
        account,
        accountId,
        permissionSet,
        roleSessionName,
      })),
      ['console.opening', 'console.opened'].map((type) => ({
        type,
        reason: 'payments developers',
        account: 'prod',
        accountId: '111122223333',
        permissionSet: 'Viewer',
        roleSessionName: 'grace@example.com',
      })),
    )
    assert.equal(events[1]?.accessKeyId, 'ASIAEXAMPLE')
    assert.equal(events[0]?.openingId, broker.opened[0]?.openingId)
  })

  it('knows an account by its twelve digits too', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    const answer = await visitor.visit('/go/111122223333/Viewer')
    assert.equal(answer.statusCode, 303)
    assert.equal(broker.opened[0]?.account.slug, 'prod')
  })

  it('opens nothing where the trail cannot be written', async (t) => {
    const trail = breakableTrail()
    const broker = await startBroker(t, { wrapStorage: trail.wrapStorage })
    const visitor = await broker.signedIn('grace')
    trail.break()
    const answer = await visitor.visit('/go/prod/Viewer')
    assert.equal(answer.statusCode, 503)
    assert.deepEqual(broker.opened, [])
    const metrics = await broker.metrics.registry.metrics()
    assert.match(metrics, /^sekisho_console_openings_total\{outcome="trail-unavailable"\} 1$/m)
  })

  it('writes down what failed at AWS, and shows a page with the request id', async (t) => {
    const broker = await startBroker(t)
    broker.answerOpeningsWith(() => Promise.reject(new Problem('aws-unavailable')))
    const visitor = await broker.signedIn('grace')
    const answer = await visitor.visit('/go/prod/Viewer')
    assert.equal(answer.statusCode, 502)
    const last = (await broker.recorded()).at(-1)
    assert.equal(last?.type, 'console.failed')
    assert.ok(answer.body.includes(last?.requestId ?? 'nothing'))
  })

  it('shows the trust policy that should be there to operators only', async (t) => {
    const broker = await startBroker(t)
    const operatorNote = {
      finding: 'role-not-assumable',
      callerArn: 'arn:aws:iam::999900001111:role/broker',
      roleArn: 'arn:aws:iam::111122223333:role/sekisho/Viewer',
      message: 'not authorized',
      trustPolicy: '{ "Sid": "BrokerMayAssume" }',
    }
    broker.answerOpeningsWith(() => Promise.reject(new Problem('aws-refused', { operatorNote })))
    const forOperator = await (await broker.signedIn('ada')).visit('/go/prod/Viewer')
    const forVisitor = await (await broker.signedIn('grace')).visit('/go/prod/Viewer')
    assert.match(forOperator.body, /BrokerMayAssume/)
    assert.match(forOperator.body, /999900001111/)
    assert.doesNotMatch(forVisitor.body, /BrokerMayAssume|999900001111|not authorized/)
  })

  it('never answers HEAD with the handler of a GET', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    const answer = await visitor.visit('/go/prod/Viewer', { method: 'HEAD' })
    assert.equal(answer.statusCode, 404)
    assert.deepEqual(broker.opened, [])
  })

  it('limits one person, not their colleagues', async (t) => {
    const broker = await startBroker(t, { limits: { openingsPerMinute: 2 } })
    const visitor = await broker.signedIn('grace')
    const other = await broker.signedIn('ada')
    for (let opening = 0; opening < 2; opening += 1) await visitor.visit('/go/prod/Viewer')
    assert.equal((await visitor.visit('/go/prod/Viewer')).statusCode, 429)
    assert.equal((await other.visit('/go/prod/Viewer')).statusCode, 303)
  })
})

describe('a role that is not one’s own', () => {
  it('looks the same whether account or role exist or not, to people who see neither', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    const bodies: string[] = []
    for (const path of [
      '/go/vault/Viewer',
      '/go/vault/Nothing',
      '/go/nowhere/Viewer',
      '/go/111122225555/Admin',
    ]) {
      const answer = await visitor.visit(path)
      assert.equal(answer.statusCode, 403)
      const open = path.replace('/go/', '/open/')
      bodies.push(
        answer.body
          .replaceAll(open, 'HERE')
          .replaceAll(encodeURIComponent(open), 'HERE')
          .replaceAll(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/g, 'ID')
          .replaceAll(/(name="_csrf" value=")[^"]+/g, '$1'),
      )
    }
    assert.equal(new Set(bodies).size, 1)
    assert.doesNotMatch(bodies[0] ?? '', /vault/i)
  })

  it('names one’s own roles of an account that one does see', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    const answer = await visitor.visit('/go/prod/Admin')
    assert.equal(answer.statusCode, 403)
    assert.match(answer.body, /\/go\/prod\/Viewer/)
    assert.doesNotMatch(answer.body, /vault/i)
  })

  it('is written down with the reason', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    await visitor.visit('/go/vault/Viewer')
    await visitor.visit('/go/prod/__proto__')
    await visitor.visit('/go/constructor/Viewer')
    const denied = (await broker.recorded()).filter(({ type }) => type === 'console.denied')
    assert.deepEqual(
      denied.map(({ reason }) => reason),
      ['not-assigned', 'unknown-permission-set', 'unknown-account'],
    )
    assert.deepEqual(broker.opened, [])
  })

  it('is refused at once when the config takes it away', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    await broker.takeOver(policyText({ assignments: '[]' }))
    assert.equal((await visitor.visit('/go/prod/Viewer')).statusCode, 403)
  })

  it('is refused after the last day of the assignment', async (t) => {
    const sessions = `
  keys: ["8c1f0d5c9a7e43288c41f2d0b3e59674a1c8d7720e4f5b96837d21ac40f9e6b5"]
  recheck: 8h`
    const broker = await startBroker(t, {
      now: new Date('2026-12-31T23:30:00Z'),
      configText: policyText({ sessions }),
    })
    const visitor = await broker.signedIn('mei', 'partners')
    await visitor.visit('/go/staging/Viewer')
    assert.equal(broker.opened[0]?.wantedSeconds, 1_800)
    assert.equal(broker.opened[0]?.deniedAfter?.toISOString(), '2027-01-01T00:00:00.000Z')
    broker.advance(1_800)
    assert.equal((await visitor.visit('/go/staging/Viewer')).statusCode, 403)
  })
})

describe('what the person asked for', () => {
  const refused: readonly [string, string][] = [
    ['a page of another site', 'to=https%3A%2F%2Fevil.test%2F'],
    ['a look-alike of the console', 'to=https%3A%2F%2Fconsole.aws.amazon.com.evil.test%2F'],
    ['a path that leaves the console', 'to=%2F%2Fevil.test'],
    ['a Region of another partition', 'region=cn-north-1'],
    ['a Region that is none', 'region=evil.test'],
    ['a span that is none', 'for=forever'],
    ['two destinations', 'to=%2Fa&to=%2Fb'],
  ]
  for (const [what, query] of refused) {
    it(`is refused where it is ${what}`, async (t) => {
      const broker = await startBroker(t)
      const visitor = await broker.signedIn('grace')
      const answer = await visitor.visit(`/go/prod/Viewer?${query}`)
      assert.equal(answer.statusCode, 400)
      assert.deepEqual(broker.opened, [])
    })
  }

  it('shortens a session, and never lengthens it', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    await visitor.visit('/go/prod/Viewer?for=30m')
    await visitor.visit('/go/prod/Viewer?for=12h')
    assert.deepEqual(
      broker.opened.map(({ wantedSeconds }) => wantedSeconds),
      [1_800, 28_800],
    )
  })

  it('lands on the page and in the Region of a named link', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    assert.equal((await visitor.visit('/to/prod-logs')).statusCode, 303)
    const [opening] = broker.opened
    assert.equal(opening?.destination, '/cloudwatch/home#logsV2:log-groups')
    assert.equal(opening?.region, 'us-west-2')
    assert.equal((await visitor.visit('/to/nothing')).statusCode, 404)
  })

  it('names the very same link as the place to come back to', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    await visitor.visit('/go/prod/Viewer?to=%2Fs3%2Fhome&region=eu-west-1')
    assert.equal(
      broker.opened[0]?.signInPage.href,
      'http://127.0.0.1:8080/go/prod/Viewer?to=%2Fs3%2Fhome&region=eu-west-1',
    )
  })
})
