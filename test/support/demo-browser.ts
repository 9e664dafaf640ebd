import type { Page } from 'playwright-core'
import { demoPassword } from '#demo/demo-people.ts'

/** Fills the login form of a demo provider, from the choice page or from the form itself. */
export async function signInAt(
  page: Page,
  username: string,
  provider = 'Example SSO',
): Promise<void> {
  if (page.url().includes('/sign-in')) await page.getByRole('link', { name: provider }).click()
  await page.fill('input[name=username]', username)
  await page.fill('input[name=password]', demoPassword)
  await page.locator('button[type=submit], button:not([type])').first().click()
  await page.waitForLoadState()
}

export function consoleFact(page: Page, name: string): Promise<string | null> {
  return page.getByTestId(name).textContent()
}
