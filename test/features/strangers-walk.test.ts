import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startBroker } from '../support/broker.ts'

/** What anyone may reach, and what they get. Everything else leads to the sign-in, or is refused. */
const open: Readonly<Record<string, number>> = {
  'GET /branding/accent.css': 404,
  'GET /branding/logo': 404,
  'GET /healthz': 200,
  'HEAD /healthz': 200,
  'GET /pass/:token': 404,
  'GET /pass/:token/open': 404,
  'GET /readyz': 200,
  'HEAD /readyz': 200,
  'GET /language/:language': 400,
  'GET /sign-in': 200,
  'GET /sign-in/:provider': 404,
  'GET /sign-in/:provider/callback': 404,
  'GET /signed-out': 200,
  'POST /pass/:token': 400,
  'POST /sign-in/:provider/backchannel-logout': 400,
  'GET /static/*': 404,
  'HEAD /static/*': 404,
}

describe('a stranger', () => {
  it('reaches only the public routes', async (t) => {
    const broker = await startBroker(t)
    const visitor = broker.visitor()
    const reached: Record<string, number> = {}
    for (const { method, url } of broker.routes) {
      const answer = await visitor.visit(url.replace(/:[a-zA-Z]+/g, 'x').replace('*', 'x'), {
        method: method === 'POST' ? 'POST' : method === 'HEAD' ? 'HEAD' : 'GET',
      })
      const isLedToSignIn =
        answer.statusCode === 303 && answer.headers.location?.startsWith('/sign-in?')
      if (!isLedToSignIn && answer.statusCode !== 401)
        reached[`${method} ${url}`] = answer.statusCode
    }
    assert.deepEqual(reached, open)
    assert.deepEqual(broker.opened, [])
  })

  it('costs the store nothing', async (t) => {
    const broker = await startBroker(t, {
      wrapStorage: (storage) => ({
        ...storage,
        sessions: {
          ...storage.sessions,
          read: () => assert.fail('a stranger made the store read'),
          write: () => assert.fail('a stranger made the store write'),
        },
      }),
    })
    for (const path of ['/', '/sign-in', '/sign-in/company', '/go/prod/Viewer', '/nothing']) {
      const answer = await broker
        .visitor()
        .visit(path, { headers: { cookie: 'sid=forged.signature' } })
      assert.equal(
        answer.cookies.find(({ name, value }) => name === 'sid' && value !== ''),
        undefined,
      )
    }
  })

  it('finds the doors closed on every answer, errors included', async (t) => {
    const broker = await startBroker(t)
    const paths = [
      '/',
      '/sign-in',
      '/nothing',
      '/go/%ff',
      '/sign-in/company/callback?state=a&state=b',
    ]
    for (const path of [...paths, '/healthz', '/static/style.css']) {
      const { headers } = await broker.visitor().visit(path)
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, path)
      assert.equal(headers['x-frame-options'], 'DENY', path)
      assert.equal(headers['x-content-type-options'], 'nosniff', path)
    }
  })

  it('is told to slow down after too many requests, on a page and with a time', async (t) => {
    const broker = await startBroker(t, { limits: { strangersPerMinute: 3 } })
    for (let request = 0; request < 3; request += 1) await broker.visitor().visit('/sign-in')
    const answer = await broker.visitor().visit('/sign-in')
    assert.equal(answer.statusCode, 429)
    assert.match(String(answer.headers['retry-after']), /^[1-9][0-9]*$/)
    assert.match(String(answer.headers['content-type']), /text\/html/)
  })
})
