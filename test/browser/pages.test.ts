/** Every page in a real browser: no violation of axe, no complaint, nothing wider than the screen. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertAccessible, newPage } from '../support/browser.ts'
import { previewBrowser } from '../support/preview-browser.ts'

const pages = [
  '/',
  '/?q=prd%20adm',
  '/?hidden=1',
  '/?empty=1',
  '/?account=payments-prod',
  '/?many=320',
  '/?many=640',
  '/sign-in?as=stranger',
  '/signed-out?as=stranger',
  '/go/payments-prod/Administrator',
  '/not-held',
  '/problem/operator',
  '/problem/access-denied?as=stranger',
]

const looks = [
  { locale: 'en-GB', colorScheme: 'light', width: 1280, hasScript: true },
  { locale: 'en-GB', colorScheme: 'dark', width: 320, hasScript: false },
  { locale: 'ja-JP', colorScheme: 'dark', width: 1280, hasScript: false },
  { locale: 'ja-JP', colorScheme: 'light', width: 320, hasScript: true },
] as const

describe('the pages', () => {
  const preview = previewBrowser()

  for (const path of pages) {
    for (const { width, hasScript, ...look } of looks) {
      const script = hasScript ? 'with script' : 'without script'
      it(`are accessible and fit: ${path}, ${look.locale}, ${look.colorScheme}, ${width} px, ${script}`, async (t) => {
        const { browser, address } = preview()
        const { page, assertNoConsoleErrors } = await newPage(t, browser, {
          ...look,
          viewport: { width, height: 900 },
        })
        // Axe itself needs script, so ours is taken away instead of all.
        if (!hasScript)
          await page.route('**/*.js*', (route) =>
            route.fulfill({ body: '', contentType: 'text/javascript' }),
          )
        await page.goto(address + path)
        await page.evaluate(
          'document.querySelectorAll("details").forEach((d) => { d.open = true })',
        )
        assert.equal(
          await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
          true,
          'the page scrolls sideways',
        )
        await assertAccessible(page)
        assertNoConsoleErrors()
      })
    }
  }
})
