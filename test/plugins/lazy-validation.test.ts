import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import Fastify from 'fastify'
import { lazyValidation } from '#plugins/lazy-validation.ts'
import { startBroker } from '../support/broker.ts'

describe('checks of requests that are compiled at the first one', () => {
  it('are sound for every route: a mistake in a schema would show to a visitor', async (t) => {
    const broker = await startBroker(t)
    let checked = 0
    for (const { url, method, schema } of broker.routes) {
      for (const part of ['params', 'querystring', 'body', 'headers'] as const) {
        const given: unknown = schema?.[part]
        if (typeof given !== 'object' || given === null) continue
        const check = lazyValidation()({ schema: given, method, url, httpPart: part })
        assert.doesNotThrow(() => check({}), `${method} ${url} ${part}`)
        checked += 1
      }
    }
    assert.ok(checked > 30, `${checked} schemas`)
  })

  it('refuse what the schema does, and say where', async (t) => {
    const app = Fastify().setValidatorCompiler(lazyValidation())
    t.after(() => app.close())
    const number = { type: 'object', properties: { of: { type: 'string', maxLength: 2 } } }
    app.get('/', { schema: { querystring: number } }, async () => 'taken')
    assert.equal((await app.inject('/?of=ab')).body, 'taken')
    const refused = await app.inject('/?of=abc')
    assert.equal(refused.statusCode, 400)
    assert.match(refused.body, /querystring\/of must NOT have more than 2 characters/)
  })
})
