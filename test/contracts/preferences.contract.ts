import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hostileText, hostileTextStored, inParallel } from './storage-under-test.ts'
import { later, noon, openOn, openTwice } from './storage-under-test.ts'
import type { DatabaseUnderTest } from './storage-under-test.ts'

const ada = 'company https://login.example ada'
const grace = 'company https://login.example grace'
const viewer = { account: 'prod', permissionSet: 'viewer' }
const admin = { account: 'prod', permissionSet: 'admin' }

const opening = (openedAt: Date, endsAt: Date, endsOthers = false) => ({
  openedAt,
  endsAt,
  endsOthers,
})

/** What every keeper of preferences promises, whichever database keeps them. */
export function itKeepsPreferences(database: DatabaseUnderTest): void {
  describe(`preferences kept in ${database.name}`, () => {
    it('has nothing for somebody who never chose', async (t) => {
      const { preferences } = await openOn(t, await database.create(t))
      assert.deepEqual(await preferences.of(ada), {
        favourites: [],
        hidden: [],
        recents: [],
        settings: new Map(),
      })
    })

    it('marks and unmarks roles, once each, for one person', async (t) => {
      const { preferences } = await openOn(t, await database.create(t))
      await preferences.mark(ada, 'favourite', viewer, true)
      await preferences.mark(ada, 'favourite', viewer, true)
      await preferences.mark(ada, 'favourite', admin, true)
      await preferences.mark(ada, 'hidden', admin, true)
      await preferences.mark(ada, 'favourite', admin, false)
      const { favourites, hidden } = await preferences.of(ada)
      assert.deepEqual({ favourites, hidden }, { favourites: [viewer], hidden: [admin] })
      assert.deepEqual((await preferences.of(grace)).favourites, [])
    })

    it('keeps the latest value of a setting', async (t) => {
      const { preferences } = await openOn(t, await database.create(t))
      await preferences.set(ada, 'signOutFirst', 'false')
      await preferences.set(ada, 'signOutFirst', 'true')
      await preferences.set(ada, 'language', 'ja')
      assert.deepEqual(
        (await preferences.of(ada)).settings,
        new Map([
          ['signOutFirst', 'true'],
          ['language', 'ja'],
        ]),
      )
    })

    it('shows recent openings latest first, one per role, with the number of times', async (t) => {
      const { preferences } = await openOn(t, await database.create(t))
      await preferences.noteOpening(ada, viewer, opening(noon, later(3600)))
      await preferences.noteOpening(ada, admin, opening(later(1), later(1801)))
      await preferences.noteOpening(ada, viewer, opening(later(2), later(3602)))
      assert.deepEqual((await preferences.of(ada)).recents, [
        { ...viewer, openedAt: later(2), endsAt: later(3602), times: 2 },
        { ...admin, openedAt: later(1), endsAt: later(1801), times: 1 },
      ])
    })

    it('ends what was open where the person was signed out of the console first', async (t) => {
      const { preferences } = await openOn(t, await database.create(t))
      await preferences.noteOpening(ada, viewer, opening(noon, later(3600)))
      await preferences.noteOpening(grace, viewer, opening(noon, later(3600)))
      await preferences.noteOpening(ada, admin, opening(later(60), later(1860), true))
      const ends = async (key: string) =>
        (await preferences.of(key)).recents.map(({ endsAt }) => endsAt)
      assert.deepEqual(await ends(ada), [later(1860), later(60)])
      assert.deepEqual(await ends(grace), [later(3600)])
    })

    it('counts every one of fifty openings at once', async (t) => {
      const storages = await openTwice(t, database)
      await inParallel(50, storages, ({ preferences }) =>
        preferences.noteOpening(ada, viewer, opening(noon, later(60))),
      )
      assert.equal((await storages[0].preferences.of(ada)).recents[0]?.times, 50)
    })

    it('forgets all but the latest fifty roles, and nobody else’s', async (t) => {
      const url = await database.create(t)
      const { preferences } = await openOn(t, url)
      await preferences.noteOpening(grace, viewer, opening(noon, noon))
      for (let index = 0; index < 60; index += 1) {
        const role = { account: `account-${index}`, permissionSet: 'viewer' }
        await preferences.noteOpening(ada, role, opening(later(index), later(index + 60)))
      }
      const { recents } = await preferences.of(ada)
      assert.equal(recents.length, 50)
      assert.equal(recents[0]?.account, 'account-59')
      assert.equal(recents.at(-1)?.account, 'account-10')
      const rows = await database.raw(url, 'SELECT * FROM recent_opening')
      assert.equal(rows.length, 51)
    })

    it('takes hostile text as text', async (t) => {
      const { preferences } = await openOn(t, await database.create(t))
      await preferences.set(hostileText, hostileText, hostileText)
      assert.deepEqual(
        (await preferences.of(hostileText)).settings,
        new Map([[hostileTextStored, hostileTextStored]]),
      )
    })
  })
}
