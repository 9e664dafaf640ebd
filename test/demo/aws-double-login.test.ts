import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { causeOf, loginUrl, newBrowser, signinToken, startDouble } from './aws-double-fixture.ts'

describe('federation: login', () => {
  it('sends the browser to the destination with a cookie that scripts cannot read', async (t) => {
    const double = await startDouble(t)
    const SigninToken = await signinToken(double)
    const Destination = `${double.consoleUrl}/ec2/home?region=eu-west-1#Instances:`
    const response = await newBrowser()(loginUrl(double, { SigninToken, Destination }))

    assert.equal(response.status, 302)
    assert.equal(response.headers.get('location'), Destination)
    const port = new URL(double.signInUrl).port
    const cookie = new RegExp(`^aws-double-${port}=[\\w-]{20,}; Path=/; HttpOnly; SameSite=Lax$`)
    assert.match(response.headers.get('set-cookie') ?? '', cookie)
  })

  it('takes the login by POST, as AWS’s own sample sends it', async (t) => {
    const double = await startDouble(t)
    const url = new URL(loginUrl(double, { SigninToken: await signinToken(double) }))
    const response = await fetch(url.origin + url.pathname, {
      method: 'POST',
      body: url.searchParams,
      redirect: 'manual',
    })
    assert.equal(response.status, 302)
    assert.equal(double.requests.at(-1)?.at, 'login')
  })

  it('needs no Issuer', async (t) => {
    const double = await startDouble(t)
    const SigninToken = await signinToken(double)
    const response = await newBrowser()(loginUrl(double, { SigninToken, Issuer: '' }))
    assert.equal(response.status, 302)
  })

  for (const [destination, path] of [
    ['https://console.aws.amazon.com/', '/'],
    [
      'https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1#b',
      '/s3/home?region=eu-west-1#b',
    ],
    ['https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/iam', '/iam'],
  ] as const) {
    it(`takes the real console’s ${destination} to the pretend one`, async (t) => {
      const double = await startDouble(t)
      const SigninToken = await signinToken(double)
      const login = loginUrl(double, { SigninToken, Destination: destination })
      const response = await newBrowser()(login)
      assert.equal(response.headers.get('location'), double.consoleUrl + path)
    })
  }

  it('takes the console domain of its own partition only', async (t) => {
    const double = await startDouble(t, { partition: 'aws-cn' })
    const SigninToken = await signinToken(double)
    const go = (Destination: string): Promise<Response> =>
      newBrowser()(loginUrl(double, { SigninToken, Destination }))

    assert.equal((await go('https://cn-north-1.console.amazonaws.cn/')).status, 302)
    assert.match(await causeOf(double, await go('https://console.aws.amazon.com/')), /Destination/)
  })

  for (const destination of [
    '',
    '/console/home',
    'https://example.com/',
    'https://console.aws.amazon.com.example.com/',
    'https://evilconsole.aws.amazon.com/',
    'http://console.aws.amazon.com/',
    'https://console.aws.amazon.com:8443/',
    'https://someone@console.aws.amazon.com/',
    'https://signin.aws.amazon.com/oauth',
    'https://s3.amazonaws.com/bucket',
    'javascript:alert(1)',
  ]) {
    it(`refuses the destination “${destination}”`, async (t) => {
      const double = await startDouble(t)
      const SigninToken = await signinToken(double)
      const response = await newBrowser()(
        loginUrl(double, { SigninToken, Destination: destination }),
      )
      assert.match(await causeOf(double, response), /Destination is not on the console/)
      assert.equal(response.headers.get('set-cookie'), null)
    })
  }

  it('refuses the sign-in host itself as a destination', async (t) => {
    const double = await startDouble(t)
    const Destination = `${double.signInUrl}/oauth?Action=logout`
    const login = loginUrl(double, { SigninToken: await signinToken(double), Destination })
    assert.match(await causeOf(double, await newBrowser()(login)), /Destination/)
  })

  it('refuses a token it never gave', async (t) => {
    const double = await startDouble(t)
    const response = await newBrowser()(loginUrl(double, { SigninToken: 'made-up' }))
    assert.match(await causeOf(double, response), /unknown/)
  })

  it('takes a token for 15 minutes and not a moment longer', async (t) => {
    const double = await startDouble(t)
    const url = loginUrl(double, { SigninToken: await signinToken(double) })
    double.passTime(895)
    assert.equal((await newBrowser()(url)).status, 302)
    double.passTime(5)
    assert.match(await causeOf(double, await newBrowser()(url)), /15 minutes/)
  })

  for (const [issuedAt, redeemedAt] of [
    ['', '/us-west-2'],
    ['/us-west-2', ''],
    ['/us-west-2', '/eu-west-1'],
  ] as const) {
    it(`refuses a token of host “${issuedAt}” on host “${redeemedAt}”`, async (t) => {
      const double = await startDouble(t)
      const SigninToken = await signinToken(double, {}, { prefix: issuedAt })
      const response = await newBrowser()(loginUrl(double, { SigninToken }, redeemedAt))
      assert.match(await causeOf(double, response), /was issued by/)
    })
  }

  it('takes a token again and again, unless told to play single use', async (t) => {
    const statuses = await Promise.all(
      [false, true].map(async (singleUseTokens) => {
        const double = await startDouble(t, { singleUseTokens })
        const url = loginUrl(double, { SigninToken: await signinToken(double) })
        return [(await newBrowser()(url)).status, (await newBrowser()(url)).status]
      }),
    )
    assert.deepEqual(statuses, [
      [302, 302],
      [302, 400],
    ])
  })

  it('knows no other path', async (t) => {
    const double = await startDouble(t)
    assert.equal((await fetch(`${double.signInUrl}/console`)).status, 404)
  })
})
