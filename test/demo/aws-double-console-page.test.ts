import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import type { Browser } from 'playwright-core'

import { assertAccessible, launchBrowser, newPage } from '../support/browser.ts'
import {
  accountId,
  denyAfter,
  loginUrl,
  roles,
  signinToken,
  startDouble,
} from './aws-double-fixture.ts'

describe('the pretend console in a browser', () => {
  const closings: (() => Promise<void>)[] = []
  let browser: Browser
  before(async () => {
    browser = await launchBrowser({ after: (close) => closings.push(close) })
  })
  after(async () => {
    for (const close of closings) await close()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is accessible in ${colorScheme}, arrived at or ended or refused`, async (t) => {
      const double = await startDouble(t, { accountAliases: { [accountId]: 'prod' } })
      const at = new Date(Date.now() + 60_000).toISOString()
      const SigninToken = await signinToken(double, { Policy: denyAfter(at) })
      const { page, assertNoConsoleErrors } = await newPage(t, browser, { colorScheme })

      await page.goto(loginUrl(double, { SigninToken }))
      double.passTime(61)
      await page.reload()
      await page.getByTestId('denied-by-policy').waitFor()
      await assertAccessible(page)
      await page.getByTestId('sign-out').click()
      await page.getByTestId('signed-out').waitFor()
      await assertAccessible(page)
      await page.goto(double.consoleUrl)
      await page.getByTestId('expired').waitFor()
      await assertAccessible(page)
      await page.goto(loginUrl(double, { SigninToken: 'made-up' }))
      await assertAccessible(page)
      assertNoConsoleErrors()
    })
  }

  it('shows the hash of the destination, which only the browser knows', async (t) => {
    const double = await startDouble(t)
    const SigninToken = await signinToken(double, { RoleArn: roles.open.arn })
    const Destination =
      'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:'
    const { page, assertNoConsoleErrors } = await newPage(t, browser)
    await page.goto(loginUrl(double, { SigninToken, Destination }))

    const shown = await page.getByTestId('destination').innerText()
    assert.equal(shown, '/ec2/home?region=eu-west-1#Instances:')
    assert.equal(await page.getByTestId('region').innerText(), 'eu-west-1')
    assertNoConsoleErrors()
  })

  it('sends people whose session has ended back to the issuer', async (t) => {
    const double = await startDouble(t)
    const Issuer = `${double.consoleUrl}/pretend-broker/go/prod/viewer`
    const { page } = await newPage(t, browser)
    await page.goto(loginUrl(double, { SigninToken: await signinToken(double), Issuer }))
    double.passTime(3600)
    await page.reload()
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await page.waitForURL(Issuer)
  })
})
