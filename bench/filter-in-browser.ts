/** How long the portal's filter holds the page up, in Chromium: from a letter typed to a laid-out list. */
import type { Browser } from 'playwright-core'

export interface FilterTimes {
  /** The first letter, right after the page's script. */
  readonly cold: number
  /** Every letter after it. */
  readonly warm: readonly number[]
  /** From the start of the navigation until the page can be used. */
  readonly load: number
}

/** Typed as soon as the page's script has run, when nothing of it is warm yet. */
const queries = ['p', 'pa', 'pay', 'role 2 pay', 'role', 'billing 3', 'x', '']

export async function measureFilter(
  browser: Browser,
  url: string,
  cookie: string,
): Promise<FilterTimes> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  try {
    const [name = '', value = ''] = cookie.split('=')
    await context.addCookies([{ name, value, url }])
    const page = await context.newPage()
    await page.addInitScript(`addEventListener('DOMContentLoaded', () => {
      const box = document.querySelector('#q')
      const layOut = () => document.body.getBoundingClientRect()
      layOut()
      window.filterTimes = ${JSON.stringify(queries)}.map((query) => {
        const began = performance.now()
        box.value = query
        box.dispatchEvent(new Event('input', { bubbles: true }))
        layOut()
        return performance.now() - began
      })
    })`)
    await page.goto(url, { waitUntil: 'domcontentloaded' })
    const [cold = NaN, ...warm]: number[] = await page.evaluate('window.filterTimes')
    const load: number = await page.evaluate(
      `performance.getEntriesByType('navigation')[0].domContentLoadedEventStart`,
    )
    return { cold, warm, load }
  } finally {
    await context.close()
  }
}
