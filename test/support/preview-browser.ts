import { after, before } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser } from './browser.ts'
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
