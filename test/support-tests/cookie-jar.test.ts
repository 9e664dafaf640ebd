import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { createVisitor } from '../support/cookie-jar.ts'

describe('a visitor', () => {
  it('says that a typed address came from nowhere, through all redirects', async (t) => {
    const seen: string[] = []
    const other = await serve(
      t,
      note(seen, (_request, response) => response.end('there')),
    )
    const first = await serve(t, note(seen, to(`${other}/there`)))
    const answer = await createVisitor(first).open('/')
    assert.equal(answer.url, `${other}/there`)
    assert.equal(answer.body, 'there')
    assert.deepEqual(seen, ['none navigate document', 'none navigate document'])
    assert.deepEqual(answer.hops, [{ status: 302, url: `${first}/`, location: `${other}/there` }])
  })

  it('says where a link was, the worst relation of the whole chain', async (t) => {
    const seen: string[] = []
    const end = await serve(
      t,
      note(seen, (_request, response) => response.end()),
    )
    const visitor = createVisitor(end)
    await visitor.open('/', { from: end })
    await visitor.open('/', { from: 'http://127.0.0.1:1/' })
    await visitor.open('/', { from: 'https://wiki.example/page' })
    assert.deepEqual(
      seen.map((line) => line.split(' ')[0]),
      ['same-origin', 'same-site', 'cross-site'],
    )

    seen.length = 0
    const back = await serve(t, note(seen, to(`${end}/`)))
    await visitor.open(`${back}/`, { from: end })
    assert.deepEqual(
      seen.map((line) => line.split(' ')[0]),
      ['same-site', 'same-site'],
    )
  })

  it('keeps cookies per host and port, path and time', async (t) => {
    const cookies: (string | undefined)[] = []
    const origin = await serve(t, (request, response) => {
      cookies.push(request.headers.cookie)
      const sent = ['all=1; Path=/', 'folder=2', 'short=3; Path=/; Max-Age=60']
      const dropped = ['gone=4; Path=/; Max-Age=0', '__Host-bad=5; Path=/']
      if (request.url === '/a/b') response.setHeader('set-cookie', [...sent, ...dropped])
      response.end()
    })
    const other = await serve(t, (request, response) => {
      cookies.push(request.headers.cookie)
      response.end()
    })
    let now = new Date('2026-01-01T00:00:00Z')
    const visitor = createVisitor(origin, { now: () => now })
    await visitor.open('/a/b')
    await visitor.open('/a/c')
    await visitor.open('/b')
    await visitor.open(other)
    now = new Date('2026-01-01T00:02:00Z')
    await visitor.open(`${origin}/b`)
    assert.deepEqual(cookies, [
      undefined,
      'folder=2; all=1; short=3',
      'all=1; short=3',
      undefined,
      'all=1',
    ])
  })

  it('sends Lax cookies with a foreign link but not with a foreign form, and Strict with neither', async (t) => {
    const cookies: (string | undefined)[] = []
    const origin = await serve(t, (request, response) => {
      cookies.push(request.headers.cookie)
      response.setHeader('set-cookie', ['lax=1; SameSite=Lax', 'strict=2; SameSite=Strict'])
      response.end()
    })
    const visitor = createVisitor(origin)
    await visitor.open('/')
    await visitor.open('/', { from: 'https://evil.example/' })
    await visitor.open('/', { from: 'https://evil.example/', fields: { a: '1' } })
    assert.deepEqual(cookies, [undefined, 'lax=1', undefined])
  })

  it('fills in forms, keeps their hidden fields, and tells their origin as browsers do', async (t) => {
    const posts: string[] = []
    const origin = await serve(t, (request, response) => {
      if (request.method === 'POST') {
        void text(request).then((body) => {
          posts.push(`${request.headers.origin} ${body}`)
          response.writeHead(303, { location: '/done' }).end()
        })
        return
      }
      if (request.url === '/hidden') response.setHeader('referrer-policy', 'no-referrer')
      response.end(`<form action="/other"><input name="q"></form>
        <form method="post" action="/form?a=1&amp;b=2"><input type="hidden" name="csrf" value="&lt;x&gt;">
        <input name="username"><button name="how" value="now">Go</button></form>`)
    })
    const visitor = createVisitor(origin)
    const answer = await visitor.submit(await visitor.open('/'), { username: 'ada' })
    assert.equal(answer.url, `${origin}/done`)
    await visitor.submit(await visitor.open('/hidden'), { username: 'ada', how: 'now' })
    assert.deepEqual(posts, [
      `${origin} csrf=%3Cx%3E&username=ada`,
      'null csrf=%3Cx%3E&username=ada&how=now',
    ])
    await assert.rejects(visitor.submit(answer, { pin: '1' }), /no form with pin/)
  })

  it('never follows a redirect that leaves loopback, unless something there plays that host', async (t) => {
    const hosts: (string | undefined)[] = []
    const origin = await serve(t, (request, response) => {
      hosts.push(request.headers.host)
      to(request.url === '/' ? 'https://aws.example.com/in' : 'https://console.example/')(
        request,
        response,
      )
    })
    const stopped = await createVisitor(origin).open('/')
    assert.equal(stopped.status, 302)
    assert.equal(stopped.url, `${origin}/`)

    const servedBy = { 'https://aws.example.com': origin }
    const answer = await createVisitor('https://aws.example.com', { servedBy }).open('/')
    assert.equal(answer.url, 'https://aws.example.com/in')
    assert.equal(answer.hops.at(-1)?.location, 'https://console.example/')
    assert.deepEqual(hosts.slice(1), ['aws.example.com', 'aws.example.com'])
  })
})

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

function to(location: string): Handler {
  return (_request, response) => response.writeHead(302, { location }).end()
}

function note(seen: string[], handler: Handler): Handler {
  return (request, response) => {
    const { headers } = request
    seen.push(
      ['sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'].map((name) => headers[name]).join(' '),
    )
    handler(request, response)
  }
}

async function serve(t: TestContext, handler: Handler): Promise<string> {
  const server = createServer((request, response) => void handler(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
