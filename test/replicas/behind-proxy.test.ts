import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { demoPassword } from '#demo/demo-people.ts'
import { createVisitor, type Visitor } from '../support/cookie-jar.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'

const publicUrl = 'https://sekisho.test'
const claimed = '203.0.113.77'

describe('an https address on a plain port', () => {
  it('shows a page to whoever comes without a proxy, and believes no header of theirs', async (t) => {
    const { visitor, demo } = await start(t, { trusted: '[]' })
    const page = await visitor({ 'x-forwarded-proto': 'https', 'x-forwarded-for': claimed }).open(
      '/sign-in/company',
      { follow: false },
    )
    assert.equal(page.status, 400)
    assert.match(page.headers['content-type'] ?? '', /^text\/html/)
    assert.match(page.body, /<code>connection-not-https<\/code>/)
    assert.equal(page.headers['set-cookie'], undefined)
    assert.equal(
      demo.logLines.some((line) => line.includes(claimed)),
      false,
    )
  })

  it('works behind a trusted proxy: cookies for https only, and the address that it saw', async (t) => {
    const { visitor, demo } = await start(t, { trusted: '[127.0.0.0/8]' })
    const bob = visitor({ 'x-forwarded-proto': 'https', 'x-forwarded-for': claimed })
    await bob.signIn('/sign-in/company', 'bob', demoPassword)
    assert.equal((await bob.open('/', { follow: false })).status, 200)

    const session = bob.cookies.all.find(({ name }) => name === '__Host-sid')
    assert.ok(session)
    const { secure, httpOnly, sameSite, path } = session
    assert.deepEqual(
      { secure, httpOnly, sameSite, path },
      { secure: true, httpOnly: true, sameSite: 'lax', path: '/' },
    )
    assert.deepEqual(await addresses(demo), [claimed])
  })

  it('takes what a proxy added, and not what the visitor had written before it', async (t) => {
    const { visitor, demo } = await start(t, { trusted: '[127.0.0.0/8]' })
    const bob = visitor({
      'x-forwarded-proto': 'https',
      'x-forwarded-for': `198.51.100.1, ${claimed}`,
    })
    await bob.signIn('/sign-in/company', 'bob', demoPassword)
    assert.deepEqual(await addresses(demo), [claimed])
  })

  it('is refused behind a trusted proxy that was asked by plain http', async (t) => {
    const { visitor } = await start(t, { trusted: '[127.0.0.0/8]' })
    const page = await visitor({ 'x-forwarded-proto': 'http' }).open('/')
    assert.equal(page.status, 400)
    assert.match(page.body, /<code>connection-not-https<\/code>/)
  })
})

describe('an http address on loopback', () => {
  it('writes the true address of an untrusted peer, whatever X-Forwarded-For says', async (t) => {
    const demo = await startTestDemo(t)
    const bob = createVisitor(demo.url, { headers: { 'x-forwarded-for': claimed } })
    await bob.signIn('/sign-in/company', 'bob', demoPassword)
    assert.deepEqual(await addresses(demo), ['127.0.0.1'])
  })
})

async function start(t: TestContext, { trusted }: { readonly trusted: string }) {
  const demo = await startTestDemo(t, {
    edit: (text) =>
      text.replace(/^publicUrl: .*$/m, `publicUrl: ${publicUrl}\ntrustedProxies: ${trusted}`),
  })
  const { host, port } = demo.settings.server.listen
  const visitor = (headers: Readonly<Record<string, string>>): Visitor =>
    createVisitor(publicUrl, { headers, servedBy: { [publicUrl]: `http://${host}:${port}` } })
  return { demo, visitor }
}

/** Of the people who signed in. */
async function addresses(demo: TestDemo): Promise<(string | null)[]> {
  const { records } = await demo.broker.trail.search({ type: 'sign-in.completed' }, 10)
  return records.map(({ address }) => address)
}
