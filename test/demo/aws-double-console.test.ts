import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { AwsDouble } from '#demo/aws-double.ts'

import {
  accountId,
  causeOf,
  denyAfter,
  loginUrl,
  newBrowser,
  otherAccountId,
  roles,
  signinToken,
  startDouble,
} from './aws-double-fixture.ts'

/** The text of an element of the pretend console, without its markup. */
function shown(page: string, testId: string): string {
  const element = new RegExp(`data-testid="${testId}"[^>]*>(.*?)</(?:dd|p|div|li)>`, 's').exec(page)
  return (element?.[1] ?? '').replaceAll(/<[^>]+>/g, '').trim()
}

const viewerElsewhere = roles.viewer.arn.replace(accountId, otherAccountId)

describe('the pretend console', () => {
  it('says who arrived where, as what, and for how long', async (t) => {
    const double = await startDouble(t, { accountAliases: { [accountId]: 'prod' } })
    const browser = newBrowser()
    const SigninToken = await signinToken(
      double,
      {
        RoleArn: roles.open.arn,
        SourceIdentity: 'ada',
        Tags: [{ Key: 'team', Value: 'platform' }],
      },
      { fields: { SessionDuration: '28800' } },
    )
    await browser(loginUrl(double, { SigninToken }))
    const page = await (await browser(`${double.consoleUrl}/eu-west-1/ec2/home?a=<b>`)).text()

    assert.deepEqual(
      Object.fromEntries(
        ['account', 'account-alias', 'role', 'session-name', 'source-identity', 'tags', 'region']
          .concat(['destination', 'duration', 'time-left', 'session-policy', 'issuer'])
          .map((testId) => [testId, shown(page, testId)]),
      ),
      {
        account: accountId,
        'account-alias': 'prod',
        role: 'Open',
        'session-name': 'ada@example.com',
        'source-identity': 'ada',
        tags: 'team=platform',
        region: 'eu-west-1',
        destination: '/ec2/home?a=%3Cb%3E',
        duration: '8 h',
        'time-left': '8 h',
        'session-policy': 'none',
        issuer: 'Sign in again at 127.0.0.1:8080',
      },
    )
  })

  it('lasts as long as the credentials where no SessionDuration was sent', async (t) => {
    const double = await startDouble(t)
    const browser = newBrowser()
    const SigninToken = await signinToken(double, { DurationSeconds: 1800 })
    await browser(loginUrl(double, { SigninToken }))
    double.passTime(600)
    const page = await (await browser(double.consoleUrl)).text()

    assert.equal(shown(page, 'time-left'), '20 min')
    const ends = double.sessions[0]?.expiresAt.toISOString().replace('.000', '')
    assert.equal(shown(page, 'expires-at'), ends)
  })

  it('says when a session policy denies everything, and that it now does', async (t) => {
    const double = await startDouble(t)
    const browser = newBrowser()
    const at = new Date(Date.now() + 600_000).toISOString()
    const Policy = denyAfter(at)
    await browser(loginUrl(double, { SigninToken: await signinToken(double, { Policy }) }))
    const before = await (await browser(double.consoleUrl)).text()
    double.passTime(601)
    const afterwards = await (await browser(double.consoleUrl)).text()

    assert.equal(shown(before, 'session-policy'), `inline; everything denied after ${at}`)
    assert.equal(shown(before, 'denied-by-policy'), '')
    assert.match(shown(afterwards, 'denied-by-policy'), /now denies everything/)
  })

  it('prints nothing of a request unescaped', async (t) => {
    const accountAliases = { [accountId]: '<script>alert(2)</script>' }
    const double = await startDouble(t, { accountAliases })
    const browser = newBrowser()
    const Issuer = 'http://127.0.0.1/"><script>alert(1)</script>'
    const SigninToken = await signinToken(double)
    await browser(loginUrl(double, { SigninToken, Issuer }))
    const page = await (await browser(`${double.consoleUrl}/x'y&z`)).text()

    assert.equal(page.match(/<script/g)?.length, 1, 'only the page’s own script')
    assert.equal(shown(page, 'destination'), '/x&#39;y&amp;z')
  })

  it('offers the issuer’s link when the session has ended, and only a web link', async (t) => {
    const double = await startDouble(t)
    const links = await Promise.all(
      ['http://127.0.0.1:8080/go/prod/viewer', 'javascript:alert(1)'].map(async (Issuer) => {
        const browser = newBrowser()
        await browser(loginUrl(double, { SigninToken: await signinToken(double), Issuer }))
        return { browser, Issuer }
      }),
    )
    double.passTime(3600)
    const pages = await Promise.all(
      links.map(async ({ browser }) => (await browser(double.consoleUrl)).text()),
    )

    assert.match(
      pages[0] ?? '',
      /<a href="http:\/\/127\.0\.0\.1:8080\/go\/prod\/viewer">Sign in again/,
    )
    assert.equal(shown(pages[1] ?? '', 'issuer'), 'The sign-in named no issuer.')
  })

  it('shows nothing to a browser that never signed in', async (t) => {
    const double = await startDouble(t)
    const page = await (await fetch(double.consoleUrl)).text()
    assert.match(page, /not signed in, or your session has ended/)
  })
})

describe('several console sessions in one browser', () => {
  const signInAs = async (
    double: AwsDouble,
    browser: ReturnType<typeof newBrowser>,
    name: string,
    RoleArn: string = roles.viewer.arn,
  ): Promise<Response> => {
    const SigninToken = await signinToken(double, { RoleSessionName: name, RoleArn })
    return browser(loginUrl(double, { SigninToken }))
  }

  it('holds five, shows the latest, and answers a sixth with an error page', async (t) => {
    const double = await startDouble(t)
    const browser = newBrowser()
    for (const name of ['s1', 's2', 's3', 's4', 's5']) await signInAs(double, browser, name)
    const sixth = await signInAs(double, browser, 's6')
    const cause = await causeOf(double, sixth)
    const page = await (await browser(double.consoleUrl)).text()

    assert.match(cause, /five sessions/)
    assert.equal(shown(page, 'session-name'), 's5')
    assert.equal(page.match(/data-testid="open-session"/g)?.length, 5)
  })

  it('lets the same role session take its own place again', async (t) => {
    const double = await startDouble(t)
    const browser = newBrowser()
    for (const name of ['s1', 's2', 's3', 's4', 's5']) await signInAs(double, browser, name)
    assert.equal((await signInAs(double, browser, 's1')).status, 302)
    const page = await (await browser(double.consoleUrl)).text()
    assert.equal(shown(page, 'session-name'), 's1')
  })

  it('frees the place of a session that has ended', async (t) => {
    const double = await startDouble(t)
    const browser = newBrowser()
    const short = { fields: { SessionDuration: '900' } }
    await browser(loginUrl(double, { SigninToken: await signinToken(double, {}, short) }))
    for (const name of ['s2', 's3', 's4', 's5']) await signInAs(double, browser, name)
    double.passTime(100)
    const SigninToken = await signinToken(double, { RoleSessionName: 's6' })
    const tooSoon = await browser(loginUrl(double, { SigninToken }))
    double.passTime(801)
    const afterwards = await browser(loginUrl(double, { SigninToken }))

    assert.deepEqual([tooSoon.status, afterwards.status], [400, 302])
  })

  it('demands a log-out first for another account where multi-session is off', async (t) => {
    const double = await startDouble(t, { multiSession: false })
    const browser = newBrowser()
    await signInAs(double, browser, 'ada')
    const same = await signInAs(double, browser, 'ada', roles.open.arn)
    const other = await signInAs(double, browser, 'ada', viewerElsewhere)

    assert.equal(same.status, 302)
    assert.equal(other.status, 400)
    assert.match(
      await other.text(),
      /You must first log out before logging into a different AWS account/,
    )
  })
})

describe('signing out of the console', () => {
  const signedIn = async (
    t: Parameters<typeof startDouble>[0],
  ): Promise<{ double: AwsDouble; browser: ReturnType<typeof newBrowser> }> => {
    const double = await startDouble(t)
    const browser = newBrowser()
    await browser(loginUrl(double, { SigninToken: await signinToken(double) }))
    return { double, browser }
  }
  const logout = ({ signInUrl }: AwsDouble, prefix: string, target: string): string =>
    `${signInUrl}${prefix}/oauth?${new URLSearchParams({ Action: 'logout', redirect_uri: target }).toString()}`

  it('ends every session of the browser', async (t) => {
    const { double, browser } = await signedIn(t)
    const response = await browser(`${double.signInUrl}/oauth?Action=logout`)
    assert.match(await response.text(), /You have been signed out/)
    assert.match(await (await browser(double.consoleUrl)).text(), /session has ended/)
    assert.equal(double.requests.at(-2)?.at, 'logout')
  })

  it('goes on to a login on a Region’s host when it happens on a Region’s host', async (t) => {
    const { double, browser } = await signedIn(t)
    const SigninToken = await signinToken(double, {}, { prefix: '/us-east-1' })
    const login = loginUrl(double, { SigninToken }, '/us-east-1')
    const response = await browser(logout(double, '/us-east-1', login))
    assert.equal(response.status, 302)
    assert.equal(response.headers.get('location'), login)
  })

  for (const [what, prefix, target] of [
    ['it happens on the host without a Region', '', '/us-east-1/federation?Action=login'],
    ['the login is on the host without a Region', '/us-east-1', '/federation?Action=login'],
    ['the target is another site', '/us-east-1', 'https://example.com/'],
  ] as const) {
    it(`goes nowhere when ${what}`, async (t) => {
      const { double, browser } = await signedIn(t)
      const url = new URL(target, double.signInUrl).href
      const response = await browser(logout(double, prefix, url))
      assert.equal(response.status, 200)
      assert.match(await response.text(), /You have been signed out/)
    })
  }
})
