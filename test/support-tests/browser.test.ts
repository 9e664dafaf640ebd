import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import type { Browser } from 'playwright-core'
import { assertAccessible, launchBrowser, newPage } from '../support/browser.ts'

const strictPolicy = "default-src 'none'; script-src 'self'; style-src 'self'"

describe('the browser of the tests', () => {
  let browser: Browser
  const closings: (() => Promise<void>)[] = []
  before(async () => {
    browser = await launchBrowser({ after: (close) => closings.push(close) })
  })
  after(async () => {
    for (const close of closings) await close()
  })

  it('finds an accessible page so, under a strict CSP and without breaking it', async (t) => {
    const url = await serve(t, '<main><h1>Hello</h1></main>')
    const { page, assertNoConsoleErrors } = await newPage(t, browser)
    await page.goto(url)
    await assertAccessible(page)
    assertNoConsoleErrors()
  })

  it('names the element and the remedy when a page is not accessible', async (t) => {
    const url = await serve(t, '<main><h1>Hello</h1><input id="nameless"></main>')
    const { page } = await newPage(t, browser)
    await page.goto(url)
    await assert.rejects(assertAccessible(page), (error: Error) => {
      assert.match(error.message, /label: Form elements must have labels/)
      assert.match(error.message, /#nameless/)
      return true
    })
  })

  it('reports what the page’s CSP stopped', async (t) => {
    const url = await serve(t, '<main><h1>Hello</h1></main><script>document.title = "x"</script>')
    const { page, complaints, assertNoConsoleErrors } = await newPage(t, browser)
    await page.goto(url)
    assert.deepEqual(
      complaints.map(({ kind }) => kind),
      ['csp'],
    )
    assert.throws(assertNoConsoleErrors, /the browser complained/)
  })

  it('reports an error thrown by the page’s script', async (t) => {
    const url = await serve(t, '<main><h1>Hello</h1></main><script src="/script.js"></script>')
    const { page, complaints } = await newPage(t, browser)
    await page.goto(url)
    assert.deepEqual(
      complaints.map(({ kind }) => kind),
      ['page-error'],
    )
    assert.match(complaints[0]?.text ?? '', /on purpose/)
  })

  it('takes the status of the visited page as no error, but that of a missing image as one', async (t) => {
    const url = await serve(t, '<main><h1>Gone</h1></main>', 404)
    const { page, assertNoConsoleErrors } = await newPage(t, browser)
    await page.goto(url)
    assertNoConsoleErrors()

    const withImage = await serve(t, '<img src="/missing.png" alt="">', 200, "img-src 'self'")
    await page.goto(withImage)
    assert.throws(assertNoConsoleErrors, /missing\.png/)
  })

  it('reaches nothing beyond loopback, and reports the attempt', async (t) => {
    // Chromium takes every name under .localhost for loopback: it would get there but for the rules.
    const url = new URL(await serve(t, '<main><h1>Hello</h1></main>'))
    url.hostname = 'elsewhere.localhost'
    const { page, complaints } = await newPage(t, browser)
    await assert.rejects(page.goto(url.href), /ERR_NAME_NOT_RESOLVED/)
    assert.equal(complaints[0]?.kind, 'foreign-request')
  })

  it('shares no cookie between two pages, and takes language and colour scheme', async (t) => {
    const url = await serve(t, '<main><h1>Hello</h1></main>')
    const { page: first } = await newPage(t, browser)
    const { page: second } = await newPage(t, browser, { locale: 'ja-JP', colorScheme: 'dark' })
    await first.goto(url)
    await second.goto(url)
    await first.evaluate('document.cookie = "a=1"')
    assert.equal(await second.evaluate('document.cookie'), '')
    assert.equal(await second.evaluate('navigator.language'), 'ja-JP')
    assert.equal(await second.evaluate('matchMedia("(prefers-color-scheme: dark)").matches'), true)
  })
})

/** A page on loopback with the product's kind of policy; every other path has the script or 404. */
async function serve(
  t: TestContext,
  body: string,
  status = 200,
  extraPolicy = '',
): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === '/script.js') {
      response.setHeader('content-type', 'text/javascript').end('throw new Error("on purpose")')
    } else if (request.url === '/style.css') {
      response
        .setHeader('content-type', 'text/css')
        .end('@media (width > 1px) { h1 { color: #111 } }')
    } else if (request.url === '/') {
      response.statusCode = status
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.setHeader('content-security-policy', `${strictPolicy}; ${extraPolicy}`)
      response.end(`<!doctype html><html lang="en"><title>Test</title>
        <link rel="stylesheet" href="/style.css"><body>${body}</body></html>`)
    } else {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
