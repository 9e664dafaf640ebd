import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileAccessPolicy, type Environment, type PolicySource } from '#domain/access-policy.ts'
import { readPassForm, type PassForm } from '#domain/pass-form.ts'
import { decideGiving, judgeWish, offersOf, usePass } from '#domain/pass-giving.ts'
import type { Principal } from '#domain/principal.ts'
import type { GuestPassSettings } from '#domain/settings.ts'
import { passOf, sponsor } from '../support/passes.ts'
import { account, permissionSet, rule } from './policy-fixture.ts'

const now = new Date('2026-11-25T12:00:00Z')
const everyone = { providers: ['company'], groups: [], emails: [], users: [] }
const platform = { ...everyone, groups: ['platform'] }

const guestPasses: GuestPassSettings = {
  sponsors: platform,
  permissionSets: ['Viewer'],
  accounts: ['environment:staging'],
  longestSeconds: 14 * 86_400,
  linkAndPin: true,
  terms: null,
}

const staging: Environment = { slug: 'staging', name: 'Staging', colour: 'amber' }

function settingsWith(
  more: Partial<GuestPassSettings> = {},
  source: Partial<PolicySource> = {},
  until: Date | null = null,
) {
  const assignment = rule({
    name: 'platform team',
    groups: ['platform'],
    accounts: ['staging', 'prod'],
    permissionSets: ['Viewer', 'Admin'],
    until,
  })
  return {
    guestPasses: { ...guestPasses, ...more },
    policy: compileAccessPolicy({
      accounts: [account('staging', { environment: staging }), account('prod')],
      permissionSets: [permissionSet('Viewer'), permissionSet('Admin')],
      assignments: [assignment],
      denials: [],
      ...source,
    }),
  }
}

const reasonOf = (
  settings: ReturnType<typeof settingsWith>,
  who: Principal = sponsor,
  target = { account: 'staging', permissionSet: 'Viewer' },
) => {
  const decision = decideGiving(settings, { ...passOf({ target }), sponsor: who }, now)
  return decision.outcome === 'refused' ? decision.reason : decision.entitlement.assignment
}

describe('a sponsor', () => {
  it('may give what they may open and guests may have', () => {
    assert.equal(reasonOf(settingsWith()), 'platform team')
    const offers = offersOf(settingsWith(), sponsor, now)
    assert.deepEqual(
      offers.map((offer) => `${offer.account.slug}/${offer.permissionSet.slug}`),
      ['staging/Viewer'],
    )
  })

  it('gives no role and no account that guests may not have', () => {
    const settings = settingsWith()
    const admin = { account: 'staging', permissionSet: 'Admin' }
    const prod = { account: 'prod', permissionSet: 'Viewer' }
    assert.equal(reasonOf(settings, sponsor, admin), 'not-for-guests')
    assert.equal(reasonOf(settings, sponsor, prod), 'not-for-guests')
  })

  it('gives nothing that they may not open', () => {
    const settings = settingsWith({ sponsors: everyone }, { assignments: [] })
    assert.equal(reasonOf(settings), 'sponsor-lacks-role')
  })

  it('is nobody whose group only sounds the same, at another provider', () => {
    const partner = { ...sponsor, provider: 'partners' }
    assert.equal(reasonOf(settingsWith(), partner), 'not-a-sponsor')
    assert.deepEqual(offersOf(settingsWith(), partner, now), [])
  })

  it('gives nothing at all where guest passes are off', () => {
    const settings = { ...settingsWith(), guestPasses: null }
    const decision = decideGiving(settings, passOf(), now)
    assert.deepEqual(decision, { outcome: 'refused', reason: 'no-guest-passes' })
  })

  it('gives no link with a PIN where the config does not allow it', () => {
    assert.equal(reasonOf(settingsWith({ linkAndPin: false })), 'kind-not-allowed')
  })
})

const form: PassForm = {
  kind: 'email',
  name: ' Mei\u202e\nLin ',
  email: 'Mei@Acme.Example',
  role: 'staging/Viewer',
  to: '',
  from: '2026-11-25T12:00',
  until: '2026-11-30',
  zone: 'UTC',
  openings: '3',
  reason: 'T-1',
}

function faultsOf(more: Partial<PassForm>, settings = settingsWith()): string[] {
  const reading = readPassForm({ ...form, ...more })
  const judged =
    reading.outcome === 'refused' ? reading : judgeWish(settings, sponsor, reading.wish, null, now)
  return judged.outcome === 'refused'
    ? judged.problems.map(({ field, fault }) => `${field} ${fault}`)
    : []
}

describe('the form of a pass', () => {
  it('becomes a pass with clean text, a folded e-mail and instants', () => {
    const reading = readPassForm(form)
    assert.deepEqual(reading, {
      outcome: 'wish',
      wish: {
        kind: 'email',
        guestName: 'Mei Lin',
        guestEmail: 'mei@acme.example',
        target: { account: 'staging', permissionSet: 'Viewer' },
        destination: null,
        reason: 'T-1',
        from: now,
        until: new Date('2026-12-01T00:00:00Z'),
        openings: 3,
      },
    })
    assert.deepEqual(faultsOf({}), [])
  })

  it('reports all that is wrong with the fields in one go', () => {
    const faults = faultsOf({ name: '', reason: ' ', email: '', role: '', until: 'soon' })
    assert.deepEqual(faults, [
      'name missing',
      'reason missing',
      'email missing',
      'role missing',
      'until malformed',
    ])
  })

  const wrong: readonly [string, Partial<PassForm>, string][] = [
    ['no kind', { kind: 'anyone' }, 'kind missing'],
    ['two addresses in one field', { email: 'a@b.example,c@d.example' }, 'email malformed'],
    ['a header in the address', { email: 'a@b.example\r\nBcc: c@d.example' }, 'email malformed'],
    ['a name as long as a page', { name: 'x'.repeat(81) }, 'name too-long'],
    ['no opening', { openings: '0' }, 'openings malformed'],
    ['more than a thousand openings', { openings: '1001' }, 'openings malformed'],
    ['half an opening', { openings: '1.5' }, 'openings malformed'],
    ['an unknown zone', { zone: 'Mars/Base' }, 'zone malformed'],
    ['an end before the start', { from: '2026-11-28', until: '2026-11-26' }, 'until before-from'],
    ['an end that is over', { from: '2026-11-20', until: '2026-11-24' }, 'until over'],
    ['a longer time than allowed', { until: '2026-12-09T12:01' }, 'until too-much-time'],
    ['a role of somebody else', { role: 'prod/Viewer' }, 'role not-allowed'],
    ['a page outside AWS', { to: 'https://evil.example/' }, 'to not-allowed'],
  ]
  for (const [name, more, fault] of wrong) {
    it(`is refused with ${name}`, () => assert.deepEqual(faultsOf(more), [fault]))
  }

  it('takes the longest time to the minute, an empty number for any, and a page of the console', () => {
    assert.deepEqual(faultsOf({ until: '2026-12-09T12:00', openings: '', to: '/s3/home' }), [])
  })

  it('does not measure the time that lies before now', () => {
    assert.deepEqual(faultsOf({ from: '2026-11-01', until: '2026-12-09T12:00' }), [])
  })

  it('ends no later than the sponsor’s own right', () => {
    const settings = settingsWith({}, {}, new Date('2026-11-28T00:00:00Z'))
    assert.deepEqual(faultsOf({ until: '2026-11-28' }, settings), ['until after-own-end'])
    assert.deepEqual(faultsOf({ until: '2026-11-27' }, settings), [])
  })
})

describe('a pass at its redemption', () => {
  const outcomeOf = (
    ...[settings, pass]: [Parameters<typeof usePass>[0], Parameters<typeof usePass>[1]]
  ) => {
    const use = usePass(settings, pass, now)
    return use.outcome === 'refused' ? use.reason : use.outcome
  }

  it('is worth the role until its end, with itself as the reason', () => {
    const use = usePass(settingsWith(), passOf(), now)
    assert.equal(use.outcome, 'usable')
    assert.ok(use.outcome === 'usable')
    assert.equal(use.entitlement.assignment, 'pass 0123456789ab')
    assert.deepEqual(use.entitlement.endsAt, passOf().until)
  })

  it('is worth nothing once the sponsor lost the group', () => {
    const pass = passOf({ sponsor: { ...sponsor, groups: new Set() } })
    assert.equal(outcomeOf(settingsWith(), pass), 'not-a-sponsor')
    assert.equal(outcomeOf(settingsWith({ sponsors: everyone }), pass), 'sponsor-lacks-role')
  })

  it('is worth nothing once the sponsor is denied the role', () => {
    const denial = rule({
      providers: [],
      users: [{ provider: 'company', subject: 'u-ada' }],
      accounts: [],
      permissionSets: [],
    })
    assert.equal(outcomeOf(settingsWith({}, { denials: [denial] }), passOf()), 'sponsor-lacks-role')
  })

  it('ends with the sponsor’s own right where that ends sooner now', () => {
    const sooner = new Date('2026-11-25T13:00:00Z')
    const use = usePass(settingsWith({}, {}, sooner), passOf(), now)
    assert.ok(use.outcome === 'usable')
    assert.deepEqual(use.entitlement.endsAt, sooner)
  })

  it('says its standing before anything about the sponsor', () => {
    assert.equal(outcomeOf(settingsWith(), passOf({ revokedAt: now })), 'revoked')
    assert.equal(outcomeOf(settingsWith(), passOf({ from: passOf().until })), 'not-yet')
    assert.equal(outcomeOf(settingsWith(), passOf({ openingsUsed: 1 })), 'used-up')
  })
})
