import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hostileText, inParallel, later, noon, openOn, openTwice } from './storage-under-test.ts'
import type { DatabaseUnderTest } from './storage-under-test.ts'

/** What every keeper of one-time things promises, whichever database keeps them. */
export function itTakesOnceOnly(database: DatabaseUnderTest): void {
  describe(`one-time things kept in ${database.name}`, () => {
    it('lets exactly one of fifty takers through, on two replicas', async (t) => {
      const storages = await openTwice(t, database)
      const taken = await inParallel(50, storages, ({ onceOnly }) =>
        onceOnly.take('state', later(60)),
      )
      assert.equal(taken.filter(Boolean).length, 1)
    })

    it('keeps keys apart, whatever is in them', async (t) => {
      const { onceOnly } = await openOn(t, await database.create(t))
      const keys = ['a', 'A', 'a ', hostileText, 'j'.repeat(100_000)]
      for (const key of keys) assert.equal(await onceOnly.take(key, later(60)), true)
      for (const key of keys) assert.equal(await onceOnly.take(key, later(60)), false)
    })

    it('gives a key again only when its time is over, and again to one only', async (t) => {
      let now = noon
      const url = await database.create(t)
      const storages = [await openOn(t, url, () => now), await openOn(t, url, () => now)]
      const take = () =>
        inParallel(10, storages, ({ onceOnly }) => onceOnly.take('key', new Date(+now + 60_000)))
      await take()
      now = later(59.999)
      assert.equal((await take()).filter(Boolean).length, 0)
      now = later(60)
      assert.equal((await take()).filter(Boolean).length, 1)
    })

    it('forgets keys whose time is over', async (t) => {
      const storage = await openOn(t, await database.create(t))
      await storage.onceOnly.take('short', later(60))
      await storage.onceOnly.take('long', later(120))
      assert.equal(await storage.prune(later(60)), 1)
      assert.equal(await storage.onceOnly.take('long', later(120)), false)
    })
  })
}
