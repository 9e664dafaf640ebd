import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
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

const narrow = { width: 320, height: 640 }

interface Given {
  readonly link: string
  readonly pin: string
  readonly report: string
}

async function sponsorAtPasses(t: TestContext, locale = 'en-GB') {
  const recorded = await newPage(t, browser, { locale })
  await recorded.page.goto(`${demo.url}/passes`)
  await signInAt(recorded.page, 'alice')
  return recorded
}

async function give(page: Page, fields: { kind: string; name: string; email?: string }) {
  await page.goto(`${demo.url}/passes`)
  await page.fill('[name=name]', fields.name)
  await page.check(`[name=kind][value=${fields.kind}]`)
  await page.fill('[name=email]', fields.email ?? '')
  await page.selectOption('[name=role]', 'build/ReadOnly')
  await page.fill('[name=reason]', 'OPS-17')
  await page.locator('form[action="/passes"] button').click()
  await page.waitForSelector('#pass-link')
  const pin = page.locator('#pass-pin')
  return {
    link: await page.inputValue('#pass-link'),
    pin: (await pin.count()) > 0 ? ((await pin.textContent()) ?? '') : '',
    report: (await page.locator('a[href^="/passes/"]').getAttribute('href')) ?? '',
  } satisfies Given
}

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
    await sponsor.page.getByText('Ended by hand').waitFor()
    await other.page.goto(given.link)
    assert.match((await other.page.textContent('h1')) ?? '', /cannot be used/)
  })
})

describe('the pages of a sponsor', () => {
  for (const [locale, colorScheme] of [
    ['en-GB', 'light'],
    ['ja-JP', 'dark'],
  ] as const) {
    it(`are accessible in ${locale}, ${colorScheme}, wide and narrow, problems included`, async (t) => {
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

  it('copy the link with one click', async (t) => {
    const { page } = await sponsorAtPasses(t)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const given = await give(page, { kind: 'link-and-pin', name: 'Jonas Weber' })
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('Link copied').waitFor()
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), given.link)
  })
})
