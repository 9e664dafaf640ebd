import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { demoPassword } from '#demo/demo-people.ts'
import { createVisitor } from '../support/cookie-jar.ts'
import { startTestDemo } from '../support/demo.ts'

const role = '/go/payments-prod/ReadOnly'

describe('a broker whose credentials AWS takes for chained', () => {
  it('opens all the same, and from then on tile, readiness, log and trail tell the true length', async (t) => {
    const demo = await startTestDemo(t)
    const visitor = createVisitor(demo.url)
    await visitor.signIn('/sign-in/company', 'bob', demoPassword)
    const readiness = async () => (await fetch(`${demo.url}/readyz`)).text()
    assert.match(await readiness(), /"sessionDuration":"unknown"/)
    assert.match((await visitor.open('/')).body, /8 hours/)

    // What the endpoint answers to SessionDuration with chained credentials; once more without, it is well.
    demo.aws.faults.set('federation', { kind: 'status', status: 400 }, { times: 1 })
    assert.equal((await visitor.open(role, { follow: false })).status, 303)

    assert.match(
      await readiness(),
      /"credentialSource":"env vars, long-term","sessionDuration":"refused \(chained credentials\?\): one hour at most"/,
    )
    const portal = await visitor.open('/')
    assert.doesNotMatch(portal.body, /8 hours/)
    assert.match(portal.body, /1 hour/)
    assert.ok(demo.logLines.some((line) => /SessionDuration refused.*learned of AWS/.test(line)))
    const metrics = await demo.broker.metrics.registry.metrics()
    assert.match(metrics, /call="signin-token",.*outcome="federation-refused"\} 1/)
    assert.match(metrics, /sekisho_session_duration_accepted\{source="env vars, long-term"\} 0/)
    const [record] = (await demo.broker.trail.search({ type: 'console.opened' }, 1)).records
    assert.equal(record?.details['sessionSeconds'], 3_600)
    assert.match(String(record?.details['notices']), /session-duration-refused/)
  })
})
