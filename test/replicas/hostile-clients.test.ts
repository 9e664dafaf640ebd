import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import { createVisitor } from '../support/cookie-jar.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'

const tooLong = /^HTTP\/1\.1 431 [^]*content-type: text\/plain[^]*Delete the cookies/
const head = 'host: sekisho\r\naccept: text/html\r\n'

describe('a client that is slow or too large', () => {
  it('is cut off where its headers do not come to an end', async (t) => {
    const demo = await startTestDemo(t)
    const { server } = demo.broker.app
    assert.ok(server.headersTimeout <= 10_000)
    // The same limit, made short: what is shown is that the clock is looked at, and often enough.
    server.headersTimeout = 500
    const socket = open(t, demo, `GET / HTTP/1.1\r\n${head}`)
    const drip = setInterval(() => socket.write('x-slow: 1\r\n'), 100)
    t.after(() => clearInterval(drip))
    assert.match(await cutOff(socket), /^HTTP\/1\.1 408 /)
  })

  it('is cut off where its body does not come to an end', async (t) => {
    const demo = await startTestDemo(t)
    const { server } = demo.broker.app
    assert.ok(server.requestTimeout <= 15_000)
    server.headersTimeout = 400
    server.requestTimeout = 500
    const path = '/sign-in/company/backchannel-logout'
    const type = 'content-type: application/x-www-form-urlencoded\r\n'
    const socket = open(
      t,
      demo,
      `POST ${path} HTTP/1.1\r\n${head}${type}content-length: 1000\r\n\r\n`,
    )
    const drip = setInterval(() => socket.write('a'), 100)
    t.after(() => clearInterval(drip))
    assert.match(await cutOff(socket), /^HTTP\/1\.1 408 /)
  })

  const large = 'a'.repeat(20_000)
  const heads: readonly (readonly [string, string, RegExp])[] = [
    ['431 and words for headers over 16 kB', `GET / HTTP/1.1\r\n${head}x-large: ${large}`, tooLong],
    ['431 and words for an address over 16 kB', `GET /?x=${large} HTTP/1.1\r\n${head}`, tooLong],
    ['400 for a method that is none', `FETCH / HTTP/1.1\r\n${head}`, /^HTTP\/1\.1 400 /],
    [
      '400 for a name in the path that is too long to be one',
      `GET /go/${'a'.repeat(200)}/x HTTP/1.1\r\n${head}connection: close\r\n`,
      /^HTTP\/1\.1 400 [^]*could not read that address/,
    ],
    [
      'no error of ours for a file whose name is too long to be one',
      `GET /static/${'a'.repeat(300)} HTTP/1.1\r\n${head}connection: close\r\n`,
      /^HTTP\/1\.1 403 [^]*Request ID/,
    ],
  ]
  for (const [what, request, answer] of heads) {
    it(`gets ${what}`, async (t) => {
      const demo = await startTestDemo(t)
      const socket = open(t, demo, `${request}\r\n\r\n`)
      assert.match(await cutOff(socket), answer)
      assert.ok(demo.logLines.every((line) => !line.includes('"level":50')))
    })
  }

  it('gets 413 and a page for a body over 64 kB, signed in or not', async (t) => {
    const demo = await startTestDemo(t)
    const visitor = createVisitor(demo.url)
    const large = { fields: { _csrf: 'a'.repeat(70_000) }, from: demo.url, follow: false }
    const unknown = await visitor.open('/sign-in/company/backchannel-logout', large)
    await visitor.signIn('/sign-in/company', 'bob', 'open-sesame')
    const known = await visitor.open('/sign-out', large)
    for (const page of [unknown, known]) {
      assert.equal(page.status, 413)
      assert.match(page.body, /<code>body-too-large<\/code>/)
      assert.match(page.headers['content-type'] ?? '', /^text\/html/)
    }
    assert.equal((await visitor.open('/', { follow: false })).status, 200)
  })
})

describe('a stranger who asks too often', () => {
  it('meets the limit of the config: a page and when to come back, while people signed in go on', async (t) => {
    const demo = await startTestDemo(t, { edit: (text) => `limits: { strangers: 20 }\n${text}` })
    const bob = createVisitor(demo.url)
    await bob.signIn('/sign-in/company', 'bob', 'open-sesame')
    const stranger = createVisitor(demo.url)
    const statuses: number[] = []
    for (let request = 0; request < 20; request += 1) {
      statuses.push((await stranger.open('/sign-in', { follow: false })).status)
    }
    const limited = await stranger.open('/sign-in', { follow: false })
    assert.equal(limited.status, 429)
    assert.match(limited.headers['retry-after'] ?? '', /^[1-9][0-9]*$/)
    assert.match(limited.body, /<code>too-many-requests<\/code>/)
    assert.equal(statuses[0], 200)
    assert.equal((await bob.open('/', { follow: false })).status, 200)
  })
})

function open(t: TestContext, demo: TestDemo, start: string): Socket {
  const socket = connect(Number(new URL(demo.url).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => {})
  socket.write(start)
  return socket
}

/** All that came until the server closed. */
async function cutOff(socket: Socket): Promise<string> {
  // Node itself would look after 30 seconds.
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
  const answer = await text(socket).catch(() => '')
  await closed
  return answer
}
