import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Entitlement } from '#domain/access.ts'
import { portalView, type PortalInput, type PortalView } from '#features/portal/portal-view.ts'
import { wordsFor } from '../../src/words/words.ts'
import {
  accounts,
  alice,
  manyEntitlements,
  noPreferences,
  roles,
  sampleAccount,
  sampleEntitlement,
  sampleEntitlements,
  sampleNow,
  samplePreferences,
} from '../support/sample-roles.ts'

function portalOf(more: Partial<PortalInput> = {}): PortalView {
  return portalView({
    words: wordsFor('en'),
    principal: alice,
    entitlements: sampleEntitlements,
    preferences: noPreferences,
    longestSeconds: ({ permissionSet }) => permissionSet.consoleSeconds,
    now: sampleNow,
    query: '',
    account: null,
    showHidden: false,
    csrfToken: 'token',
    portal: null,
    links: [],
    ...more,
  })
}

const accountsOf = ({ environments }: PortalView) =>
  environments.flatMap(({ teams }) => teams.flatMap(({ accounts }) => accounts))
const tilesOf = (view: PortalView) => accountsOf(view).flatMap(({ tiles }) => tiles)

describe('the portal', () => {
  it('greets people by their first name and counts what they may open', () => {
    const view = portalOf()
    assert.equal(view.heading, 'Where to, Alice?')
    assert.equal(view.count, '10 roles in 5 accounts')
  })

  it('orders roles by environment and account, accounts without one last', () => {
    const view = portalOf()
    assert.deepEqual(
      view.environments.map(({ name, colour, counts }) => [name, colour, counts]),
      [
        ['Production', 'red', '2 accounts · 5 roles'],
        ['Staging', 'amber', '1 account · 2 roles'],
        ['Sandbox', 'green', '1 account · 2 roles'],
        ['Other accounts', 'none', '1 account · 1 role'],
      ],
    )
    assert.equal(accountsOf(view)[0]?.number, '1111-2222-0101')
  })

  it('says before the click: caution, true length, why and until when', () => {
    const ending = sampleEntitlement(accounts.lake, roles.admin, {
      assignment: 'on call',
      endsAt: new Date('2026-11-24T05:18:07Z'),
    })
    const [tile] = tilesOf(portalOf({ entitlements: [ending] }))
    assert.equal(tile?.isCaution, true)
    assert.equal(tile?.meta, 'Full control · up to 30 min')
    assert.equal(tile?.until?.text, '24 November 2026')
    assert.equal(tile?.tools?.because, 'You hold it through “on call”')
  })

  it('counts an access down in its last days, and all the way on a portal of its own', () => {
    const endOf = (days: number, more: Partial<PortalInput> = {}) => {
      const endsAt = new Date(sampleNow.getTime() + days * 86_400_000)
      const ending = sampleEntitlement(accounts.lake, roles.admin, { endsAt })
      const [tile] = tilesOf(portalOf({ entitlements: [ending], ...more }))
      return [tile?.until?.left, tile?.until?.isSoon]
    }
    const title = { en: 'Acme', ja: 'Acme' }
    const ownPortal = { slug: 'acme', title, provider: 'partners', accounts: ['*'] }
    const portal = { ...ownPortal, message: null }
    const ja = wordsFor('ja')

    assert.deepEqual(endOf(8), [null, false])
    assert.deepEqual(endOf(7), ['7 days left', true])
    assert.deepEqual(endOf(2), ['2 days left', true])
    assert.deepEqual(endOf(1.5), ['1 d 12 h left', true])
    assert.deepEqual(endOf(30, { portal }), ['30 days left', false])
    assert.deepEqual(endOf(3, { words: ja }), ['残り3日', true])
  })

  it('says on each tile of a long page why, where an account is held for several reasons', () => {
    const many = Array.from({ length: 400 }, (_, index) =>
      sampleEntitlement(accounts.lake, roles.admin, { assignment: `rule ${index % 2}` }),
    )
    const [account] = accountsOf(portalOf({ entitlements: many }))
    assert.equal(account?.because, null)
    assert.deepEqual(
      account.tiles.slice(0, 2).map(({ because }) => because),
      ['You hold it through “rule 0”', 'You hold it through “rule 1”'],
    )
  })

  it('says the length that AWS will give, not the one that was configured', () => {
    const tiles = tilesOf(portalOf({ longestSeconds: () => 3_600 }))
    assert.ok(tiles.every(({ meta }) => meta.endsWith('up to 1 h')))
  })

  it('offers shorter durations only', () => {
    const [tile] = tilesOf(
      portalOf({ entitlements: [sampleEntitlement(accounts.lake, roles.admin)] }),
    )
    assert.deepEqual(
      tile?.tools?.durations.map(({ value }) => value),
      ['', '15m', '30m'],
    )
  })

  it('leads to the opening, and its drawer to the question before it', () => {
    const [tile] = tilesOf(portalOf())
    assert.equal(tile?.href, '/go/payments-prod/Administrator')
    assert.equal(tile?.tools?.action, '/open/payments-prod/Administrator')
  })

  it('opens in the Region of the person’s own, and copies links without it', () => {
    const settings = new Map([['region', 'eu-west-1']])
    const [tile] = tilesOf(portalOf({ preferences: { ...noPreferences, settings } }))
    assert.equal(tile?.href, '/go/payments-prod/Administrator?region=eu-west-1')
    assert.equal(tile?.tools?.link, '/go/payments-prod/Administrator')
  })

  it('shows named links beside the account they open', () => {
    const link = {
      name: 'prod-logs',
      target: { account: '111122220101', permissionSet: 'LogReader' },
      to: null,
      region: null,
    }
    const [account] = accountsOf(portalOf({ links: [link] }))
    assert.deepEqual(account?.links, [{ name: 'prod-logs', href: '/to/prod-logs' }])
  })

  it('tells somebody without a role that they have none', () => {
    assert.equal(portalOf({ entitlements: [] }).isEmpty, true)
  })

  it('takes title, message and path of a named portal, in the language of its reader', () => {
    const portal = {
      slug: 'acme',
      title: { en: 'Acme migration', ja: 'Acme移行' },
      provider: 'partners',
      accounts: ['*'],
      message: { en: 'Questions: Ada', ja: 'お問い合わせはAdaまで' },
    }
    const view = portalOf({ portal })
    assert.deepEqual([view.heading, view.path], ['Acme migration', '/portal/acme'])
    assert.equal(view.message, 'Questions: Ada')
    const { title, heading, message } = portalOf({ portal, words: wordsFor('ja') })
    assert.deepEqual([title, heading, message], ['Acme移行', 'Acme移行', 'お問い合わせはAdaまで'])
  })
})

describe('the shelves of the portal', () => {
  it('show favourites first, and none that is not held any more', () => {
    const { shelves } = portalOf({ preferences: samplePreferences })
    assert.deepEqual(
      shelves?.favourites.map(({ role }) => role),
      ['payments-prod/ReadOnly', 'sandbox-alice/Administrator'],
    )
  })

  it('show what is open with the time left, and say that five is the limit', () => {
    const { shelves } = portalOf({ preferences: samplePreferences })
    assert.deepEqual(
      shelves?.open.map(({ role, left, ring }) => [role, left, ring]),
      [
        ['payments-prod/ReadOnly', '41 min left', 70],
        ['datalake-stg/PowerUser', '2 h 10 min left', 55],
      ],
    )
    assert.match(shelves?.openHint ?? '', /^2 opened here\..*at most 5/)
  })

  it('show the last five, and the most used where that was chosen', () => {
    const latest = portalOf({ preferences: samplePreferences }).shelves
    assert.equal(latest?.recents[0]?.used, '18 min ago')
    const settings = new Map([['order', 'used']])
    const used = portalOf({ preferences: { ...samplePreferences, settings } }).shelves
    assert.deepEqual(
      [used?.recents[0]?.role, used?.recents[0]?.used],
      ['storefront-prod/ReadOnly', 'opened 14 times'],
    )
    assert.equal(used?.otherOrder.value, 'latest')
  })

  it('mark an open role in its account too', () => {
    const tiles = tilesOf(portalOf({ preferences: samplePreferences }))
    const open = tiles.filter((tile) => tile.open).map(({ role }) => role)
    assert.deepEqual(open, ['payments-prod/ReadOnly', 'datalake-stg/PowerUser'])
  })

  it('leave hidden roles out everywhere until they are asked for', () => {
    const quiet = portalOf({ preferences: samplePreferences })
    assert.ok(!tilesOf(quiet).some(({ role }) => role === 'storefront-prod/Administrator'))
    assert.deepEqual([quiet.count, quiet.hidden?.text], ['9 roles in 5 accounts', '1 hidden role'])
    assert.deepEqual(quiet.hidden?.tiles, [])
    const shown = portalOf({ preferences: samplePreferences, showHidden: true })
    assert.deepEqual(
      shown.hidden?.tiles.map(({ role }) => role),
      ['storefront-prod/Administrator'],
    )
  })

  it('remember which announcement was put away', () => {
    const settings = new Map([['dismissed', 'abc']])
    const view = portalOf({ preferences: { ...noPreferences, settings } })
    assert.equal(view.dismissedAnnouncement, 'abc')
  })
})

describe('the filter without script', () => {
  it('gives the matches, best first, with account and environment', () => {
    const { results, count } = portalOf({ query: 'prd adm' })
    assert.deepEqual(
      results?.map(({ account, environment, name }) => [account, environment, name]),
      [
        ['Payments', 'Production', 'Administrator'],
        ['Storefront', 'Production', 'Administrator'],
      ],
    )
    assert.equal(count, '2 roles')
  })

  it('puts favourites before their equals', () => {
    const favourites = [{ account: 'storefront-prod', permissionSet: 'Administrator' }]
    const { results } = portalOf({
      query: 'admin',
      preferences: { ...noPreferences, favourites },
    })
    assert.equal(results?.[0]?.role, 'storefront-prod/Administrator')
  })

  it('is off where nothing but space was asked', () => {
    assert.equal(portalOf({ query: '  ' }).results, null)
  })
})

describe('a portal of thousands', () => {
  it('has slim tiles, and each account’s own page has the tools', () => {
    const view = portalOf({ entitlements: manyEntitlements(600) })
    assert.equal(view.isSlim, true)
    assert.ok(tilesOf(view).every(({ tools }) => tools === null))
    const [account] = accountsOf(view)
    assert.equal(account?.href, '/?account=payments-0-production')
  })

  it('keeps the tools up to three hundred', () => {
    const view = portalOf({ entitlements: manyEntitlements(300) })
    assert.ok(tilesOf(view).every(({ tools }) => tools !== null))
  })

  it('folds accounts away by team above three hundred, those without a team last', () => {
    const odd = sampleAccount('aaa', { tags: new Map() })
    const entitlements = [sampleEntitlement(odd, roles.read), ...manyEntitlements(620)]
    const [production] = portalOf({ entitlements }).environments
    assert.deepEqual(
      production?.teams.map(({ name, counts }) => `${name}: ${counts}`),
      [
        'payments: 26 accounts',
        'storefront: 26 accounts',
        'data: 26 accounts',
        'platform: 26 accounts',
        'Other accounts: 1 account',
      ],
    )
  })

  it('folds nothing where few accounts are held, or none says its team', () => {
    const namesOf = (entitlements: readonly Entitlement[]) =>
      portalOf({ entitlements }).environments.flatMap(({ teams }) => teams.map(({ name }) => name))
    const teamless = Array.from({ length: 301 }, (_, index) =>
      sampleEntitlement(sampleAccount(`a${index}`), roles.read),
    )
    assert.deepEqual(namesOf(manyEntitlements(600)), [null, null, null])
    assert.deepEqual(namesOf(teamless), [null])
  })

  it('shows one account under its name, without shelves', () => {
    const entitlements = manyEntitlements(600).slice(0, 2)
    const view = portalOf({ entitlements, account: 'payments-0-production' })
    assert.deepEqual([view.heading, view.shelves, view.isSlim], ['Payments 0', null, false])
  })
})
