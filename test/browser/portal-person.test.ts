/** What the portal keeps for one person, and how their roles open: in the demo, with everything real. */
import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser, newPage } from '../support/browser.ts'
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

/** A browser of its own, signed in: another device. */
async function device(
  t: TestContext,
  username: string,
  options: BrowserContextOptions = {},
  provider?: string,
): Promise<Page> {
  const { page, assertNoConsoleErrors } = await newPage(t, browser, options)
  await page.goto(demo.url)
  await signInAt(page, username, provider)
  t.after(assertNoConsoleErrors)
  return page
}

async function textOf(page: Page, selector: string): Promise<string> {
  const text = await page.locator(selector).first().textContent()
  return (text ?? '').replace(/\s+/g, ' ')
}

const tile = (role: string) => `#tree .role:has([href^="/go/${role}"])`

/** Presses a button inside the settings at the foot of the portal. */
async function press(page: Page, setting: string): Promise<void> {
  await page.locator('.settings > summary').click()
  await page.locator(`form:has([name=name][value=${setting}]) button`).click()
  await page.waitForLoadState()
}

describe('what one person marked', () => {
  it('may be everything: a page of hidden roles is a page that works', async (t) => {
    const page = await device(t, 'mei', {}, 'Partner directory')
    for (const role of ['migration/ReadOnly', 'migration/DataAnalyst']) {
      await page.locator(`${tile(role)} summary`).click()
      await page.getByRole('button', { name: 'Hide this role' }).click()
      await page.waitForLoadState()
    }
    assert.equal(await page.locator('a.go').count(), 0)
    await page.locator('#q').fill('read')
    assert.equal(await page.locator('#none').isVisible(), true)

    await page.goto(`${demo.url}/portal/acme?hidden=1`)
    for (let left = 2; left > 0; left -= 1) {
      await page.getByRole('button', { name: 'Show again' }).first().click()
      await page.waitForLoadState()
    }
    await page.goto(`${demo.url}/portal/acme`)
    assert.equal(await page.locator('a.go').count(), 2)
  })

  it('is there on every device of theirs, and on nobody else’s', async (t) => {
    const desk = await device(t, 'bob')
    await desk.locator(`${tile('payments-prod/ReadOnly')} .star`).click({ force: true })
    await desk.waitForLoadState()
    await desk.goto(`${demo.url}/go/payments-stg/ReadOnly`)
    await desk.goto(demo.url)
    await desk.locator(`${tile('sandbox-bob/ReadOnly')} summary`).click()
    await desk.getByRole('button', { name: 'Hide this role' }).click()
    await desk.waitForLoadState()
    await desk.getByRole('button', { name: 'Dismiss' }).click()
    await desk.waitForLoadState()

    const phone = await device(t, 'bob', { javaScriptEnabled: false })
    const section = (name: string) => `section[aria-labelledby=${name}]`
    assert.match(await textOf(phone, section('favourites')), /Payments Production *ReadOnly/)
    assert.match(await textOf(phone, section('recent')), /Payments Staging *ReadOnly.*just now/)
    assert.equal(await phone.locator(tile('sandbox-bob/ReadOnly')).count(), 0)
    assert.equal(await phone.locator('.news').count(), 0)

    await phone.getByRole('link', { name: '1 hidden role' }).click()
    await phone.getByRole('button', { name: 'Show again' }).click()
    await desk.goto(demo.url)
    assert.equal(await desk.locator(tile('sandbox-bob/ReadOnly')).count(), 1)

    const other = await device(t, 'chika')
    assert.equal(await other.locator('.fast section').count(), 0)
    assert.equal(await other.locator('.news').count(), 1)
  })

  it('puts the latest first, or the most used where they choose so', async (t) => {
    const page = await device(t, 'dmitri')
    for (const account of ['build', 'build', 'network']) {
      await page.goto(`${demo.url}/go/${account}/Auditor`)
    }
    await page.goto(demo.url)
    const first = 'section[aria-labelledby=recent] .role'
    assert.match(await textOf(page, first), /Shared network/)
    await page.getByRole('button', { name: 'Most used first' }).click()
    await page.waitForLoadState()
    assert.match(await textOf(page, first), /Build.*opened 2 times/)
    const phone = await device(t, 'dmitri')
    assert.match(await textOf(phone, first), /Build/)
  })
})

describe('a tile', () => {
  it('says length, reason and caution before the click', async (t) => {
    const page = await device(t, 'alice')
    const admin = tile('log-archive/Administrator')
    assert.match(await textOf(page, `${admin} .meta`), /Caution.*up to 1 h/)
    await page.locator(`${admin} summary`).click()
    assert.match(await textOf(page, admin), /You hold it through “platform team”/)
    assert.match(await textOf(page, '#tree .env:has([href*="log-archive"]) h2'), /^Production/)
  })

  it('with caution asks once more, naming the account, and opens on the yes', async (t) => {
    const page = await device(t, 'alice')
    const opened = demo.aws.sessions.length
    await page.locator(`${tile('log-archive/Administrator')} .go`).click()
    await page.waitForLoadState()
    assert.match(await textOf(page, 'h1'), /Log archive.*Production.*Administrator/)
    assert.match(await textOf(page, 'main'), /Full control\. Every change is real\./)
    assert.equal(demo.aws.sessions.length, opened)
    await page.locator('#continue').click()
    await page.waitForLoadState()
    assert.equal(await consoleFact(page, 'account'), '111122220105')
    assert.equal(await consoleFact(page, 'duration'), '1 h')
  })

  it('says until when the access lasts, in the words of the language', async (t) => {
    const page = await device(t, 'mei', { locale: 'ja-JP' }, 'Partner directory')
    assert.match(
      await textOf(page, `${tile('migration/ReadOnly')} .meta`),
      /期限 20\d\d年\d+月\d+日/,
    )
  })

  it('says what is still open, for how long, and how many AWS keeps', async (t) => {
    const page = await device(t, 'chika')
    await page.goto(`${demo.url}/go/datalake-stg/ReadOnly`)
    await page.goto(demo.url)
    const open = 'section[aria-labelledby=open]'
    assert.match(await textOf(page, open), /Data lake Staging *ReadOnly.*7 h 59 min left.*until/)
    assert.match(await textOf(page, open), /1 opened here\. AWS keeps at most 5/)
    assert.match(await textOf(page, `${tile('datalake-stg/ReadOnly')} .meta`), /Open.*left/)
  })

  it('has the named links of its account beside it', async (t) => {
    const page = await device(t, 'bob')
    await page.getByRole('link', { name: 'prod-logs' }).click()
    await page.waitForLoadState()
    assert.equal(await consoleFact(page, 'role'), 'LogReader')
    assert.match(page.url(), /\/cloudwatch\/home.*#logsV2:log-groups$/)
  })
})

describe('a role opens as somebody likes', () => {
  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'at once, with script' : 'after a question, without script'
    it(`shorter, elsewhere and at another page: ${how}`, async (t) => {
      const page = await device(t, 'bob', { javaScriptEnabled })
      const one = page.locator(tile('payments-stg/PowerUser'))
      await one.locator('summary').click()
      await one.locator('select').selectOption('30m')
      await one.locator('[name=region]').fill('us-west-2')
      await one.locator('[name=to]').fill('/s3/home')
      await one.getByRole('button', { name: 'Open', exact: true }).click()
      if (!javaScriptEnabled) {
        assert.match(await textOf(page, '.facts'), /\/s3\/home.*us-west-2.*30 min/)
        await page.locator('#continue').click()
      }
      await page.getByTestId('destination').waitFor()
      assert.match((await consoleFact(page, 'destination')) ?? '', /\/s3\/home/)
      assert.equal(await consoleFact(page, 'region'), 'us-west-2')
      assert.equal(await consoleFact(page, 'duration'), '30 min')
    })
  }

  it('in a new tab and in a Region of their own, from then on', async (t) => {
    const page = await device(t, 'chika')
    await press(page, 'newTab')
    await page.locator('.settings > summary').click()
    await page.getByLabel('My Region').fill('eu-west-1')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForLoadState()
    const popup = page.waitForEvent('popup')
    await page.locator(`${tile('datalake-stg/DataAnalyst')} .go`).click()
    const tab = await popup
    await tab.waitForLoadState()
    assert.equal(await consoleFact(tab, 'region'), 'eu-west-1')
    assert.equal(new URL(page.url()).pathname, '/')
  })

  it('side by side, or signed out of the console first', async (t) => {
    const page = await device(t, 'alice')
    const openedAfter = async (account: string) => {
      await page.goto(`${demo.url}/go/${account}/ReadOnly`)
      const sessions = await page.getByTestId('open-session').allTextContents()
      return sessions.map((text) => /in (\d{12})/.exec(text)?.[1])
    }
    await openedAfter('build')
    assert.equal((await openedAfter('network')).length, 2)
    await page.goto(demo.url)
    await press(page, 'signOutFirst')
    assert.deepEqual(await openedAfter('build'), ['111122220204'])
    await page.goto(demo.url)
    assert.equal(await page.locator('section[aria-labelledby=open] .role').count(), 1)
  })
})

describe('a link to a role that somebody does not have', () => {
  it('shows which roles of that account they do have, whom to ask, and nothing else', async (t) => {
    const page = await device(t, 'bob')
    const answer = await page.goto(`${demo.url}/go/payments-prod/Administrator`)
    assert.equal(answer?.status(), 403)
    const text = await textOf(page, 'main')
    assert.deepEqual(await page.locator('main .go').allTextContents(), ['ReadOnly', 'LogReader'])
    assert.match(text, /payments@example\.com/)
    assert.doesNotMatch(text, /platform team|Storefront|Data lake|Full control/)
    await page.locator('main .go').first().click()
    await page.waitForLoadState()
    assert.equal(await consoleFact(page, 'role'), 'ReadOnlyAccess')
  })
})

describe('the whole way', () => {
  it('is walked by keyboard alone, from the address to the console', async (t) => {
    const { page, assertNoConsoleErrors } = await newPage(t, browser)
    const tabTo = async (selector: string) => {
      for (let presses = 0; presses < 15; presses += 1) {
        await page.keyboard.press('Tab')
        if (await page.locator(`${selector}:focus`).count()) return
      }
      assert.fail(`Tab does not reach ${selector}`)
    }
    await page.goto(demo.url)
    await tabTo('a[href^="/sign-in/company"]')
    await page.keyboard.press('Enter')
    await page.locator('input[name=username]').waitFor()
    if (!(await page.locator('input[name=username]:focus').count())) await tabTo('[name=username]')
    await page.keyboard.type('bob')
    await tabTo('[name=password]')
    await page.keyboard.type('open-sesame')
    await page.keyboard.press('Enter')
    await page.locator('#q:focus').waitFor()
    await page.keyboard.type('stg powr')
    await page.keyboard.press('Enter')
    await page.getByTestId('role').waitFor()
    assert.equal(await consoleFact(page, 'role'), 'PowerUserAccess')
    assertNoConsoleErrors()
  })

  it('leads back from an ended console session to the same role and page', async (t) => {
    const page = await device(t, 'alice')
    await page.goto(`${demo.url}/go/build/ReadOnly?to=/s3/home`)
    const consoleUrl = page.url()
    await page.getByTestId('sign-out').click()
    await page.goto(consoleUrl)
    await page.getByTestId('expired').getByRole('link').click()
    await page.waitForLoadState()
    assert.match(await textOf(page, 'h1'), /Build.*Staging.*ReadOnly/)
    await page.locator('#continue').click()
    await page.waitForLoadState()
    assert.equal(await consoleFact(page, 'role'), 'ReadOnlyAccess')
    assert.match((await consoleFact(page, 'destination')) ?? '', /\/s3\/home/)
  })

  it('changes its language where one stands, and keeps it', async (t) => {
    const page = await device(t, 'alice')
    await page.goto(`${demo.url}/links`)
    await page.getByRole('link', { name: '日本語' }).click()
    await page.waitForLoadState()
    assert.equal(new URL(page.url()).pathname, '/links')
    assert.equal(await page.locator('html').getAttribute('lang'), 'ja')
    await page.goto(demo.url)
    assert.equal(await page.getByRole('button', { name: '閉じる' }).count(), 1)
    await page.getByRole('link', { name: 'English' }).click()
    await page.waitForLoadState()
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
  })
})
