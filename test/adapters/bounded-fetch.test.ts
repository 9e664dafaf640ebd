import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { boundedFetch, ExchangeFailed } from '#adapters/bounded-fetch.ts'

const limits = { timeoutMilliseconds: 5_000, maxBytes: 1_000 }
const answer =
  (head: string, body: string | Buffer = '') =>
  (socket: Socket) => {
    socket.write(`HTTP/1.1 ${head}\r\n\r\n`)
    socket.write(body)
  }

describe('an answer from outside', () => {
  it('is taken as it is, compressed or not', async (t) => {
    const plain = await serverOf(t, answer('200 OK\r\ncontent-length: 2', 'hi'))
    assert.equal((await boundedFetch(plain.url, limits)).text, 'hi')

    const packed = gzipSync('hi')
    const head = `200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${packed.length}`
    const compressed = await serverOf(t, answer(head, packed))
    assert.equal((await boundedFetch(compressed.url, limits)).text, 'hi')
  })

  it('is refused where it unpacks to more than is wanted', async (t) => {
    const bomb = gzipSync('0'.repeat(50_000))
    const head = `200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}`
    const { url } = await serverOf(t, answer(head, bomb))
    assert.ok(bomb.length < limits.maxBytes)
    await assert.rejects(boundedFetch(url, limits), ExchangeFailed)
  })

  for (const { what, reply, reason } of [
    { what: 'never comes', reply: () => undefined, reason: 'timed-out' },
    {
      what: 'stops in the middle',
      reply: answer('200 OK\r\ncontent-length: 9', 'hi'),
      reason: 'timed-out',
    },
    {
      what: 'changes the protocol',
      reply: answer('101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c'),
      reason: 'unreachable',
    },
    {
      what: 'sends elsewhere',
      reply: answer('302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0'),
      reason: 'redirected',
    },
    {
      what: 'is larger than it may be',
      reply: answer('200 OK', 'x'.repeat(2_000)),
      reason: 'too-large',
    },
    {
      what: 'is cut off',
      reply: (socket: Socket) => {
        answer('200 OK\r\ncontent-length: 9', 'hi')(socket)
        socket.end()
      },
      reason: 'unreachable',
    },
  ] as const) {
    it(`that ${what} ends as ${reason}`, async (t) => {
      const { url } = await serverOf(t, reply)
      const timeoutMilliseconds = reason === 'timed-out' ? 50 : limits.timeoutMilliseconds
      await assert.rejects(boundedFetch(url, { ...limits, timeoutMilliseconds }), { reason })
    })
  }
})

describe('a request to outside', () => {
  it('says what it is, since firewalls refuse who does not', async (t) => {
    const { url, received } = await serverOf(t, answer('200 OK\r\ncontent-length: 0'))
    await boundedFetch(url, limits)
    assert.match(received(), /^user-agent: Sekisho\r$/im)
    assert.match(received(), /^accept-encoding: identity\r$/im)
  })

  it('that cannot be sent fails like any other, without a word of what was in it', async (t) => {
    const { url } = await serverOf(t, answer('200 OK\r\ncontent-length: 0'))
    const headers = { authorization: 'Bearer one\r\ntwo' }
    await assert.rejects(boundedFetch(url, { ...limits, headers }), {
      name: 'ExchangeFailed',
      message: `${url.host}: unreachable`,
    })
  })
})

async function serverOf(t: TestContext, reply: (socket: Socket) => void) {
  let received = ''
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (part) => {
      received += part.toString()
      reply(socket)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { url: new URL(`http://127.0.0.1:${port}/`), received: () => received }
}
