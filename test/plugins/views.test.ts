import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import { announcementHash } from '#plugins/page-frame.ts'
import { createPagePreview, type PreviewOptions } from '../support/page-preview.ts'
import {
  accounts,
  alice,
  environments,
  noPreferences,
  roles,
  sampleEntitlement,
  sampleSettings,
} from '../support/sample-roles.ts'

function startPages(t: TestContext, options: PreviewOptions = {}) {
  const app = createPagePreview(options)
  t.after(() => app.close())
  return app
}

const hostile = `"><script>alert(1)</script><%= 7*7 %>'&`

describe('a page', () => {
  it('prints hostile names as text, never as markup or template', async (t) => {
    const account = {
      ...accounts.payments,
      name: hostile,
      environment: { ...environments.production, name: hostile },
      tags: new Map([[hostile, hostile]]),
    }
    const role = { ...roles.admin, name: hostile, description: hostile, destination: hostile }
    const entitlement = sampleEntitlement(account, role, { assignment: hostile })
    const opening = { account: account.slug, permissionSet: role.slug }
    const app = startPages(t, {
      settings: sampleSettings({ announcement: { en: hostile, ja: hostile } }),
      portal: {
        entitlements: [entitlement],
        principal: { ...alice, displayName: hostile },
        preferences: { ...noPreferences, favourites: [opening] },
        query: hostile,
        regions: [hostile],
        csrfToken: hostile,
      },
    })
    const { body } = await app.inject('/')
    assert.doesNotMatch(body, /<script>/)
    assert.doesNotMatch(body, /49'|"49|>49/)
    assert.match(body, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&lt;%= 7\*7 %&gt;/)
  })

  it('says its language, its title and the announcement in both languages', async (t) => {
    const app = startPages(t)
    const english = await app.inject('/sign-in?as=stranger')
    assert.match(english.body, /<html lang="en">/)
    assert.match(english.body, /<title>Show your pass · Sekisho<\/title>/)
    assert.match(english.body, /staging sign-ins pause/)
    const japanese = await app.inject({
      url: '/sign-in?as=stranger',
      headers: { 'accept-language': 'ja' },
    })
    assert.match(japanese.body, /<html lang="ja">/)
    assert.equal(japanese.headers['content-language'], 'ja')
    assert.match(japanese.body, /メンテナンス/)
  })

  it('has the status it is given', async (t) => {
    const app = startPages(t)
    assert.equal((await app.inject('/problem/access-denied')).statusCode, 403)
  })
})

describe('a tile', () => {
  it('says why one holds the role: in its drawer, or on a long page once for the account', async (t) => {
    const app = startPages(t)
    const { body: short } = await app.inject('/')
    assert.match(short, /<p class="soft">You hold it through “/)
    const { body: long } = await app.inject('/?many=640')
    const tree = /id="tree"(.*)class="card settings"/s.exec(long)?.[1] ?? ''
    const accounts = tree.match(/<li class="account".*?<\/ul><\/li>/gs) ?? []
    assert.ok(accounts.length > 30, `${accounts.length} accounts`)
    for (const account of accounts) {
      assert.match(account, /^<li class="account" title="You hold it through “/)
      assert.doesNotMatch(account, /<a class="go"[^>]*title=/)
    }
  })
})

describe('the frame', () => {
  it('shows strangers neither navigation nor a form', async (t) => {
    const { body } = await startPages(t).inject('/signed-out?as=stranger')
    assert.doesNotMatch(body, /<nav|<form|\/sign-out/)
  })

  it('shows people who they are and a way out', async (t) => {
    const { body } = await startPages(t).inject('/')
    assert.match(body, /alice\.aoki@example\.com/)
    assert.match(
      body,
      /action="\/sign-out">\s*<input type="hidden" name="_csrf" value="sample-token">/,
    )
    assert.match(body, /<a href="\/" aria-current="page">Roles<\/a>/)
  })

  it('leads to passes and audit only who may go there', async (t) => {
    const may = { givePasses: false, readAudit: false, operate: false }
    const { body } = await startPages(t, { visitor: { may } }).inject('/')
    assert.match(body, /href="\/links"/)
    assert.doesNotMatch(body, /href="\/passes"|href="\/audit"/)
  })

  it('keeps an announcement away from whoever put it away', async (t) => {
    const { announcement } = sampleSettings()
    assert.ok(announcement)
    const settings = new Map([['dismissed', announcementHash(announcement)]])
    const app = startPages(t, { portal: { preferences: { ...noPreferences, settings } } })
    assert.doesNotMatch((await app.inject('/')).body, /class="news"/)
  })

  it('shows a new announcement to whoever put the last one away', async (t) => {
    const settings = new Map([['dismissed', '0000000000000000']])
    const app = startPages(t, { portal: { preferences: { ...noPreferences, settings } } })
    assert.match((await app.inject('/')).body, /class="news"/)
  })

  for (const [page, back] of [
    ['/?q=payments', '/?q=payments'],
    ['/go/a/b?to=%2Fec2&token=secret', '/open/a/b?to=%2Fec2'],
    ['/open/a/b?region=eu-west-1', '/open/a/b?region=eu-west-1'],
    ['/sign-in?to=%2Fgo%2Fa%2Fb', '/sign-in?intent=ask&to=%2Fgo%2Fa%2Fb'],
    ['/problem/unexpected?code=secret&state=x', '/'],
  ] as const) {
    it(`changes the language of ${page} without opening anything or repeating a secret`, async (t) => {
      const { body } = await startPages(t).inject(page)
      const [, href = ''] = /class="lang" href="([^"]+)"/.exec(body) ?? []
      const url = new URL(href.replaceAll('&amp;', '&'), 'http://127.0.0.1')
      assert.equal(url.pathname, '/language/ja')
      assert.equal(url.searchParams.get('back'), back)
    })
  }
})

describe('the templates', () => {
  const files = globSync('views/*.eta').map((file) => [file, readFileSync(file, 'utf8')] as const)

  it('print unescaped nothing but the body of the layout', () => {
    const raw = files.flatMap(([file, text]) => (text.match(/<%~.*?%>/g) ?? []).map(() => file))
    assert.deepEqual(raw, ['views/layout.eta'])
  })

  it('hold neither inline style nor inline script nor data: addresses', () => {
    for (const [file, text] of files) {
      assert.doesNotMatch(text, /\sstyle=|<style|\son[a-z]+=|javascript:|data:/, file)
      assert.doesNotMatch(text, /<script(?![^>]*\ssrc="<%=)/, file)
    }
  })

  it('quote every attribute', () => {
    for (const [file, text] of files) assert.doesNotMatch(text, /\s[a-z-]+=<%/, file)
  })

  it('post only with the token against forged forms', () => {
    // A guest has no session to forge: the pass's own secret is the token.
    const signedIn = files.filter(([file]) => file !== 'views/pass.eta')
    for (const [file, text] of signedIn) {
      const forms = text.match(/<form[^>]*method="post"[\s\S]*?<\/form>/g) ?? []
      const bare = forms.filter((form) => !form.includes('name="_csrf"'))
      assert.deepEqual(bare, [], file)
    }
  })
})

describe('what the pages weigh', () => {
  it('stays small: style below 17 kB, script below 6 kB and its filter below 1.5', () => {
    const size = (file: string) => readFileSync(`public/${file}`).length
    assert.ok(size('style.css') < 17 * 1024)
    assert.ok(size('app.js') < 6 * 1024)
    assert.ok(size('tile-filter.js') < 1_536)
  })
})
