import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startBroker, type TestBroker } from '../support/broker.ts'
import { policyText } from '../support/policy-text.ts'

interface Wish {
  readonly url?: string
  readonly account?: string
  readonly role?: string
}

async function linksPage(broker: TestBroker, person: string, wish: Wish = {}) {
  const visitor = await broker.signedIn(person)
  const answer = await visitor.visit(`/links?${new URLSearchParams({ ...wish }).toString()}`)
  assert.equal(answer.statusCode, 200)
  return { visitor, body: answer.body }
}

/** The address shown; null where no link was made. */
function linkIn(html: string): string | null {
  return /id="out" readonly value="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? null
}

function optionsOf(html: string, id: string): string[] {
  const select = new RegExp(`<select id="${id}"[^>]*>(.*?)</select>`, 's').exec(html)?.[1] ?? ''
  return [...select.matchAll(/<option value="([^"]*)"( selected)?>/g)].map(
    ([, value = '', chosen]) => value + (chosen ? ' chosen' : ''),
  )
}

const logs = (account: string) =>
  `https://${account}-k3v9x2aq.us-west-2.console.aws.amazon.com/cloudwatch/home` +
  '?region=us-west-2#logsV2:log-groups/log-group/$252Fcheckout'

describe('a pasted console address', () => {
  it('becomes a link to the same page in the account that the address names', async (t) => {
    const broker = await startBroker(t)
    const { body } = await linksPage(broker, 'grace', { url: logs('111122223333') })
    const link = new URL(linkIn(body) ?? '')
    assert.equal(link.origin, 'http://127.0.0.1:8080')
    assert.equal(link.pathname, '/go/prod/Viewer')
    assert.equal(
      link.searchParams.get('to'),
      '/cloudwatch/home?region=us-west-2#logsV2:log-groups/log-group/$252Fcheckout',
    )
    assert.equal(link.searchParams.get('region'), 'us-west-2')
    assert.match(body, /Account found in the address: 1111-2222-3333/)
    assert.match(body, /session part of the address \(k3v9x2aq\)/)
    assert.match(body, /CloudWatch log group<small>\/checkout</)
    assert.deepEqual(optionsOf(body, 'account'), ['', 'prod chosen', 'staging'])
  })

  it('becomes a link that opens exactly that page', async (t) => {
    const broker = await startBroker(t)
    const { body, visitor } = await linksPage(broker, 'grace', { url: logs('111122223333') })
    const { pathname, search } = new URL(linkIn(body) ?? '')
    const opening = await visitor.visit(`${pathname}${search}`, { site: 'same-origin' })
    assert.equal(opening.statusCode, 303)
    const [opened] = broker.opened
    assert.equal(opened?.account.slug, 'prod')
    assert.equal(opened?.region, 'us-west-2')
    assert.match(opened?.destination ?? '', /^\/cloudwatch\/home\?region=us-west-2#logsV2/)
  })

  it('opens in the account and role that were chosen, and says where that differs', async (t) => {
    const broker = await startBroker(t)
    const { body } = await linksPage(broker, 'ada', {
      url: logs('111122223333'),
      account: 'staging',
      role: 'Admin',
    })
    assert.equal(new URL(linkIn(body) ?? '').pathname, '/go/staging/Admin')
    assert.match(
      body,
      /of account 1111-2222-3333. The link opens the same page in Payments, Staging/,
    )
    assert.match(body, /class="caution"/)
  })

  it('takes a role without caution where none was chosen', async (t) => {
    const broker = await startBroker(t)
    const { body } = await linksPage(broker, 'ada', { url: logs('111122223333') })
    assert.equal(new URL(linkIn(body) ?? '').pathname, '/go/prod/Viewer')
  })

  it('takes another role where the chosen one is not held there, and says so', async (t) => {
    const broker = await startBroker(t)
    const wish = { url: logs('111122223333'), role: 'Admin' }
    const { body } = await linksPage(broker, 'grace', wish)
    assert.equal(new URL(linkIn(body) ?? '').pathname, '/go/prod/Viewer')
    assert.match(body, /You do not hold Admin in Payments, Production/)
  })

  it('without an account in it asks for one, unless there is only one to choose', async (t) => {
    const broker = await startBroker(t)
    const url = 'https://us-west-2.console.aws.amazon.com/s3/buckets/invoices'
    const many = await linksPage(broker, 'grace', { url })
    assert.equal(linkIn(many.body), null)
    assert.match(many.body, /does not say which account/)
    const chosen = await linksPage(broker, 'grace', { url, account: 'staging' })
    assert.equal(new URL(linkIn(chosen.body) ?? '').pathname, '/go/staging/Viewer')

    const visitor = await broker.signedIn('mei', 'partners')
    const one = await visitor.visit(`/links?${new URLSearchParams({ url }).toString()}`)
    assert.equal(new URL(linkIn(one.body) ?? '').pathname, '/go/staging/Viewer')
  })

  it('of an account without a role of mine gives no link, and tells nothing about the account', async (t) => {
    const broker = await startBroker(t)
    const bodies: string[] = []
    for (const account of ['111122225555', '999999999999']) {
      const { body } = await linksPage(broker, 'grace', { url: logs(account) })
      assert.equal(linkIn(body), null)
      assert.match(body, /in which you hold no role/)
      bodies.push(
        (/<main.*<\/main>/s.exec(body)?.[0] ?? '').replaceAll(/\d{4}-?\d{4}-?\d{4}/g, 'number'),
      )
    }
    assert.equal(bodies[0], bodies[1], 'one that exists looks like one that does not')
    assert.doesNotMatch(bodies.join(), /vault/i)
  })

  it('that is none is refused by name, and what was pasted stays in the field', async (t) => {
    const broker = await startBroker(t)
    const url = 'https://console.aws.amazon.com.evil.example/"><script>'
    const { body } = await linksPage(broker, 'grace', { url })
    assert.equal(linkIn(body), null)
    assert.match(
      body,
      /not a page of the AWS console. It leads to console.aws.amazon.com.evil.example/,
    )
    assert.match(body, /evil\.example\/&quot;&gt;&lt;script&gt;<\/textarea>/)
  })

  it('may be far too long without being a bad request', async (t) => {
    const broker = await startBroker(t)
    const url = `https://console.aws.amazon.com/s3/home?prefix=${'a'.repeat(3_000)}`
    const { body } = await linksPage(broker, 'grace', { url, account: 'prod' })
    assert.match(body, /too long for a link/)
  })

  it('of another partition is no page of a commercial account', async (t) => {
    const accounts = `
  prod: { id: "111122223333", name: Payments, environment: production }
  staging: { id: "111122224444", name: Payments, environment: staging }
  vault: { id: "111122225555", name: China, partition: aws-cn, region: cn-north-1 }`
    const broker = await startBroker(t, { configText: policyText({ accounts }) })
    const url = 'https://cn-north-1.console.amazonaws.cn/s3/home'
    const wrong = await linksPage(broker, 'ada', { url, account: 'prod' })
    assert.equal(linkIn(wrong.body), null)
    assert.match(wrong.body, /another part of AWS/)
    const right = await linksPage(broker, 'ada', { url, account: 'vault' })
    assert.equal(
      linkIn(right.body),
      'http://127.0.0.1:8080/go/vault/Viewer?to=%2Fs3%2Fhome&region=cn-north-1',
    )
  })
})

describe('the page of links', () => {
  it('offers only accounts and roles of the person', async (t) => {
    const broker = await startBroker(t)
    const { body } = await linksPage(broker, 'grace')
    assert.deepEqual(optionsOf(body, 'account'), [' chosen', 'prod', 'staging'])
    assert.deepEqual(optionsOf(body, 'role'), ['', 'Viewer'])
    assert.equal(linkIn(body), null)
  })

  it('lists the named links that the person may open, and no other', async (t) => {
    const links = `
  prod-logs: { account: prod, permissionSet: Viewer, to: "/cloudwatch/home#logsV2:log-groups" }
  vault-home: { account: vault, permissionSet: Viewer }
  prod-invoices: { account: prod, permissionSet: Viewer, to: "/s3/buckets/invoices" }
  stg: { account: staging, permissionSet: Viewer }`
    const broker = await startBroker(t, { configText: policyText({ links }) })
    const named = (html: string) =>
      [...html.matchAll(/<a href="\/to\/([^"]*)">/g)].map(([, name]) => name)
    const grace = await linksPage(broker, 'grace')
    assert.deepEqual(named(grace.body), ['prod-logs', 'prod-invoices', 'stg'])
    assert.match(grace.body, /S3 bucket<small>invoices</)
    assert.match(grace.body, /data-copy="\/to\/prod-logs"/)
    const ada = await linksPage(broker, 'ada')
    assert.deepEqual(named(ada.body), ['prod-logs', 'prod-invoices', 'vault-home', 'stg'])
  })

  it('says so where there is nothing that a link could open', async (t) => {
    const broker = await startBroker(t)
    const { body } = await linksPage(broker, 'noone', { url: logs('111122223333') })
    assert.match(body, /You hold no role/)
    assert.equal(linkIn(body), null)
  })

  it('speaks Japanese to whoever reads it', async (t) => {
    const broker = await startBroker(t)
    const visitor = await broker.signedIn('grace')
    const query = new URLSearchParams({ url: logs('111122223333') }).toString()
    const { body } = await visitor.visit(`/links?${query}`, {
      headers: { 'accept-language': 'ja' },
    })
    assert.match(body, /コンソールのページを固定リンクにする/)
    assert.match(body, /CloudWatch ロググループ/)
  })
})
