import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible, launchBrowser, newPage } from '../support/browser.ts'
import { consoleFact, signInAt } from '../support/demo-browser.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'
import { givePass, type PassOnForm } from '../support/pass-pages.ts'
import { sharedResources } from '../support/shared-resources.ts'

const suite = sharedResources()
let demo: TestDemo
let browser: Browser

before(async () => {
  demo = await startTestDemo(suite)
  browser = await launchBrowser(suite)
})
after(() => suite.close())

const narrow = { width: 320, height: 640 }

async function sponsorAtPasses(t: TestContext, locale = 'en-GB') {
  const recorded = await newPage(t, browser, { locale })
  await recorded.page.goto(`${demo.url}/passes`)
  await signInAt(recorded.page, 'alice')
  return recorded
}

const give = (page: Page, fields: PassOnForm) => givePass(page, demo.url, fields)

/** All that a guest can read of a page. */
async function assertNothingOfTheCompany(page: Page): Promise<void> {
  const text = (await page.locator('body').textContent()) ?? ''
  assert.doesNotMatch(text, /Bob|Dmitri|Storefront|Data lake|Administrator|platform|made up/)
  assert.equal(await page.locator('nav').count(), 0)
}

describe('a guest with a link and a PIN', () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`stands in the console, ${javaScriptEnabled ? 'with' : 'without'} script`, async (t) => {
      const sponsor = await sponsorAtPasses(t)
      const given = await give(sponsor.page, { kind: 'link-and-pin', name: 'Mei Lin' })
      const guest = await newPage(t, browser, { javaScriptEnabled, viewport: narrow })
      await guest.page.goto(given.link)
      if (javaScriptEnabled) await assertAccessible(guest.page)
      await assertNothingOfTheCompany(guest.page)
      await guest.page.fill('#pin', given.pin)
      await guest.page.check('[name=terms]')
      await guest.page.locator('form[action^="/pass/"] button').click()
      await guest.page.waitForURL((url) => url.origin !== demo.url)

      assert.match((await consoleFact(guest.page, 'session-name')) ?? '', /^guest-.*-Mei-Lin=/)
      assert.match((await consoleFact(guest.page, 'source-identity')) ?? '', /^guest-/)
      assert.equal(await consoleFact(guest.page, 'role'), 'ReadOnlyAccess')
      guest.assertNoConsoleErrors()

      await guest.page.goto(given.link)
      assert.match((await guest.page.textContent('h1')) ?? '', /cannot be used/)
      await assertNothingOfTheCompany(guest.page)
      if (javaScriptEnabled) await assertAccessible(guest.page)
      await sponsor.page.goto(`${demo.url}${given.report}`)
      assert.match((await sponsor.page.textContent('main')) ?? '', /Console opened/)
      sponsor.assertNoConsoleErrors()
    })
  }

  it('is told of a wrong PIN in Japanese, on a small screen, and may try again', async (t) => {
    const sponsor = await sponsorAtPasses(t)
    const given = await give(sponsor.page, { kind: 'link-and-pin', name: '森 陽菜' })
    const guest = await newPage(t, browser, { locale: 'ja-JP', viewport: narrow })
    await guest.page.goto(given.link)
    await assertAccessible(guest.page)
    await guest.page.fill('#pin', given.pin === '000000' ? '000001' : '000000')
    await guest.page.check('[name=terms]')
    await guest.page.getByRole('button', { name: 'AWSコンソールを開く' }).click()
    await guest.page.getByText('暗証番号が違います').waitFor()
    await assertAccessible(guest.page)
    const overflow = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
    assert.equal(await guest.page.evaluate(overflow), false)

    await guest.page.fill('#pin', given.pin)
    await guest.page.check('[name=terms]')
    await guest.page.getByRole('button', { name: 'AWSコンソールを開く' }).click()
    await guest.page.waitForURL((url) => url.origin !== demo.url)
    guest.assertNoConsoleErrors()
  })
})

describe('a guest known by e-mail at another provider', () => {
  it('signs in there and stands in the console', async (t) => {
    const sponsor = await sponsorAtPasses(t)
    const given = await give(sponsor.page, {
      kind: 'email',
      name: 'Pat Pender',
      email: 'pat@acme.example',
    })
    assert.equal(given.pin, '')
    const guest = await newPage(t, browser)
    await guest.page.goto(given.link)
    await assertAccessible(guest.page)
    await assertNothingOfTheCompany(guest.page)
    await guest.page.getByRole('link', { name: /Partner/ }).click()
    await signInAt(guest.page, 'pat')
    assert.equal(guest.page.url(), given.link)
    await assertAccessible(guest.page)
    await assertNothingOfTheCompany(guest.page)
    await guest.page.check('[name=terms]')
    await guest.page.locator('form[action^="/pass/"] button').click()
    await guest.page.waitForURL((url) => url.origin !== demo.url)
    assert.match((await consoleFact(guest.page, 'session-name')) ?? '', /^guest-.*-Pat-Pender=/)
    guest.assertNoConsoleErrors()
  })

  it('is asked for another sign-in as somebody else, and finds nothing once the pass was ended', async (t) => {
    const sponsor = await sponsorAtPasses(t)
    const given = await give(sponsor.page, {
      kind: 'email',
      name: 'Pat Pender',
      email: 'pat@acme.example',
    })
    const other = await newPage(t, browser)
    await other.page.goto(given.link)
    await other.page.getByRole('link', { name: /Partner/ }).click()
    await signInAt(other.page, 'mei')
    assert.match((await other.page.textContent('.note')) ?? '', /signed in as mei@acme\.example/)
    assert.equal(await other.page.locator('form').count(), 0)
    await assertAccessible(other.page)

    await sponsor.page.goto(`${demo.url}${given.report}`)
    await sponsor.page.locator('form[action$="/revoke"] button').click()
    await sponsor.page.locator('dl').getByText('Ended by hand').waitFor()
    await other.page.goto(given.link)
    assert.match((await other.page.textContent('h1')) ?? '', /cannot be used/)
  })
})

describe('the whole life of a pass', () => {
  for (const kind of ['email', 'link-and-pin'] as const) {
    it(`of kind ${kind}: given, looked at, accepted, used, reported, revoked, refused`, async (t) => {
      const sponsor = await sponsorAtPasses(t)
      const email = 'pat@acme.example'
      const given = await give(sponsor.page, { kind, name: 'Pat Pender', email, openings: '2' })
      assert.equal(given.pin !== '', kind === 'link-and-pin')
      assert.equal(await sponsor.page.locator('[data-copy^="/pass/"]').count(), 1)
      assert.doesNotMatch(given.link, new RegExp(given.pin || 'no PIN'))
      const token = new URL(given.link).pathname
      await sponsor.page.goto(demo.url + given.report)
      assert.ok(!(await sponsor.page.content()).includes(token), 'the link was shown once')

      const guest = await newPage(t, browser)
      for (const method of ['HEAD', 'GET']) {
        await guest.page.request.fetch(given.link, { method })
        await guest.page.request.fetch(`${given.link}/open`, { method, maxRedirects: 0 })
      }
      await guest.page.goto(given.link)
      assert.match((await guest.page.textContent('main')) ?? '', /Opens 2 times more/)
      if (kind === 'email') {
        await guest.page.getByRole('link', { name: /Partner/ }).click()
        await signInAt(guest.page, 'pat')
      } else await guest.page.fill('#pin', given.pin)
      await guest.page.locator('form[action^="/pass/"] button').click()
      assert.equal(guest.page.url(), given.link, 'the browser asks for the terms first')
      await guest.page.check('[name=terms]')
      await guest.page.locator('form[action^="/pass/"] button').click()
      await guest.page.waitForURL((url) => url.origin !== demo.url)
      assert.match((await consoleFact(guest.page, 'session-name')) ?? '', /^guest-.*-Pat-Pender=/)

      await sponsor.page.reload()
      const report = (await sponsor.page.textContent('main')) ?? ''
      assert.match(report, /1 of 2/)
      assert.match(report, /Terms accepted\s*\d/)
      const opened = sponsor.page.locator('tbody tr', { hasText: 'Console opened' })
      assert.equal(await opened.count(), 1)
      assert.equal(await opened.locator('time').count(), 2, 'when, and until when')
      assert.match(report, /"aws:userid": \[\s*"\*:guest-/)
      assert.match(report, /"aws:SourceIdentity"/)

      await sponsor.page.locator('form[action$="/revoke"] button').click()
      await sponsor.page.locator('tbody tr', { hasText: 'Ended by hand' }).waitFor()
      await assertAccessible(sponsor.page)
      await guest.page.goto(given.link)
      assert.match((await guest.page.textContent('h1')) ?? '', /cannot be used/)
      await guest.page.goto(demo.url)
      assert.match(guest.page.url(), /\/sign-in/, 'the guest is signed out')
      guest.assertNoConsoleErrors()
      sponsor.assertNoConsoleErrors()
    })
  }
})

describe('the pages of a sponsor', () => {
  for (const [locale, colorScheme] of [
    ['en-GB', 'light'],
    ['en-GB', 'dark'],
    ['ja-JP', 'light'],
    ['ja-JP', 'dark'],
  ] as const) {
    it(`are accessible in ${locale}, ${colorScheme}, wide and narrow, its guest’s page and problems included`, async (t) => {
      const { page, assertNoConsoleErrors } = await newPage(t, browser, { locale, colorScheme })
      await page.goto(`${demo.url}/passes`)
      await signInAt(page, 'alice')
      await assertAccessible(page)
      const given = await give(page, { kind: 'link-and-pin', name: 'Jonas Weber' })
      await assertAccessible(page)
      await page.goto(`${demo.url}${given.report}`)
      await assertAccessible(page)
      await page.setViewportSize(narrow)
      for (const path of ['/passes', given.report]) {
        await page.goto(`${demo.url}${path}`)
        await assertAccessible(page)
        const isWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
        assert.equal(await page.evaluate(isWide), false, path)
      }
      const guest = await newPage(t, browser, { locale, colorScheme, viewport: narrow })
      await guest.page.goto(given.link)
      await guest.page.locator('#pin').waitFor()
      await assertAccessible(guest.page)
      await guest.page.setViewportSize({ width: 1280, height: 720 })
      await assertAccessible(guest.page)
      guest.assertNoConsoleErrors()
      await page.goto(`${demo.url}/passes`)
      await page.fill('[name=name]', 'Jonas Weber')
      await page.check('[name=kind][value=link-and-pin]')
      await page.fill('[name=reason]', 'OPS-18')
      await page.check('[name=kind][value=link-and-pin]')
      await page.selectOption('[name=role]', 'build/ReadOnly')
      await page.fill('[name=until]', '2020-01-01T00:00')
      await page.locator('form[action="/passes"] button').click()
      await page.waitForSelector('#pass-until-fault')
      await assertAccessible(page)
      assertNoConsoleErrors()
    })
  }

  it('move the end of a pass that is out, and say beside the field why not further', async (t) => {
    const { page, assertNoConsoleErrors } = await sponsorAtPasses(t)
    const given = await give(page, { kind: 'link-and-pin', name: 'Jonas Weber' })
    await page.goto(demo.url + given.report)
    await page.fill('#x-until', '2099-01-01T00:00')
    await page.locator('form[action$="/extend"] button').click()
    await page.waitForSelector('#x-until-fault')
    await assertAccessible(page)
    const day = 86_400_000
    await page.fill('#x-until', new Date(Date.now() + 10 * day).toISOString().slice(0, 16))
    await page.fill('#x-openings', '4')
    await page.locator('form[action$="/extend"] button').click()
    await page.locator('tbody tr', { hasText: 'End moved' }).waitFor()
    assert.match((await page.textContent('dl')) ?? '', /0 of 4/)
    const guest = await newPage(t, browser)
    await guest.page.goto(given.link)
    assert.match((await guest.page.textContent('main')) ?? '', /Opens 4 times more/)
    assertNoConsoleErrors()
  })

  it('copy the link with one click', async (t) => {
    const { page } = await sponsorAtPasses(t)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const given = await give(page, { kind: 'link-and-pin', name: 'Jonas Weber' })
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('Link copied').waitFor()
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), given.link)
  })
})
