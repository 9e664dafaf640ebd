/** Announcement and branding of a config that changes while people are there. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import pino from 'pino'
import type { Browser, Page } from 'playwright-core'
import { watchConfig, type WatchedConfig } from '#config/running-config.ts'
import { openBroker } from '../../src/broker.ts'
import { assertAccessible, launchBrowser, newPage } from '../support/browser.ts'
import { signInAt } from '../support/demo-browser.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'
import { sharedResources } from '../support/shared-resources.ts'

const suite = sharedResources()
let demo: TestDemo
let browser: Browser
let config: WatchedConfig

/** The demo's broker, once more, but with a file that it watches as `serve` does. */
before(async () => {
  demo = await startTestDemo(suite)
  await demo.broker.close()
  const { configPath: path, settings: initial } = demo
  config = watchConfig({ path, environment: {}, initial, onChange: () => {} })
  suite.after(() => config.close())
  const logger = pino({ level: 'silent' })
  const broker = await openBroker({ config, clock: () => new Date(), logger })
  suite.after(() => broker.close())
  await broker.listen()
  browser = await launchBrowser(suite)
})
after(() => suite.close())

const logo = (width: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="26"><path d="M0 0h26v26H0z"/></svg>`

/** Replaces a part of the config that starts at the margin, and waits until the broker took it over. */
async function change(part: string, lines: string): Promise<string> {
  const text = await readFile(demo.configPath, 'utf8')
  const others = text.replace(new RegExp(`^${part}:.*\\n(?:[ #].*\\n|\\n)*`, 'm'), '')
  await writeFile(demo.configPath, `${others.trimEnd()}\n${lines}\n`)
  return (await config.reload()).outcome
}

async function aliceAt(path: string): Promise<Page> {
  const { page } = await newPage(suite, browser)
  await page.goto(demo.url + path)
  await signInAt(page, 'alice')
  return page
}

const accent = (page: Page): Promise<string> =>
  page.evaluate('getComputedStyle(document.querySelector(".lang")).color')

describe('a config that changes while the broker runs', () => {
  it('brings name, logo, accent colour, help and contact to the page that is opened next', async () => {
    const folder = dirname(demo.configPath)
    await writeFile(join(folder, 'logo.svg'), logo(26))
    await writeFile(join(folder, 'other.svg'), logo(52))
    const page = await aliceAt('/')
    assert.match((await page.textContent('.brand')) ?? '', /Sekisho/)
    const before = await accent(page)

    const branding = `branding:
  name: Acme cloud gate
  logo: ./logo.svg
  accent: "#b3261e"
  help: https://wiki.example.com/aws
  contact: cloud@acme.example`
    assert.equal(await change('branding', branding), 'loaded')
    await page.reload()
    assert.match(await page.title(), /· Acme cloud gate$/)
    assert.match((await page.textContent('.brand')) ?? '', /Acme cloud gate/)
    await page.waitForFunction('document.querySelector(".brand img").naturalWidth === 26')
    assert.notEqual(await accent(page), before)
    assert.equal(await change('branding', branding.replace('logo.svg', 'other.svg')), 'loaded')
    await page.reload()
    await page.waitForFunction('document.querySelector(".brand img").naturalWidth === 52')
    assert.equal(await page.locator('.foot a[href="https://wiki.example.com/aws"]').count(), 1)
    assert.equal(await page.locator('.foot a[href="mailto:cloud@acme.example"]').count(), 1)
    await assertAccessible(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await assertAccessible(page)
  })

  it('announces anew to whoever put the last announcement away, in their language', async () => {
    const page = await aliceAt('/')
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await page.waitForLoadState()
    assert.equal(await page.locator('.news').count(), 0)

    const lines =
      'announcement:\n  en: Staging is closed on Sunday.\n  ja: 日曜日はステージングを停止します。'
    assert.equal(await change('announcement', lines), 'loaded')
    await page.reload()
    assert.match((await page.textContent('.news')) ?? '', /Staging is closed on Sunday/)
    await page.getByRole('link', { name: '日本語' }).click()
    await page.waitForLoadState()
    assert.match((await page.textContent('.news')) ?? '', /日曜日はステージングを停止します/)
  })

  it('changes nothing where the new file is broken', async () => {
    const page = await aliceAt('/')
    const shown = await page.textContent('.brand')
    assert.equal(await change('branding', 'branding: { name: Other, colour: pink }'), 'refused')
    await page.reload()
    assert.equal(await page.textContent('.brand'), shown)
  })
})
