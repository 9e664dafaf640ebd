/** `npm run screenshots`: the README's pictures, taken of the demo in Chromium. */
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions } from 'playwright-core'
import { launchBrowser, newPage } from './browser.ts'
import { signInAt } from './demo-browser.ts'
import { startTestDemo } from './demo.ts'
import { globalSetup } from './global-setup.ts'
import { givePass } from './pass-pages.ts'
import { sharedResources } from './shared-resources.ts'

const folder = fileURLToPath(new URL('../../docs/images', import.meta.url))

interface Shot extends BrowserContextOptions {
  readonly name: string
  readonly path: string
  /** 200 unless said. */
  readonly status?: number
  /** Stands on the page that is meant, and on no other. */
  readonly shows: string
}

const shots: readonly Shot[] = [
  {
    name: 'portal-light',
    path: '/',
    shows: '#tree .role',
    colorScheme: 'light',
    viewport: { width: 1280, height: 860 },
  },
  {
    name: 'portal-dark',
    path: '/',
    shows: '#tree .role',
    colorScheme: 'dark',
    viewport: { width: 1280, height: 860 },
  },
  {
    name: 'portal-phone',
    path: '/',
    shows: '#tree .role',
    colorScheme: 'light',
    locale: 'ja-JP',
    viewport: { width: 390, height: 844 },
  },
  {
    name: 'confirm-light',
    path: '/go/payments-prod/Administrator',
    shows: '#continue',
    colorScheme: 'light',
    viewport: { width: 1280, height: 900 },
  },
  {
    name: 'audit-light',
    path: '/audit',
    shows: 'form[action="/audit"]',
    colorScheme: 'light',
    viewport: { width: 1280, height: 900 },
  },
  {
    name: 'passes-light',
    path: '/passes',
    shows: 'form[action$="/revoke"]',
    colorScheme: 'light',
    viewport: { width: 1280, height: 900 },
  },
  {
    name: 'refused-dark',
    path: '/go/network/NetworkAdmin',
    status: 502,
    shows: '.slip pre',
    colorScheme: 'dark',
    viewport: { width: 1280, height: 1200 },
  },
]

await globalSetup()
await mkdir(folder, { recursive: true })
const suite = sharedResources()
try {
  const demo = await startTestDemo(suite)
  const browser = await launchBrowser(suite)
  const { page: warm } = await newPage(suite, browser)
  await warm.goto(demo.url)
  await signInAt(warm, 'alice')
  for (const role of [
    'payments-prod/ReadOnly',
    'datalake-stg/ReadOnly',
    'build/PowerUser',
    'sandbox-ml/ReadOnly',
  ]) {
    await warm.goto(`${demo.url}/go/${role}`)
  }
  for (const role of ['payments-prod/ReadOnly', 'build/PowerUser', 'sandbox-alice/Administrator']) {
    await warm.goto(demo.url)
    await warm.locator(`button.star[value="${role}"]`).first().click({ force: true })
    await warm.waitForLoadState()
  }
  await givePass(warm, demo.url, { kind: 'link-and-pin', name: 'Mei Lin' })
  await givePass(warm, demo.url, {
    kind: 'email',
    name: 'Jonas Weber',
    email: 'jonas@acme.example',
  })
  for (const { name, path, status = 200, shows, ...context } of shots) {
    const { page } = await newPage(suite, browser, context)
    await page.goto(demo.url)
    await signInAt(page, 'alice')
    const response = await page.goto(demo.url + path)
    assert.equal(response?.status(), status, name)
    assert.equal(page.url(), demo.url + path, name)
    assert.equal(await page.locator(shows).first().isVisible(), true, name)
    await page.screenshot({ path: `${folder}/${name}.png` })
  }
} finally {
  await suite.close()
}
