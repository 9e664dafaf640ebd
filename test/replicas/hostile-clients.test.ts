import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import { createVisitor } from '../support/cookie-jar.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'

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

  it('gets 431 for headers over 16 kB', async (t) => {
    const demo = await startTestDemo(t)
    const socket = open(t, demo, `GET / HTTP/1.1\r\n${head}x-large: ${'a'.repeat(20_000)}\r\n\r\n`)
    assert.match(await cutOff(socket), /^HTTP\/1\.1 431 /)
  })

  it('gets a page for a body over 64 kB, signed in or not', async (t) => {
    const demo = await startTestDemo(t)
    const visitor = createVisitor(demo.url)
    const large = { fields: { _csrf: 'a'.repeat(70_000) }, from: demo.url, follow: false }
    const unknown = await visitor.open('/sign-in/company/backchannel-logout', large)
    await visitor.signIn('/sign-in/company', 'bob', 'open-sesame')
    const known = await visitor.open('/sign-out', large)
    for (const page of [unknown, known]) {
      assert.ok([400, 413].includes(page.status), `${page.status}`)
      assert.match(page.headers['content-type'] ?? '', /^text\/html/)
    }
    assert.equal((await visitor.open('/', { follow: false })).status, 200)
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
