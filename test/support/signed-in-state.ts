import type { Browser, BrowserContextOptions } from 'playwright-core'
import { newPage, type Closing } from './browser.ts'
import { signInAt } from './demo-browser.ts'

type SignedIn = Pick<BrowserContextOptions, 'storageState'>

/** One sign-in for many contexts: each gets the cookies of the same session at the broker. */
export async function signedInState(
  closing: Closing,
  browser: Browser,
  origin: string,
  username: string,
): Promise<SignedIn> {
  const { page } = await newPage(closing, browser)
  await page.goto(origin)
  await signInAt(page, username)
  return { storageState: await page.context().storageState() }
}
