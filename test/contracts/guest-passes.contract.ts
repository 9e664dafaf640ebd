import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mostWrongPins } from '#domain/guest-pass.ts'
import type { GuestPass } from '#domain/guest-pass.ts'
import { principalKey } from '#domain/principal.ts'
import type { Principal } from '#domain/principal.ts'
import type { NewGuestPass } from '#ports'
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

function asKept(pass: NewGuestPass): GuestPass {
  const unused = { openingsUsed: 0, wrongPins: 0, termsAcceptedAt: null, revokedAt: null }
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
        (await passes.list(sponsorKey)).map(({ id }) => id)
      assert.deepEqual(await ids(principalKey(ada)), ['new', 'old'])
      assert.deepEqual(await ids(null), ['new', 'other', 'old'])
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
