import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startBroker } from '../support/broker.ts'

describe('claims older than a quarter of an hour', () => {
  it('are renewed by refresh token before a console opens', async (t) => {
    const broker = await startBroker(t)
    broker.setClaims('grace', {
      email: 'grace@example.com',
      email_verified: true,
      groups: ['payments'],
      refresh: true,
    })
    const visitor = await broker.signedIn('grace')
    broker.advance(901)
    assert.equal((await visitor.visit('/go/prod/Viewer')).statusCode, 303)
    assert.equal(broker.opened.length, 1)

    broker.setClaims('grace', { email: 'grace@example.com', groups: [], refresh: true })
    assert.equal(
      (await visitor.visit('/go/prod/Viewer')).statusCode,
      303,
      'fresh claims are believed',
    )
    broker.advance(901)
    assert.equal((await visitor.visit('/go/prod/Viewer')).statusCode, 403)
    assert.equal(broker.opened.length, 2)
  })

  it('are renewed by a silent round trip where there is none, and a lost group is a lost role', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    broker.advance(901)
    const led = await visitor.visit('/go/prod/Viewer')
    const start = await visitor.visit(String(led.headers.location))
    const url = new URL(String(start.headers.location))
    assert.equal(url.searchParams.get('prompt'), 'none')

    broker.setClaims('grace', { email: 'grace@example.com', groups: [] })
    const state = url.searchParams.get('state') ?? ''
    const back = await visitor.visit(`/sign-in/company/callback?code=grace&state=${state}`, {
      site: 'cross-site',
    })
    const answer = await visitor.visit(String(back.headers.location), { site: 'cross-site' })
    assert.equal(answer.statusCode, 403)
    assert.deepEqual(broker.opened, [])
  })

  it('end the session of whoever has left', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    broker.advance(901)
    const led = await visitor.visit('/go/prod/Viewer')
    const start = await visitor.visit(String(led.headers.location))
    const state = new URL(String(start.headers.location)).searchParams.get('state') ?? ''
    const answer = await visitor.visit(
      `/sign-in/company/callback?error=login_required&state=${state}`,
      { site: 'cross-site' },
    )
    assert.doesNotMatch(String(answer.headers.location), /prompt=none/)
    assert.equal((await visitor.visit('/')).statusCode, 303)
    assert.deepEqual(broker.opened, [])
  })
})
