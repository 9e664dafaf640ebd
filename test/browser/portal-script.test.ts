/** What the script of the portal adds, in a real browser and by keyboard. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openPreview, previewBrowser } from '../support/preview-browser.ts'

describe('the portal', () => {
  const preview = previewBrowser()

  const open = (t: TestContext, path = '/', options?: BrowserContextOptions) =>
    openPreview(t, preview(), path, options)
  const focused = (page: Page) =>
    page.evaluate('document.activeElement.id || new URL(document.activeElement.href).pathname')

  it('takes keys at once, and finds "prd adm" with the best match first', async (t) => {
    const page = await open(t)
    await page.keyboard.type('prd adm')
    const [first] = await page.locator('#results .go').allTextContents()
    assert.match(first ?? '', /Payments\s+Production\s*Administrator/)
    assert.equal(await page.locator('#count').textContent(), '1 role')
    assert.equal(await page.locator('#browse').isVisible(), false)
  })

  it('opens a match by Enter, but a caution role only at the second', async (t) => {
    const page = await open(t)
    await page.keyboard.type('pay adm')
    await page.keyboard.press('Enter')
    assert.equal(new URL(page.url()).pathname, '/')
    assert.equal(await focused(page), '/go/payments-prod/Administrator')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/go/payments-prod/Administrator')
  })

  it('says so where nothing matches, and gives everything back on Escape', async (t) => {
    const page = await open(t)
    await page.keyboard.type('zzzz')
    assert.equal(await page.locator('#none').isVisible(), true)
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('#browse').isVisible(), true)
    assert.equal(await page.locator('#count').textContent(), '9 roles in 5 accounts')
  })

  it('is walked with arrows, and / leads back to the filter', async (t) => {
    const page = await open(t)
    await page.keyboard.press('ArrowDown')
    assert.equal(await focused(page), '/go/payments-prod/ReadOnly')
    await page.keyboard.press('ArrowRight')
    assert.equal(await focused(page), '/go/sandbox-alice/Administrator')
    await page.keyboard.press('/')
    assert.equal(await focused(page), 'q')
  })

  it('leaves / alone where somebody switched it off', async (t) => {
    const page = await open(t)
    await page.locator('.settings summary').click()
    await page.locator('#keys').uncheck()
    await page.reload()
    await page.locator('.settings summary').focus()
    await page.keyboard.press('/')
    assert.notEqual(await page.evaluate('document.activeElement.id'), 'q')
  })

  it('opens from the drawer with duration and page, straight away', async (t) => {
    const page = await open(t)
    const tile = page.locator('#tree .role').first()
    await tile.locator('summary').click()
    await tile.locator('select').selectOption('30m')
    await tile.locator('input[name=to]').fill('/ec2/home')
    await tile.locator('.panel .btn').first().click()
    await page.waitForURL('**/go/payments-prod/Administrator?for=30m&to=%2Fec2%2Fhome')
  })

  it('has the drawer in a filtered tile too', async (t) => {
    const page = await open(t)
    await page.keyboard.type('logreader')
    await page.locator('#results summary').click()
    await page.locator('#results .panel .btn').first().click()
    await page.waitForURL('**/go/payments-prod/LogReader')
  })

  it('copies the link of a tile', async (t) => {
    const page = await open(t, '/', { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.locator('#tree [data-copy]').first().click()
    await page.locator('#say', { hasText: 'Link copied' }).waitFor()
    const copied = await page.evaluate('navigator.clipboard.readText()')
    assert.equal(copied, `${preview().address}/go/payments-prod/Administrator`)
  })

  it('tells times in the reader’s zone', async (t) => {
    const page = await open(t, '/problem/unexpected', { timezoneId: 'Asia/Tokyo' })
    const when = await page.locator('main time').textContent()
    assert.equal(when, '24 November 2026, 13:48:07 GMT+9')
  })

  it('works without script: the filter is a form, the drawer asks first', async (t) => {
    const page = await open(t, '/', { javaScriptEnabled: false })
    await page.locator('#q').fill('prd adm')
    await page.locator('#q').press('Enter')
    await page.waitForURL('**/?q=prd+adm')
    assert.equal(await page.locator('#results .role').count(), 1)
    assert.equal(await page.locator('[data-copy]').first().isVisible(), false)
    await page.locator('#results summary').click()
    await page.locator('#results .panel .btn').first().click()
    await page.waitForURL('**/open/payments-prod/Administrator?**')
    assert.equal(await page.locator('#continue').isVisible(), true)
  })
})
