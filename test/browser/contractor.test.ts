/** Access for a time: a contractor's, in a portal of their own at their own provider, and a colleague's. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible, launchBrowser, newPage } from '../support/browser.ts'
import { consoleFact, signInAt } from '../support/demo-browser.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'
import { sharedResources } from '../support/shared-resources.ts'

const suite = sharedResources()
let demo: TestDemo
let browser: Browser
let portal: string
/** How far the broker's clock is ahead of everybody else's. */
let ahead = 0

const minute = 60_000
const start = Math.floor(Date.now() / 1000) * 1000
const from = new Date(start + 20 * minute)
const until = new Date(start + 50 * minute)
const iso = (at: Date) => at.toISOString().replace('.000Z', 'Z')

/** A colleague's access for a time: the same bounds, in the company's own portal. */
const incidentHelp = `
  - name: incident help
    providers: [company]
    groups: [payments]
    accounts: [log-archive]
    permissionSets: [ReadOnly]
    from: ${iso(from)}
    until: ${iso(until)}
`
/** The contract begins and ends while one session at the broker lasts. */
function withContract(text: string): string {
  return text
    .replace(/^ {4}until: .*$/m, `    from: ${iso(from)}\n    until: ${iso(until)}`)
    .replace(/^denials:/m, `${incidentHelp}denials:`)
    .replace('recheck: 15m', 'recheck: 4h')
    .replace('idle: 1h', 'idle: 4h')
}

before(async () => {
  const clock = () => new Date(Date.now() + ahead)
  demo = await startTestDemo(suite, { clock, edit: withContract })
  browser = await launchBrowser(suite)
  portal = `${demo.url}/portal/acme`
})
after(() => suite.close())

const atStart = () => (ahead = 0)
const atTime = (at: Date) => (ahead = at.getTime() - Date.now())

const tile = 'a.go[href="/go/migration/ReadOnly"]'
const mainText = async (page: Page) => (await page.locator('main').textContent()) ?? ''

async function contractorAtPortal(username = 'mei') {
  atStart()
  const recorded = await newPage(suite, browser)
  await recorded.page.goto(portal)
  await signInAt(recorded.page, username)
  return recorded
}

describe('the life of a contract', () => {
  it('leads a stranger from the shared URL to the contractor’s own provider, and back to it', async (t) => {
    atStart()
    const { page, assertNoConsoleErrors } = await newPage(t, browser)
    await page.goto(portal)
    assert.equal(new URL(page.url()).origin, new URL(demo.partners.issuer).origin)
    await signInAt(page, 'mei')
    assert.equal(page.url(), portal)
    assert.equal(await page.locator('h1').textContent(), 'Warehouse migration')
    assert.match(await mainText(page), /Questions: platform@example\.com/)
    await assertAccessible(page)
    assertNoConsoleErrors()
  })

  it('opens nothing before it begins, exactly as long as it lasts, and nothing afterwards', async () => {
    const { page, assertNoConsoleErrors } = await contractorAtPortal()
    assert.equal(await page.locator('a.go').count(), 0)
    await page.goto(`${demo.url}/go/migration/ReadOnly`)
    assert.match(await mainText(page), /access-not-yet/)
    assert.equal(demo.aws.sessions.length, 0)

    atTime(new Date(from.getTime() + 10 * minute))
    await page.goto(portal)
    assert.deepEqual(await page.locator('a.go').allTextContents(), ['ReadOnly', 'DataAnalyst'])
    assert.equal(
      await page.locator('time[data-time=day]').first().getAttribute('datetime'),
      iso(until).replace('Z', '.000Z'),
    )
    assert.match((await page.locator('.meta').first().innerText()) ?? '', /until .* · \d+ min left/)
    await assertAccessible(page)
    await page.locator(tile).click()
    await page.waitForURL((url) => url.origin !== demo.url)
    assert.equal(await consoleFact(page, 'account-alias'), 'migration')
    assert.equal(await consoleFact(page, 'session-name'), 'mei@acme.example')
    assert.match(
      (await consoleFact(page, 'session-policy')) ?? '',
      new RegExp(`denied after ${iso(until)}`),
    )
    const seconds = demo.aws.sessions.at(-1)?.durationSeconds ?? 0
    assert.ok(seconds > 1_190 && seconds <= 1_200, `${seconds} s of the 20 min left`)

    atTime(new Date(until.getTime() - 5 * minute))
    await page.goto(`${demo.url}/go/migration/DataAnalyst`)
    assert.match(
      (await consoleFact(page, 'session-policy')) ?? '',
      new RegExp(`denied after ${iso(until)}`),
    )
    assert.equal(demo.aws.sessions.at(-1)?.durationSeconds, 900, 'AWS gives no less')

    atTime(until)
    await page.goto(portal)
    assert.equal(await page.locator('a.go').count(), 0)
    await assertAccessible(page)
    await page.goto(`${demo.url}/go/migration/ReadOnly`)
    assert.match(await mainText(page), /access-ended/)
    assert.equal(demo.aws.sessions.length, 2)
    assertNoConsoleErrors()
  })
})

describe('a colleague’s access for a time', () => {
  it('is a tile with its end, among those without, from its first second to its last', async (t) => {
    const { page, assertNoConsoleErrors } = await newPage(t, browser)
    atStart()
    await page.goto(demo.url)
    await signInAt(page, 'bob')
    const help = page.locator('li.role', {
      has: page.locator('a.go[href="/go/log-archive/ReadOnly"]'),
    })
    assert.equal(await help.count(), 0)
    const openings = demo.aws.sessions.length
    await page.goto(`${demo.url}/go/log-archive/ReadOnly`)
    assert.match(await mainText(page), /access-not-yet/)

    atTime(from)
    await page.goto(demo.url)
    assert.equal(
      await help.first().locator('time[data-time=day]').getAttribute('datetime'),
      until.toISOString(),
    )
    assert.equal(await page.locator('time[data-time=day]').count(), 1, 'no other tile has an end')
    await assertAccessible(page)
    await page.goto(`${demo.url}/go/log-archive/ReadOnly`)
    const policy = (await consoleFact(page, 'session-policy')) ?? ''
    assert.match(policy, new RegExp(`denied after ${iso(until)}`))

    atTime(until)
    await page.goto(demo.url)
    assert.equal(await help.count(), 0)
    await page.goto(`${demo.url}/go/log-archive/ReadOnly`)
    assert.match(await mainText(page), /access-ended/)
    assert.equal(demo.aws.sessions.length, openings + 1)
    assertNoConsoleErrors()
  })
})

describe('people of two providers', () => {
  it('hold what their own provider’s groups give: the same group elsewhere is another one', async () => {
    demo.partners.setGroups('pat', ['platform', 'staff', 'security', 'payments'])
    const { page } = await contractorAtPortal('pat')
    atTime(new Date(from.getTime() + minute))
    for (const path of ['/portal/acme', '/']) {
      await page.goto(demo.url + path)
      assert.equal(await page.locator('a.go').count(), 0, path)
      assert.deepEqual(await page.locator('nav.nav a').allTextContents(), ['Roles', 'Links'])
    }
  })

  it('land in their own portal, whichever address they type', async (t) => {
    const contractor = await contractorAtPortal()
    await contractor.page.goto(demo.url)
    assert.equal(contractor.page.url(), portal)
    const { page } = await newPage(t, browser)
    await page.goto(demo.url)
    await signInAt(page, 'bob')
    assert.equal(page.url(), `${demo.url}/`)
    assert.ok((await page.locator('a.go').count()) > 5)
  })

  it('are two principals where one person is known to both: favourites and history stay apart', async (t) => {
    const twin = demo.partners.people.find(({ username }) => username === 'pat')
    assert.ok(twin)
    Object.assign(twin, {
      subject: 'u-alice',
      name: 'Alice Aoki',
      email: 'alice@example.com',
      groups: ['acme-migration'],
    })
    atStart()
    const atCompany = await newPage(t, browser)
    await atCompany.page.goto(demo.url)
    await signInAt(atCompany.page, 'alice')
    atTime(new Date(from.getTime() + minute))
    await atCompany.page.goto(`${demo.url}/?account=migration`)
    await atCompany.page.locator('button.star[value="migration/ReadOnly"]').first().click()
    await atCompany.page.waitForLoadState()
    await atCompany.page.goto(`${demo.url}/go/migration/ReadOnly`)
    await atCompany.page.goto(demo.url)
    assert.equal(await atCompany.page.locator(`#favourites ~ ul ${tile}`).count(), 1)

    const atPartners = await contractorAtPortal('pat')
    atTime(new Date(from.getTime() + minute))
    await atPartners.page.goto(portal)
    assert.equal(await atPartners.page.locator(tile).count(), 1)
    assert.equal(await atPartners.page.locator('#favourites').count(), 0)
    await atPartners.page.goto(`${demo.url}/history`)
    const rows = await atPartners.page.locator('tbody tr').allTextContents()
    assert.equal(rows.length, 1, 'her sign-in here, and nothing of her other self')
  })
})

describe('the end before the end', () => {
  it('comes by an operator, from the report on that person: signed out at once, everywhere', async (t) => {
    const contractor = await contractorAtPortal()
    atTime(new Date(from.getTime() + minute))
    await contractor.page.goto(`${demo.url}/go/migration/ReadOnly`)
    atStart()
    // Their own company let them go: without it, one press of the button would only sign them in anew.
    demo.partners.remove('mei')
    for (const locale of ['ja-JP', 'en-GB']) {
      const operator = await newPage(t, browser, { locale, viewport: { width: 320, height: 640 } })
      await operator.page.goto(`${demo.url}/audit`)
      await signInAt(operator.page, 'alice')
      await operator.page.locator('tbody a', { hasText: 'mei@acme.example' }).first().click()
      await operator.page.locator('a[href^="/audit/person?"]').click()
      await operator.page.locator('form[action="/audit/person/sign-out"]').waitFor()
      for (const colorScheme of ['dark', 'light'] as const) {
        await operator.page.emulateMedia({ colorScheme })
        await assertAccessible(operator.page)
      }
      const wide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
      assert.equal(await operator.page.evaluate(wide), false)
      if (locale === 'ja-JP') continue

      const policy = (await operator.page.textContent('#cut-policy')) ?? ''
      assert.match(policy, /"aws:SourceIdentity": \[\s*"mei@acme\.example"/)
      await operator.page.getByRole('button', { name: 'End all sessions' }).click()
      await operator.page.getByText('Ended by an operator').waitFor()
      await assertAccessible(operator.page)
      operator.assertNoConsoleErrors()
    }
    await contractor.page.goto(portal)
    assert.equal(new URL(contractor.page.url()).origin, new URL(demo.partners.issuer).origin)
  })
})
