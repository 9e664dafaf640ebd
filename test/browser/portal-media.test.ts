/** Every page where it has least room, in forced colours and on paper: in the demo, both languages. */
import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser, newPage } from '../support/browser.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'
import { givePass } from '../support/pass-pages.ts'
import { sharedResources } from '../support/shared-resources.ts'
import { signedInState } from '../support/signed-in-state.ts'

const suite = sharedResources()
let demo: TestDemo
let browser: Browser
let alice: BrowserContextOptions
let paths: readonly string[]

const link = `/links?${new URLSearchParams({
  url: 'https://111122220101-k3v9x2aq.ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#logsV2:log-groups/log-group/$252Fcheckout',
}).toString()}`

before(async () => {
  demo = await startTestDemo(suite)
  browser = await launchBrowser(suite)
  alice = await signedInState(suite, browser, demo.url, 'alice')
  const { page } = await newPage(suite, browser, alice)
  for (const role of ['payments-prod/ReadOnly', 'build/PowerUser']) {
    await page.goto(`${demo.url}/go/${role}`)
  }
  await page.goto(demo.url)
  await page.locator('#tree button.star').first().click({ force: true })
  const pass = await givePass(page, demo.url, { kind: 'link-and-pin', name: 'Mei Lin' })
  await page.goto(`${demo.url}/audit`)
  await page.locator('tbody a').first().click()
  const person = await page.locator('a[href^="/audit/person?"]').getAttribute('href')
  paths = [
    '/',
    '/?q=payments',
    '/?account=build',
    link,
    '/passes',
    pass.report,
    '/audit',
    person ?? '',
    '/history',
    new URL(pass.link).pathname,
    '/go/network/NetworkAdmin',
    '/open/payments-prod/Administrator?for=30m&to=/ec2/home',
    '/go/payments-prod/LogReader',
  ]
})
after(() => suite.close())

async function open(t: TestContext, options: BrowserContextOptions): Promise<Page> {
  const { page } = await newPage(t, browser, { ...alice, ...options })
  return page
}

/** What sticks out of the page, or out of a box that hides it: tables and policies too. */
const cutOff = `[...document.querySelectorAll('body *')].flatMap((el) => {
  if (!el.checkVisibility() || el.closest('.vh, svg > *')) return []
  const { overflowX } = getComputedStyle(el), { left, right, width } = el.getBoundingClientRect()
  const isField = el.matches('input, select, textarea')
  const hides = !isField && overflowX !== 'visible' && el.scrollWidth > el.clientWidth
  const sticksOut = width > 0 && (right > innerWidth + 1 || left < -1)
  return hides || sticksOut ? [el.outerHTML.slice(0, 120)] : []
})`

const narrow = [
  { what: '320 pixels', viewport: { width: 320, height: 640 } },
  { what: '200 % zoom', viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
]

describe('nothing is cut off', () => {
  for (const locale of ['en-GB', 'ja-JP']) {
    for (const { what, ...look } of narrow) {
      it(`at ${what}, ${locale}, every drawer open`, async (t) => {
        const page = await open(t, { ...look, locale })
        for (const path of paths) {
          await page.goto(demo.url + path)
          await page.evaluate(
            'document.querySelectorAll("details").forEach((d) => (d.open = true))',
          )
          assert.deepEqual(await page.evaluate(cutOff), [], path)
          const overhang = 'document.documentElement.scrollWidth - innerWidth'
          assert.ok(Number(await page.evaluate(overhang)) <= 0, `${path} scrolls sideways`)
        }
      })
    }
  }
})

/** Controls that forced colours would leave without an edge. */
const withoutEdge = `[...document.querySelectorAll('button, .btn, .tool, input, select, textarea')].flatMap((el) => {
  if (!el.checkVisibility() || el.matches('.link, [type=hidden], [type=checkbox], [type=radio]')) return []
  const style = getComputedStyle(el), canvas = getComputedStyle(document.body).backgroundColor
  const hasEdge = parseFloat(style.borderTopWidth) >= 1 && style.borderTopStyle !== 'none'
  return hasEdge && style.borderTopColor !== canvas ? [] : [el.outerHTML.slice(0, 120)]
})`

describe('forced colours', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    it(`leave every control its edge, ${colorScheme}`, async (t) => {
      const page = await open(t, { forcedColors: 'active', colorScheme })
      for (const path of paths) {
        await page.goto(demo.url + path)
        assert.deepEqual(await page.evaluate(withoutEdge), [], path)
      }
    })

    it(`leave environment, caution, favourite, match and the way on to be told apart, ${colorScheme}`, async (t) => {
      const page = await open(t, { forcedColors: 'active', colorScheme })
      const style = (selector: string, property: string, pseudo = ''): Promise<string> =>
        page.evaluate(
          `getComputedStyle(document.querySelector(${JSON.stringify(selector)}), '${pseudo}')['${property}']`,
        )
      await page.goto(demo.url)
      const environments = ['red', 'amber', 'green'].map((colour) =>
        style(`.env[data-env=${colour}]`, 'borderLeftStyle'),
      )
      assert.deepEqual(await Promise.all(environments), ['solid', 'double', 'dotted'])
      assert.equal(await page.locator('.env > h2', { hasText: 'Production' }).isVisible(), true)
      assert.match(await style('#tree .caution', 'content', '::before'), /▲/)
      assert.match(await style('.star[aria-pressed=true]', 'content', '::before'), /★/)
      assert.match(await style('.star[aria-pressed=false]', 'content', '::before'), /☆/)
      assert.notEqual(
        await style('.role .ring :last-child', 'stroke'),
        await style('.ring', 'stroke'),
      )

      await page.keyboard.press('ArrowDown')
      const focused = '.role:has(.go:focus)'
      assert.equal(await style(focused, 'outlineStyle'), 'solid')
      assert.equal(await style(focused, 'outlineWidth'), '2px')
      await page.keyboard.press('/')
      await page.keyboard.type('build')
      const canvas = await style('body', 'backgroundColor')
      assert.notEqual(await style('.hit', 'backgroundColor', '::after'), canvas)

      await page.goto(`${demo.url}/open/payments-prod/Administrator`)
      const fill = (selector: string) => style(selector, 'backgroundColor')
      assert.notEqual(await fill('#continue'), await fill('.btn.quiet'))
    })
  }
})

/** The guest's own form stays: its terms are worth having on paper. */
const pressable = `[...document.querySelectorAll('button, .btn, select, nav, .find, .tool, .settings, input:not([readonly])')]
  .filter((el) => el.checkVisibility() && !el.closest('form:has(details)'))
  .map((el) => el.outerHTML.slice(0, 120))`

describe('on paper', () => {
  for (const locale of ['en-GB', 'ja-JP']) {
    it(`there is nothing to press, and what was there to read, ${locale}`, async (t) => {
      const page = await open(t, { locale, colorScheme: 'dark' })
      await page.emulateMedia({ media: 'print' })
      for (const path of paths) {
        await page.goto(demo.url + path)
        assert.deepEqual(await page.evaluate(pressable), [], path)
        assert.equal(await page.locator('h1').isVisible(), true, path)
        assert.deepEqual(await page.evaluate(cutOff), [], path)
      }
      await page.goto(demo.url)
      const paper: string = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      assert.equal(paper, 'rgb(255, 255, 255)')
      for (const selector of ['#tree .go', '#tree .caution', '#tree .meta', '#tree .id', '#open']) {
        assert.equal(await page.locator(selector).first().isVisible(), true, selector)
      }
      await page.goto(`${demo.url}/audit`)
      assert.equal(await page.locator('tbody time').first().isVisible(), true)
    })
  }

  it('a long portal is printed whole, also what the screen does not draw yet', async (t) => {
    const page = await open(t, {})
    await page.emulateMedia({ media: 'print' })
    await page.goto(demo.url)
    await page.evaluate('document.querySelector("#tree").classList.add("many")')
    const drawn = 'getComputedStyle(document.querySelector("#tree .account")).contentVisibility'
    assert.equal(await page.evaluate(drawn), 'visible')
  })
})
