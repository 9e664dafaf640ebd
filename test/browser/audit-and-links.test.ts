import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { assertAccessible, launchBrowser, newPage } from '../support/browser.ts'
import { cellsOf } from '../support/csv-cells.ts'
import { consoleFact, signInAt } from '../support/demo-browser.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'
import { sharedResources } from '../support/shared-resources.ts'

const suite = sharedResources()
let demo: TestDemo
let browser: Browser

before(async () => {
  demo = await startTestDemo(suite)
  browser = await launchBrowser(suite)
  // Something for every kind of row: opened, refused by us, refused by AWS.
  const { page } = await newPage(suite, browser)
  await page.goto(demo.url)
  await signInAt(page, 'alice')
  for (const path of ['payments-stg/ReadOnly', 'network/NetworkAdmin', 'nowhere/ReadOnly']) {
    await page.goto(`${demo.url}/go/${path}`)
  }
})
after(() => suite.close())

const logs =
  'https://111122220101-k3v9x2aq.ap-northeast-1.console.aws.amazon.com/cloudwatch/home' +
  '?region=ap-northeast-1#logsV2:log-groups/log-group/$252Fcheckout'
const linksPath = `/links?${new URLSearchParams({ url: logs }).toString()}`

interface Look {
  readonly name: string
  readonly context: BrowserContextOptions
}

const looks: readonly Look[] = [
  { name: 'in English at 1280 pixels', context: { viewport: { width: 1280, height: 900 } } },
  {
    name: 'in Japanese at 320 pixels',
    context: { viewport: { width: 320, height: 640 }, locale: 'ja-JP' },
  },
  {
    name: 'in English at 320 pixels, dark',
    context: { viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
  },
  {
    name: 'in Japanese at 1280 pixels, dark',
    context: { viewport: { width: 1280, height: 900 }, locale: 'ja-JP', colorScheme: 'dark' },
  },
]

async function openEveryDisclosure(page: Page): Promise<void> {
  await page.evaluate("document.querySelectorAll('main details').forEach((d) => (d.open = true))")
}

async function assertNoSidewaysScroll(page: Page): Promise<void> {
  const overhang: number = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  assert.equal(overhang, 0, `${page.url()} scrolls sideways`)
}

describe('audit, history and links', () => {
  for (const { name, context } of looks) {
    it(`are accessible and fit ${name}`, async (t) => {
      const auditor = await newPage(t, browser, context)
      await auditor.page.goto(`${demo.url}/audit`)
      await signInAt(auditor.page, 'dmitri')
      for (const path of [
        '/audit',
        '/audit?outcome=failed&q=alice',
        '/audit?q=nobody',
        '/history',
      ]) {
        await auditor.page.goto(demo.url + path)
        await openEveryDisclosure(auditor.page)
        await assertAccessible(auditor.page)
        await assertNoSidewaysScroll(auditor.page)
      }
      auditor.assertNoConsoleErrors()

      const engineer = await newPage(t, browser, context)
      await engineer.page.goto(`${demo.url}/links`)
      await signInAt(engineer.page, 'alice')
      for (const path of ['/links', linksPath, '/links?url=https://example.com/', '/history']) {
        await engineer.page.goto(demo.url + path)
        await openEveryDisclosure(engineer.page)
        await assertAccessible(engineer.page)
        await assertNoSidewaysScroll(engineer.page)
      }
      engineer.assertNoConsoleErrors()
    })
  }
})

describe('the audit page in a browser', () => {
  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with' : 'without'
    it(`filters, follows a person and takes the trail away, ${how} script`, async (t) => {
      const { page, assertNoConsoleErrors } = await newPage(t, browser, {
        javaScriptEnabled,
        acceptDownloads: true,
      })
      await page.goto(`${demo.url}/audit`)
      await signInAt(page, 'dmitri')
      assert.equal(new URL(page.url()).pathname, '/audit', 'the sign-in leads back here')

      await page.getByLabel('Search').fill('alice')
      await page.getByLabel('Outcome').selectOption('failed')
      await page.getByLabel('Search').press('Enter')
      await page.waitForURL(/outcome=failed/)
      const rows = page.locator('tbody tr')
      assert.equal(await rows.count(), 1)
      assert.match((await rows.first().textContent()) ?? '', /NetworkAdmin/)

      await page.getByRole('link', { name: 'alice@example.com' }).first().click()
      await page.waitForURL(/person=/)
      assert.ok((await rows.count()) >= 5)

      const download = page.waitForEvent('download')
      await page.getByRole('link', { name: 'Export CSV' }).click()
      const file = await download
      assert.match(file.suggestedFilename(), /^sekisho-audit-.*Z\.csv$/)
      const [header = [], ...records] = cellsOf(await readFile(await file.path(), 'utf8'))
      const actor = header.indexOf('actorName')
      assert.ok(records.length >= 5)
      assert.ok(records.every((cells) => cells[actor] === 'alice@example.com'))
      assertNoConsoleErrors()
    })
  }

  it('shows the seal once the chain is verified', async (t) => {
    const { page } = await newPage(t, browser)
    await page.goto(`${demo.url}/audit`)
    await signInAt(page, 'dmitri')
    await page.reload()
    assert.match((await page.locator('.seal').textContent()) ?? '', /Chain verified.*none missing/s)
  })

  it('tells the time to the second, in the reader’s own zone', async (t) => {
    const { page } = await newPage(t, browser, { timezoneId: 'Asia/Tokyo' })
    await page.goto(`${demo.url}/audit?type=console.opened`)
    await signInAt(page, 'dmitri')
    await page.goto(`${demo.url}/audit?type=console.opened`)
    const time = page.locator('tbody time').first()
    const at = new Date((await time.getAttribute('datetime')) ?? '')
    const clock = at.toLocaleTimeString('en-GB', { timeZone: 'Asia/Tokyo' })
    assert.ok(
      (await time.textContent())?.includes(clock),
      `${await time.textContent()} has ${clock}`,
    )
  })

  it('opens the details of a record by keyboard', async (t) => {
    const { page } = await newPage(t, browser)
    await page.goto(`${demo.url}/audit?type=console.opened`)
    await signInAt(page, 'dmitri')
    await page.goto(`${demo.url}/audit?type=console.opened`)
    await page.locator('tbody summary').first().press('Enter')
    assert.ok(await page.getByText('AWS access key ID').first().isVisible())
  })

  it('is not in the way of people who may not read it', async (t) => {
    const { page } = await newPage(t, browser)
    await page.goto(demo.url)
    await signInAt(page, 'bob')
    assert.equal(await page.getByRole('link', { name: 'Audit', exact: true }).count(), 0)
    assert.equal((await page.goto(`${demo.url}/audit`))?.status(), 403)
  })
})

describe('the links page in a browser', () => {
  it('turns a pasted address into a link that is copied with one click', async (t) => {
    const { page, assertNoConsoleErrors } = await newPage(t, browser, {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await page.goto(`${demo.url}/links`)
    await signInAt(page, 'alice')
    await page.getByLabel('Address from the AWS console').fill(logs)
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.waitForURL(/url=/)
    const link = await page.getByLabel('Permanent link').inputValue()
    await page.getByRole('button', { name: 'Copy link', exact: true }).first().click()
    await page.locator('#say:not(:empty)').waitFor()
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), link)
    assertNoConsoleErrors()
  })

  it('makes a link without script that opens the very page in the very account', async (t) => {
    const { page } = await newPage(t, browser, { javaScriptEnabled: false })
    await page.goto(`${demo.url}/links`)
    await signInAt(page, 'alice')
    await page.getByLabel('Address from the AWS console').fill(logs)
    await page.getByLabel('Role').selectOption('ReadOnly')
    await page.getByRole('button', { name: 'Make the link' }).click()
    assert.equal(await page.getByRole('button', { name: 'Copy link' }).first().isVisible(), false)
    await page.getByRole('link', { name: 'Try it' }).click()
    await page.waitForLoadState()
    assert.equal(await consoleFact(page, 'account'), '111122220101')
    assert.equal(await consoleFact(page, 'role'), 'ReadOnlyAccess')
    assert.match(page.url(), /\/cloudwatch\/home.*#logsV2:log-groups\/log-group\/\$252Fcheckout$/)
  })

  it('remembers the choice of account and role when the address is changed', async (t) => {
    const { page } = await newPage(t, browser)
    await page.goto(demo.url + linksPath)
    await signInAt(page, 'alice')
    await page.goto(demo.url + linksPath)
    await page.getByLabel('Account').selectOption('payments-stg')
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.waitForURL(/account=payments-stg/)
    assert.equal(await page.getByLabel('Account').inputValue(), 'payments-stg')
    assert.match(await page.getByLabel('Permanent link').inputValue(), /\/go\/payments-stg\//)
  })
})
