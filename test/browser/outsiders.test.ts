/** What somebody from outside can read: page by page, all of it, and nothing of the company. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { companyPeople } from '#demo/demo-people.ts'
import { launchBrowser, newPage } from '../support/browser.ts'
import { signInAt } from '../support/demo-browser.ts'
import { startTestDemo, type TestDemo } from '../support/demo.ts'
import { givePass } from '../support/pass-pages.ts'
import { sharedResources } from '../support/shared-resources.ts'

const suite = sharedResources()
let demo: TestDemo
let browser: Browser
let sponsor: Page

before(async () => {
  demo = await startTestDemo(suite)
  browser = await launchBrowser(suite)
  sponsor = (await newPage(suite, browser)).page
  await sponsor.goto(`${demo.url}/passes`)
  await signInAt(sponsor, 'alice')
  await sponsor.goto(`${demo.url}/go/payments-prod/ReadOnly`)
})
after(() => suite.close())

/** Where an outsider may try their luck; what each asks for is theirs to know. */
const paths = [
  '/',
  '/?q=payments',
  '/?account=payments-prod',
  '/portal/acme',
  '/portal/acme?q=storefront',
  '/portal/acme?hidden=1',
  '/portal/nothing',
  '/links',
  '/links?account=network&role=Administrator&url=https%3A%2F%2Fconsole.aws.amazon.com%2Fs3%2Fhome',
  '/history',
  '/history?account=payments-prod&person=alice&q=alice',
  '/passes',
  '/passes/0123456789ab',
  '/audit',
  '/audit.csv',
  '/audit.jsonl',
  '/audit/person?key=company+x+u-alice',
  '/audit/person.csv?key=company+x+u-alice',
  '/go/migration/Auditor',
  '/go/migration/Nothing',
  '/go/payments-prod/ReadOnly',
  '/go/network/NetworkAdmin?to=/s3/home',
  '/go/111122220301/ReadOnly',
  '/go/nowhere/ReadOnly',
  '/open/build/ReadOnly',
  '/to/prod-logs',
  '/to/nothing',
  '/pass/nothing',
  '/nothing',
  '/sign-in',
  '/signed-out',
  '/%00',
]

/** Everything in the config and the directory that an outsider was not told. */
function secretsFrom(known: readonly string[]): readonly string[] {
  const { policy, links } = demo.settings
  const accounts = [...policy.accounts.values()]
  const rules = [...policy.assignments.values()].flatMap((one) => [...one.byGroup.values()].flat())
  const all = [
    ...accounts.flatMap(({ id, slug, name }) => [id, slug, name, hyphened(id)]),
    ...[...policy.permissionSets.values()].flatMap(({ slug, roleName }) => [slug, roleName]),
    ...rules.map(({ rule }) => rule.name),
    ...links.keys(),
    ...companyPeople.flatMap(({ name, email, subject }) => [name, email ?? name, subject]),
  ]
  return [...new Set(all)].filter((text) => !known.includes(text))
}

function hyphened(id: string): string {
  return id.replace(/(\d{4})(?=\d)/g, '$1-')
}

/** The whole page, attributes included, without what the visitor typed to get there. */
async function readPage(page: Page, path: string): Promise<string> {
  const content = await page.content()
  const typed = decodeURIComponent(path)
    .split(/[/?&=+ ]/)
    .filter((part) => part.length > 3)
  return typed.reduce((text, part) => text.replaceAll(part, '…'), content)
}

async function assertTellsNothing(page: Page, path: string, secrets: readonly string[]) {
  const text = await readPage(page, path)
  const told = secrets.filter((secret) =>
    new RegExp(`(?<![\\w-])${RegExp.escape(secret)}(?![\\w-])`).test(text),
  )
  assert.deepEqual(told, [], `${path} tells of the company`)
}

async function walk(page: Page, secrets: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (path.startsWith('/audit.')) {
      assert.equal((await page.request.get(demo.url + path)).status(), 403, path)
      continue
    }
    await page.goto(demo.url + path)
    assert.equal(new URL(page.url()).origin, demo.url, `${path} stays at home`)
    await assertTellsNothing(page, path, secrets)
  }
}

/** Without what differs from one request to the next. */
async function alike(page: Page): Promise<string> {
  const html = await page.locator('main').innerHTML()
  return html
    .replace(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/g, 'REQUEST')
    .replace(/datetime="[^"]*"[^>]*>[^<]*/g, '')
}

const ownRoles = ['ReadOnly', 'DataAnalyst', 'migration contractors']
/** In their own account: it stands in their history as they wrote it. */
const askedFor = 'Auditor'
const own = ['111122220205', '1111-2222-0205', 'migration', 'Warehouse migration']

describe('a contractor', () => {
  it('reads nothing of the company on any page, in any language', async (t) => {
    for (const locale of ['en-GB', 'ja-JP']) {
      const { page } = await newPage(t, browser, { locale })
      await page.goto(`${demo.url}/portal/acme`)
      await signInAt(page, 'mei')
      await walk(page, secretsFrom([...own, ...ownRoles, askedFor]))
    }
  })

  it('gets one and the same page for every account that is not theirs, real or not', async (t) => {
    const { page } = await newPage(t, browser)
    await page.goto(`${demo.url}/portal/acme`)
    await signInAt(page, 'mei')
    const pages = new Map<string, string>()
    for (const account of ['payments-prod', '111122220101', 'network', 'nowhere', '999999999999']) {
      for (const permissionSet of ['ReadOnly', 'Administrator', 'Nothing']) {
        const path = `/go/${account}/${permissionSet}`
        const answer = await page.goto(demo.url + path)
        pages.set(`${answer?.status()} ${await alike(page)}`, path)
      }
    }
    assert.deepEqual([...pages.values()].length, 1, [...pages.values()].join(' and '))
  })
})

describe('a guest', () => {
  it('signed in for a pass reads nothing but what the pass says', async (t) => {
    const pass = { kind: 'email', name: 'Pat Pender', email: 'pat@acme.example' }
    const { link } = await givePass(sponsor, demo.url, pass)
    const { page } = await newPage(t, browser)
    await page.goto(link)
    await assertTellsNothing(page, new URL(link).pathname, secretsFrom(invitation))
    await page.getByRole('link', { name: /Partner/ }).click()
    await signInAt(page, 'pat')
    await assertTellsNothing(page, new URL(link).pathname, secretsFrom(invitation))
    await walk(page, secretsFrom(homePortal))
    await page.goto(link)
    await page.check('[name=terms]')
    await page.locator('form[action^="/pass/"] button').click()
    await page.waitForURL((url) => url.origin !== demo.url)
    await walk(page, secretsFrom(homePortal))
  })

  it('with a PIN reads nothing but what the pass says, wrong PIN and used pass included', async (t) => {
    const { link, pin } = await givePass(sponsor, demo.url, {
      kind: 'link-and-pin',
      name: 'Jo Kim',
    })
    const path = new URL(link).pathname
    const { page } = await newPage(t, browser)
    for (const tried of [pin === '000000' ? '000001' : '000000', pin]) {
      await page.goto(link)
      await assertTellsNothing(page, path, secretsFrom(invitation))
      await page.fill('#pin', tried)
      await page.check('[name=terms]')
      await page.locator('form[action^="/pass/"] button').click()
      await page.waitForLoadState()
      if (tried !== pin) await assertTellsNothing(page, path, secretsFrom(invitation))
    }
    await page.waitForURL((url) => url.origin !== demo.url)
    await page.goto(link)
    await assertTellsNothing(page, path, secretsFrom([]))
    for (const elsewhere of ['/', '/portal/acme', '/go/build/ReadOnly', '/passes', '/nothing']) {
      await page.goto(demo.url + elsewhere)
      if (page.url().startsWith(demo.url)) {
        await assertTellsNothing(page, elsewhere, secretsFrom([]))
      }
    }
  })
})

/** The title of the portal for people of the partners' provider. */
const homePortal = ['migration', 'Warehouse migration']
/** What the sponsor told the guest by inviting them. */
const invitation = ['Build', 'ReadOnly', 'Alice Aoki', 'alice@example.com']
