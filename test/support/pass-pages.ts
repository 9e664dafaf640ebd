/** The sponsor's part in a browser. */
import type { Page } from 'playwright-core'

export interface PassOnForm {
  readonly kind: string
  readonly name: string
  readonly email?: string
  readonly openings?: string
}

export interface PassOnPage {
  readonly link: string
  /** Empty where the pass has none. */
  readonly pin: string
  /** `/passes/ID` */
  readonly report: string
}

/** Gives a pass for `build/ReadOnly`, signed in as a sponsor, and stays on the page that shows it. */
export async function givePass(
  page: Page,
  origin: string,
  fields: PassOnForm,
): Promise<PassOnPage> {
  await page.goto(`${origin}/passes`)
  await page.fill('[name=name]', fields.name)
  await page.check(`[name=kind][value=${fields.kind}]`)
  await page.fill('[name=email]', fields.email ?? '')
  await page.selectOption('[name=role]', 'build/ReadOnly')
  if (fields.openings !== undefined) await page.fill('[name=openings]', fields.openings)
  await page.fill('[name=reason]', 'OPS-17')
  await page.locator('form[action="/passes"] button').click()
  await page.waitForSelector('#pass-link')
  const pin = page.locator('#pass-pin')
  return {
    link: await page.inputValue('#pass-link'),
    pin: (await pin.count()) > 0 ? ((await pin.textContent()) ?? '') : '',
    report: (await page.locator('a[href^="/passes/"]').getAttribute('href')) ?? '',
  }
}
