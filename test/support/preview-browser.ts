import { after, before, type TestContext } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser, newPage } from './browser.ts'
import { createPagePreview } from './page-preview.ts'

export interface PreviewBrowser {
  readonly browser: Browser
  /** Origin of the sample pages. */
  readonly address: string
}

/** Sample pages and a browser for a whole suite, closed after its last test. */
export function previewBrowser(): () => PreviewBrowser {
  const closing: (() => Promise<void>)[] = []
  let started: PreviewBrowser | undefined

  before(async () => {
    const app = createPagePreview()
    closing.push(() => app.close())
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const browser = await launchBrowser({ after: (close) => void closing.push(close) })
    started = { browser, address }
  })
  after(async () => {
    for (const close of closing.toReversed()) await close()
  })
  return () => {
    if (!started) throw new Error('only inside a test')
    return started
  }
}

/** A sample page, which must not have complained in the browser's console by the end of the test. */
export async function openPreview(
  t: TestContext,
  { browser, address }: PreviewBrowser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const { page, assertNoConsoleErrors } = await newPage(t, browser, options)
  await page.goto(address + path)
  t.after(assertNoConsoleErrors)
  return page
}
