import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { demoCaller } from '#demo/demo-aws.ts'
import { demoPassword } from '#demo/demo-people.ts'
import { createVisitor, type Answer } from '../support/cookie-jar.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'

/** What must never be in a log: from the config, from every redirect, and from every call to AWS. */
function secretsOf(
  demo: TestDemo,
  answers: readonly Answer[],
  cookies: readonly string[],
): string[] {
  const fromAddresses = answers
    .flatMap(({ hops }) => hops)
    .flatMap(({ url, location }) => [url, location])
    .flatMap((address) => [...new URL(address, demo.url).searchParams])
    .filter(([name]) =>
      [
        'code',
        'state',
        'nonce',
        'code_challenge',
        'SigninToken',
        'continue',
        'id_token_hint',
      ].includes(name),
    )
    .map(([, value]) => value)
  const toAws = demo.aws.requests.flatMap(({ body }) => {
    const session = new URLSearchParams(body).get('Session')
    const credentials: Record<string, string> = session === null ? {} : JSON.parse(session)
    return [credentials['sessionKey'] ?? '', credentials['sessionToken'] ?? '']
  })
  const basic = ['company', 'partners'].map((key) => {
    const provider = demo.settings.identityProviders.get(key)
    return Buffer.from(`${provider?.clientId}:${provider?.clientSecret}`).toString('base64')
  })
  const planted = [
    'demo-company-secret',
    'demo-partners-secret',
    demoCaller.secretAccessKey,
    demoPassword,
    '6b1f0d5c9a7e43288c41f2d0b3e59674',
  ]
  return [...planted, ...basic, ...fromAddresses, ...toAws, ...cookies].filter(
    (text) => text.length >= 8,
  )
}

describe('all log output of a whole run at trace level', () => {
  it('holds no secret that was planted, sent, or received on the way', async (t) => {
    const demo = await startTestDemo(t)
    const visitor = createVisitor(demo.url)
    const answers: Answer[] = []
    const keep = (answer: Answer) => {
      answers.push(answer)
      return answer
    }
    const cookiesNow = () =>
      visitor.cookies
        .headerFor(new URL(demo.url), new Date(), { crossSite: false, safeMethod: true })
        .split('; ')
        .map((cookie) => cookie.slice(cookie.indexOf('=') + 1))

    const signedIn = keep(
      await visitor.signIn(`${demo.url}/sign-in/company?to=/`, 'alice', demoPassword),
    )
    const cookies = cookiesNow()
    assert.ok(
      cookies.some((value) => value.length > 40),
      'the session cookie is among the secrets',
    )
    keep(await visitor.open('/go/payments-prod/ReadOnly'))
    keep(await visitor.open('/go/network/NetworkAdmin?continue=1'))
    demo.aws.faults.set('federation', { kind: 'truncated' }, { times: 4 })
    keep(await visitor.open('/go/payments-prod/ReadOnly'))
    demo.aws.faults.set('sts', {
      kind: 'sts-error',
      status: 403,
      code: 'ExpiredToken',
      message: 'expired',
    })
    keep(await visitor.open('/go/payments-prod/ReadOnly'))
    demo.aws.faults.clear()
    const callback = signedIn.hops.find(({ url }) => url.includes('/callback?'))?.url ?? ''
    keep(await visitor.open(callback))
    keep(await visitor.open(callback.replace('code=', 'code=x')))
    keep(await visitor.submit(keep(await visitor.open('/')), { name: 'dismissed' }))

    const output = demo.logLines.join('')
    assert.ok(demo.logLines.length > 20, 'there is a log to search')
    const secrets = secretsOf(demo, answers, cookies)
    assert.ok(secrets.length > 20, `${secrets.length} secrets were planted or seen`)
    assert.deepEqual(
      secrets.filter(
        (secret) => output.includes(secret) || output.includes(encodeURIComponent(secret)),
      ),
      [],
    )
  })
})
