/** `npm run screenshots`: the README's pictures, taken of the demo in Chromium. */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions } from 'playwright-core'
import { launchBrowser, newPage } from './browser.ts'
import { signInAt } from './demo-browser.ts'
import { startTestDemo } from './demo.ts'
import { globalSetup } from './global-setup.ts'
import { sharedResources } from './shared-resources.ts'

const folder = fileURLToPath(new URL('../../docs/images', import.meta.url))

const shots: readonly (BrowserContextOptions & { readonly name: string; readonly path: string })[] =
  [
    {
      name: 'portal-light',
      path: '/',
      colorScheme: 'light',
      viewport: { width: 1280, height: 860 },
    },
    { name: 'portal-dark', path: '/', colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
    {
      name: 'portal-phone',
      path: '/',
      colorScheme: 'light',
      locale: 'ja-JP',
      viewport: { width: 390, height: 844 },
    },
    {
      name: 'confirm-light',
      path: '/go/payments-prod/Administrator',
      colorScheme: 'light',
      viewport: { width: 1280, height: 900 },
    },
    {
      name: 'audit-light',
      path: '/audit',
      colorScheme: 'light',
      viewport: { width: 1280, height: 900 },
    },
    {
      name: 'passes-light',
      path: '/passes',
      colorScheme: 'light',
      viewport: { width: 1280, height: 900 },
    },
    {
      name: 'refused-dark',
      path: '/go/network/NetworkAdmin',
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
  for (const { name, path, ...context } of shots) {
    const { page } = await newPage(suite, browser, context)
    await page.goto(demo.url)
    await signInAt(page, 'alice')
    await page.goto(demo.url + path)
    await page.screenshot({ path: `${folder}/${name}.png` })
  }
} finally {
  await suite.close()
}
