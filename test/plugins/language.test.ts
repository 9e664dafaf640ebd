import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import fastifyCookie from '@fastify/cookie'
import Fastify from 'fastify'
import { language, languageOf } from '#plugins/language.ts'
import { sampleSettings } from '../support/sample-roles.ts'

function startSwitch(t: TestContext, publicUrl: string) {
  const { server } = sampleSettings()
  const settings = sampleSettings({ server: { ...server, publicUrl: new URL(publicUrl) } })
  const app = Fastify()
  app.register(fastifyCookie)
  app.register(language, { config: { current: () => settings } })
  app.get('/which', async (request) => languageOf(request))
  t.after(() => app.close())
  return app
}

const switchTo = (code: string, back: string) =>
  `/language/${code}?${new URLSearchParams({ back }).toString()}`

describe('the language switch', () => {
  it('remembers the choice and goes back to the page', async (t) => {
    const app = startSwitch(t, 'http://127.0.0.1:8480')
    const response = await app.inject(switchTo('ja', '/?q=payments'))
    assert.equal(response.statusCode, 303)
    assert.equal(response.headers.location, '/?q=payments')
    const [cookie] = response.cookies
    assert.deepEqual(
      [cookie?.name, cookie?.value, cookie?.sameSite, cookie?.path],
      ['lang', 'ja', 'Lax', '/'],
    )
    const again = await app.inject({ url: '/which', headers: { cookie: 'lang=ja' } })
    assert.equal(again.body, 'ja')
  })

  it('keeps the cookie to this host on https', async (t) => {
    const app = startSwitch(t, 'https://aws.example.com')
    const [cookie] = (await app.inject(switchTo('ja', '/'))).cookies
    assert.deepEqual([cookie?.name, cookie?.secure], ['__Host-lang', true])
    const again = await app.inject({ url: '/which', headers: { cookie: '__Host-lang=ja' } })
    assert.equal(again.body, 'ja')
  })

  for (const back of [
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '/..//evil.example',
    '/x/..//evil.example',
    '\\\\evil.example',
  ]) {
    it(`never leads to another site: ${JSON.stringify(back)}`, async (t) => {
      const app = startSwitch(t, 'http://127.0.0.1:8480')
      const response = await app.inject(switchTo('en', back))
      const location = String(response.headers.location)
      const resolved = new URL(location, 'http://127.0.0.1:8480')
      assert.equal(resolved.origin, 'http://127.0.0.1:8480')
      assert.doesNotMatch(location, /^\/\//)
    })
  }

  it('knows no third language', async (t) => {
    const app = startSwitch(t, 'http://127.0.0.1:8480')
    assert.equal((await app.inject(switchTo('fr', '/'))).statusCode, 400)
  })
})
