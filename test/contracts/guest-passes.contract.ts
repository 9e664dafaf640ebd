import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mostWrongPins } from '#domain/guest-pass.ts'
import type { GuestPass } from '#domain/guest-pass.ts'
import { principalKey } from '#domain/principal.ts'
import type { Principal } from '#domain/principal.ts'
import type { NewGuestPass, PassCursor, PassPage } from '#ports'
import { hostileText, hostileTextStored, inParallel, later } from './storage-under-test.ts'
import { noon, openOn, openTwice, problemOf } from './storage-under-test.ts'
import type { DatabaseUnderTest } from './storage-under-test.ts'

const ada: Principal = {
  provider: 'company',
  issuer: 'https://login.example',
  subject: 'ada',
  displayName: 'Ada',
  username: null,
  email: 'ada@example.com',
  emailVerified: true,
  groups: new Set(['platform', 'staff']),
}
const grace: Principal = { ...ada, subject: 'grace', displayName: 'Grace', email: null }

function passOf(more: Partial<NewGuestPass> = {}): NewGuestPass {
  return {
    id: 'pass-1',
    kind: 'link-and-pin',
    guestName: 'Rin Tanaka',
    guestEmail: null,
    sponsor: ada,
    target: { account: 'staging', permissionSet: 'viewer' },
    destination: '/s3/home',
    reason: 'migration',
    from: noon,
    until: later(3600),
    openings: 1,
    givenAt: later(-60),
    tokenHash: 'a'.repeat(64),
    pinHash: 'salted',
    ...more,
  }
}

function hourOf(at: Date): Date {
  return new Date(`${at.toISOString().slice(0, 13)}:00:00Z`)
}

function asKept(pass: NewGuestPass): GuestPass {
  const unused = {
    openingsUsed: 0,
    wrongPins: 0,
    termsAcceptedAt: null,
    revokedAt: null,
    sponsorSeenAt: hourOf(pass.givenAt),
  }
  const secrets = new Set(['tokenHash', 'pinHash'])
  const shown = Object.entries({ ...pass, ...unused }).filter(([name]) => !secrets.has(name))
  return Object.fromEntries(shown) as unknown as GuestPass
}

/** What every keeper of guest passes promises, whichever database keeps them. */
export function itKeepsGuestPasses(database: DatabaseUnderTest): void {
  describe(`guest passes kept in ${database.name}`, () => {
    it('finds a pass by its id and by the hash of its token', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      await passes.give(passOf())
      assert.deepEqual(await passes.byId('pass-1'), asKept(passOf()))
      assert.deepEqual(await passes.byTokenHash('a'.repeat(64)), {
        pass: asKept(passOf()),
        pinHash: 'salted',
      })
      assert.equal(await passes.byId('pass-2'), null)
      assert.equal(await passes.byTokenHash('b'.repeat(64)), null)
    })

    it('keeps everything of a pass that is bound to an e-mail', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      const pass = passOf({
        kind: 'email',
        guestEmail: 'rin@partner.example',
        sponsor: grace,
        destination: null,
        openings: null,
        pinHash: null,
      })
      await passes.give(pass)
      assert.deepEqual(await passes.byId('pass-1'), asKept(pass))
    })

    it('gives no two passes one token', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      await passes.give(passOf())
      await assert.rejects(passes.give(passOf({ id: 'pass-2' })), problemOf('store-unavailable'))
    })

    it('lists the latest first, of one sponsor or of all', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      const give = (id: string, givenAt: Date, sponsor: Principal) =>
        passes.give(passOf({ id, givenAt, sponsor, tokenHash: id }))
      await give('old', later(1), ada)
      await give('new', later(3), ada)
      await give('other', later(2), grace)
      const ids = async (sponsorKey: string | null) =>
        (await passes.list(sponsorKey, 10, null)).passes.map(({ id }) => id)
      assert.deepEqual(await ids(principalKey(ada)), ['new', 'old'])
      assert.deepEqual(await ids(null), ['new', 'other', 'old'])
    })

    it('leads through all of them page by page, each once, also those given in one instant', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      const given = Array.from({ length: 9 }, (_, index) => ({
        id: `p${index}`,
        givenAt: later(Math.floor(index / 4)),
        sponsor: index % 3 === 0 ? grace : ada,
      }))
      for (const more of given.toReversed())
        await passes.give(passOf({ ...more, tokenHash: more.id }))
      const walk = async (sponsorKey: string | null, pageSize: number) => {
        const seen: string[] = []
        let after: PassCursor | null = null
        do {
          const page: PassPage = await passes.list(sponsorKey, pageSize, after)
          assert.ok(page.passes.length <= pageSize)
          seen.push(...page.passes.map(({ id }) => id))
          after = page.next
        } while (after)
        return seen
      }
      const latestFirst = ['p8', 'p4', 'p5', 'p6', 'p7', 'p0', 'p1', 'p2', 'p3']
      for (const pageSize of [1, 2, 3, 9, 10]) {
        assert.deepEqual(await walk(null, pageSize), latestFirst, `pages of ${pageSize}`)
      }
      assert.deepEqual(await walk(principalKey(grace), 2), ['p6', 'p0', 'p3'])
      const whole = await passes.list(null, 9, null)
      assert.equal(whole.next, null, 'a full last page leads nowhere')
    })

    it('finds the passes that end in a span of time, by the clock or by hand, its end included', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      const give = (id: string, until: Date) => passes.give(passOf({ id, until, tokenHash: id }))
      await give('before', later(10))
      await give('first', later(11))
      await give('last', later(20))
      await give('after', later(21))
      await give('by hand', later(900))
      await passes.revoke('by hand', later(15))
      await give('by hand earlier', later(900))
      await passes.revoke('by hand earlier', later(10))
      const found = await passes.endingBetween(later(10), later(20))
      assert.deepEqual(
        found.map(({ id }) => id),
        ['first', 'last', 'by hand'],
      )
    })

    it('lets exactly as many of fifty guests through as there are openings', async (t) => {
      const storages = await openTwice(t, database)
      await storages[0].passes.give(passOf({ openings: 3 }))
      const taken = await inParallel(50, storages, ({ passes }) =>
        passes.takeOpening('pass-1', noon),
      )
      assert.equal(taken.filter(Boolean).length, 3)
      assert.equal((await storages[1].passes.byId('pass-1'))?.openingsUsed, 3)
    })

    it('counts openings without an end where the pass sets none', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      await passes.give(passOf({ openings: null }))
      for (let index = 0; index < 5; index += 1) {
        assert.equal(await passes.takeOpening('pass-1', noon), true)
      }
      assert.equal((await passes.byId('pass-1'))?.openingsUsed, 5)
    })

    it('gives no opening before its time, after it, or of an unknown pass', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      await passes.give(passOf())
      assert.equal(await passes.takeOpening('pass-1', later(-0.001)), false)
      assert.equal(await passes.takeOpening('pass-1', later(3600)), false)
      assert.equal(await passes.takeOpening('pass-2', noon), false)
      assert.equal(await passes.takeOpening('pass-1', later(3599.999)), true)
    })

    it('gives no opening once it is revoked, and revokes once', async (t) => {
      const [one, other] = await openTwice(t, database)
      await one.passes.give(passOf())
      assert.equal(await one.passes.revoke('pass-1', later(1)), true)
      assert.equal(await other.passes.revoke('pass-1', later(2)), false)
      assert.equal(await other.passes.takeOpening('pass-1', later(1)), false)
      assert.deepEqual((await other.passes.byId('pass-1'))?.revokedAt, later(1))
    })

    it('counts every wrong PIN of many at once, and gives no opening when locked', async (t) => {
      const storages = await openTwice(t, database)
      await storages[0].passes.give(passOf())
      const counts = await inParallel(mostWrongPins, storages, ({ passes }) =>
        passes.countWrongPin('pass-1'),
      )
      assert.deepEqual(
        counts.sort((a, b) => a - b),
        [1, 2, 3, 4, 5],
      )
      assert.equal(await storages[0].passes.takeOpening('pass-1', noon), false)
    })

    it('takes a count back where the PIN was right, and never below none', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      await passes.give(passOf())
      await passes.countWrongPin('pass-1')
      await passes.countWrongPin('pass-1')
      await passes.forgivePin('pass-1')
      assert.equal((await passes.byId('pass-1'))?.wrongPins, 1)
      await passes.forgivePin('pass-1')
      await passes.forgivePin('pass-1')
      assert.equal((await passes.byId('pass-1'))?.wrongPins, 0)
    })

    it('takes new claims of a sponsor into the passes that are not over, and no other', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      const give = (id: string, more: Partial<NewGuestPass>) =>
        passes.give(passOf({ id, tokenHash: id, ...more }))
      await give('live', {})
      await give('over', { until: later(1) })
      await give('revoked', {})
      await give('of grace', { sponsor: grace })
      await passes.revoke('revoked', later(1))
      const moved = { ...ada, displayName: 'Ada Adams', groups: new Set(['staff']) }
      await passes.refreshSponsor(moved, later(2))
      const sponsorOf = async (id: string) => (await passes.byId(id))?.sponsor
      assert.deepEqual(await sponsorOf('live'), moved)
      assert.deepEqual(await sponsorOf('over'), ada)
      assert.deepEqual(await sponsorOf('revoked'), ada)
      assert.deepEqual(await sponsorOf('of grace'), grace)
    })

    it('remembers to the hour when a sponsor was seen last, with the same claims or with others', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      await passes.give(passOf({ until: later(9 * 86_400) }))
      const seenAt = async () => (await passes.byId('pass-1'))?.sponsorSeenAt
      assert.deepEqual(await seenAt(), later(-3600))
      await passes.refreshSponsor(ada, later(86_400 + 1800))
      assert.deepEqual(await seenAt(), later(86_400))
      await passes.refreshSponsor(grace, later(2 * 86_400))
      assert.deepEqual(await seenAt(), later(86_400), 'somebody else was seen')
    })

    it('takes the day it was given for the last sight where an older version kept none', async (t) => {
      const url = await database.create(t)
      const { passes } = await openOn(t, url)
      await passes.give(passOf())
      const { groups, ...claims } = ada
      const text = JSON.stringify({ ...claims, groups: [...groups] })
      await database.raw(url, `UPDATE guest_pass SET sponsor = '${text}'`)
      assert.deepEqual((await passes.byId('pass-1'))?.sponsorSeenAt, later(-60))
      assert.deepEqual((await passes.byId('pass-1'))?.sponsor, ada)
    })

    it('moves the end of a pass that is out, and of no pass that is over, locked or revoked', async (t) => {
      const [one, other] = await openTwice(t, database)
      await one.passes.give(passOf())
      await one.passes.takeOpening('pass-1', noon)
      const to = { until: later(7200), openings: 2 }
      assert.equal(await one.passes.extend('pass-1', to, later(3600)), false, 'over by then')
      assert.equal(await one.passes.extend('pass-1', to, later(3599)), true)
      assert.equal(await other.passes.takeOpening('pass-1', later(7199)), true)
      assert.equal(await other.passes.takeOpening('pass-1', later(7199)), false)
      await one.passes.extend('pass-1', { ...to, openings: null }, later(1))
      assert.equal(await other.passes.takeOpening('pass-1', later(7199)), true)
      await one.passes.revoke('pass-1', later(1))
      assert.equal(await one.passes.extend('pass-1', to, later(2)), false)
      await one.passes.give(passOf({ id: 'locked', tokenHash: 'l' }))
      for (let wrong = 0; wrong < mostWrongPins; wrong += 1)
        await one.passes.countWrongPin('locked')
      assert.equal(await one.passes.extend('locked', to, later(2)), false)
    })

    it('counts an unknown pass as locked', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      assert.equal(await passes.countWrongPin('unknown'), mostWrongPins)
    })

    it('takes an opening back, but never more than were used', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      await passes.give(passOf())
      await passes.takeOpening('pass-1', noon)
      await passes.returnOpening('pass-1')
      await passes.returnOpening('pass-1')
      assert.equal((await passes.byId('pass-1'))?.openingsUsed, 0)
      assert.equal(await passes.takeOpening('pass-1', noon), true)
      assert.equal(await passes.takeOpening('pass-1', noon), false)
    })

    it('remembers when the terms were accepted first', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      await passes.give(passOf())
      await passes.acceptTerms('pass-1', later(1))
      await passes.acceptTerms('pass-1', later(2))
      assert.deepEqual((await passes.byId('pass-1'))?.termsAcceptedAt, later(1))
    })

    it('takes hostile text as text', async (t) => {
      const { passes } = await openOn(t, await database.create(t))
      await passes.give(passOf({ guestName: hostileText, reason: hostileText }))
      const pass = await passes.byId('pass-1')
      assert.equal(pass?.guestName, hostileTextStored)
      assert.equal(pass?.reason, hostileTextStored)
    })
  })
}
