import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser } from 'playwright-core'
import { assertAccessible, launchBrowser, newPage } from '../support/browser.ts'
import { consoleFact, signInAt } from '../support/demo-browser.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'
import { sharedResources } from '../support/shared-resources.ts'

const suite = sharedResources()
let demo: TestDemo
let browser: Browser

before(async () => {
  demo = await startTestDemo(suite)
  browser = await launchBrowser(suite)
})
after(() => suite.close())

/** A page on another site (localhost is not 127.0.0.1 to a browser) with this body. */
async function foreignPage(t: TestContext, body: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><html lang="en"><title>Chat</title><main>${body}</main>`)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => new Promise((done) => server.close(done)))
  const address = server.address()
  return `http://localhost:${typeof address === 'object' && address ? address.port : 0}/`
}

describe('from sign-in to the console', () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`takes three clicks, ${javaScriptEnabled ? 'with' : 'without'} script`, async (t) => {
      const { page, assertNoConsoleErrors } = await newPage(t, browser, { javaScriptEnabled })
      await page.goto(demo.url)
      if (javaScriptEnabled) await assertAccessible(page)
      await signInAt(page, 'alice')
      assert.equal(new URL(page.url()).pathname, '/')
      if (javaScriptEnabled) await assertAccessible(page)
      await page.locator('a[href="/go/payments-prod/ReadOnly"]').first().click()
      await page.waitForLoadState()

      assert.equal(await consoleFact(page, 'account'), '111122220101')
      assert.equal(await consoleFact(page, 'role'), 'ReadOnlyAccess')
      assert.equal(await consoleFact(page, 'session-name'), 'alice@example.com')
      assert.equal(await consoleFact(page, 'source-identity'), 'alice@example.com')
      assert.match((await consoleFact(page, 'tags')) ?? '', /team=payments/)
      assertNoConsoleErrors()
    })
  }

  it('keeps the page that an alert linked to, fragment included', async (t) => {
    const { page } = await newPage(t, browser)
    await page.goto(`${demo.url}/go/payments-prod/LogReader`)
    await signInAt(page, 'bob')
    assert.match((await consoleFact(page, 'destination')) ?? '', /\/cloudwatch\/home/)
    assert.match(page.url(), /#logsV2:log-groups$/)
  })

  it('signs out of broker and provider, through a form that the policy lets go there', async (t) => {
    const { page, assertNoConsoleErrors } = await newPage(t, browser)
    await page.goto(demo.url)
    await signInAt(page, 'bob')
    await page.locator('details.me > summary').click()
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForLoadState()
    assert.equal(new URL(page.url()).origin, new URL(demo.company.issuer).origin)
    await page.locator('button[name=logout]').first().click()
    await page.waitForURL(`${demo.url}/signed-out`)
    await assertAccessible(page)
    await page.goto(demo.url)
    assert.match(page.url(), /\/sign-in/)
    assertNoConsoleErrors()
  })
})

describe('a link from another site', () => {
  it('asks once, naming person, account and role, and the yes leads to the console', async (t) => {
    const { page, assertNoConsoleErrors } = await newPage(t, browser)
    await page.goto(demo.url)
    await signInAt(page, 'alice')
    const before = demo.aws.sessions.length
    await page.goto(
      await foreignPage(t, `<a href="${demo.url}/go/payments-prod/ReadOnly?to=/s3/home">look</a>`),
    )
    await page.getByRole('link', { name: 'look' }).click()
    await page.waitForLoadState()
    const text = (await page.locator('main').textContent()) ?? ''
    for (const fact of ['Payments', 'Production', 'ReadOnly', 'Alice', '/s3/home'])
      assert.ok(text.includes(fact), fact)
    await assertAccessible(page)
    assert.equal(demo.aws.sessions.length, before)

    await page.locator('main a.btn').first().click()
    await page.waitForLoadState()
    assert.match((await consoleFact(page, 'destination')) ?? '', /\/s3\/home/)
    assertNoConsoleErrors()
  })

  it('opens nothing as an image, a frame, a script or a prefetch', async (t) => {
    const { page } = await newPage(t, browser)
    await page.goto(demo.url)
    await signInAt(page, 'alice')
    const before = demo.aws.sessions.length
    const target = `${demo.url}/go/payments-prod/ReadOnly`
    await page.goto(
      await foreignPage(
        t,
        `<img src="${target}" alt="x"><iframe title="x" src="${target}"></iframe><script src="${target}"></script><link rel="prefetch" href="${target}">`,
      ),
      { waitUntil: 'networkidle' },
    )
    assert.equal(demo.aws.sessions.length, before)
  })

  it('asks a stranger after the sign-in, while a typed address goes straight through', async (t) => {
    const led = await newPage(t, browser)
    await led.page.goto(
      await foreignPage(t, `<a href="${demo.url}/go/payments-prod/LogReader">look</a>`),
    )
    await led.page.getByRole('link', { name: 'look' }).click()
    await led.page.waitForLoadState()
    await signInAt(led.page, 'bob')
    assert.equal(new URL(led.page.url()).origin, demo.url)
    assert.match((await led.page.locator('main').textContent()) ?? '', /LogReader/)

    const typed = await newPage(t, browser)
    await typed.page.goto(`${demo.url}/go/payments-prod/LogReader`)
    await signInAt(typed.page, 'bob')
    assert.equal(await consoleFact(typed.page, 'role'), 'LogReader')
  })
})

describe('after the console session has ended', () => {
  it('AWS leads back to the same role and page, one click away', async (t) => {
    const { page } = await newPage(t, browser)
    await page.goto(demo.url)
    await signInAt(page, 'alice')
    await page.goto(`${demo.url}/go/build/ReadOnly?to=/s3/home`)
    const issuer = await page
      .getByTestId('issuer')
      .locator('a')
      .or(page.locator('a[data-testid=issuer]'))
      .first()
      .getAttribute('href')
    assert.equal(issuer, `${demo.url}/go/build/ReadOnly?to=%2Fs3%2Fhome`)
    await page.goto(await foreignPage(t, `<a href="${issuer}">Sign in again</a>`))
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await page.locator('main a.btn').first().click()
    await page.waitForLoadState()
    assert.match((await consoleFact(page, 'destination')) ?? '', /\/s3\/home/)
  })
})

describe('problem pages', () => {
  it('tell an operator which trust policy AWS should have, and everybody else whom to ask', async (t) => {
    const { page } = await newPage(t, browser)
    await page.goto(demo.url)
    await signInAt(page, 'alice')
    await page.goto(`${demo.url}/go/network/NetworkAdmin`)
    const text = (await page.locator('main').textContent()) ?? ''
    assert.match(text, /"sts:AssumeRole"/)
    assert.match(text, /arn:aws:iam::111122220104:role\/sekisho\/NetworkAdmin/)
    await assertAccessible(page)
  })

  it('say to somebody without groups that no role is theirs', async (t) => {
    const { page, assertNoConsoleErrors } = await newPage(t, browser)
    await page.goto(demo.url)
    await signInAt(page, 'erin')
    assert.equal(await page.locator('a.go').count(), 0)
    await assertAccessible(page)
    assertNoConsoleErrors()
  })

  it('keep a partner’s group apart from ours of the same name', async (t) => {
    const { page } = await newPage(t, browser)
    await page.goto(demo.url)
    await signInAt(page, 'pat', 'Partner directory')
    assert.equal(await page.locator('a.go').count(), 0)
  })

  for (const path of [
    '/nothing',
    '/go/payments-prod/ReadOnly?to=https://evil.test/',
    '/to/nothing',
  ]) {
    it(`read well for ${path}`, async (t) => {
      const { page } = await newPage(t, browser, {
        locale: 'ja-JP',
        colorScheme: 'dark',
        viewport: { width: 320, height: 640 },
      })
      await page.goto(demo.url)
      await signInAt(page, 'bob')
      await page.goto(demo.url + path)
      assert.equal(await page.locator('html').getAttribute('lang'), 'ja')
      await assertAccessible(page)
      const overflow = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
      assert.equal(overflow, false, 'no page scrolls sideways at 320 px')
    })
  }
})
