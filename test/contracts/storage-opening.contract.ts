import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { atNoon, collect, eventOf, inParallel, noon } from './storage-under-test.ts'
import { openOn, problemOf } from './storage-under-test.ts'
import type { DatabaseUnderTest } from './storage-under-test.ts'

/** What every database promises when it is opened and closed. */
export function itOpensAndCloses(database: DatabaseUnderTest): void {
  const refused = { name: 'SchemaRefused' }

  describe(`a storage opened on ${database.name}`, () => {
    it('answers a ping', async (t) => {
      const storage = await openOn(t, await database.create(t))
      await storage.ping()
    })

    it('finds everything again when it is opened again', async (t) => {
      const url = await database.create(t)
      const first = await openStorage(url, { clock: atNoon })
      await first.trail.record(eventOf('ada'))
      await first.close()
      const second = await openOn(t, url)
      assert.equal((await second.trail.record(eventOf('grace'))).sequence, 2)
      assert.equal((await second.trail.verify()).outcome, 'intact')
    })

    it('makes the schema once when five open it at the same time', async (t) => {
      const url = await database.create(t)
      const storages = await Promise.all(Array.from({ length: 5 }, () => openOn(t, url)))
      await inParallel(5, storages, ({ trail }, index) => trail.record(eventOf(`p${index}`)))
      const applied = await database.raw(url, 'SELECT version, name FROM schema_migration')
      assert.deepEqual(
        applied.map((row) => ({ ...row })),
        [{ version: 1, name: '0001-initial.sql' }],
      )
    })

    it('refuses the schema of a newer version, and says so', async (t) => {
      const url = await database.create(t)
      await (await openStorage(url, { clock: atNoon })).close()
      await database.raw(url, "INSERT INTO schema_migration VALUES (7, '0007-later.sql', 'abc', 0)")
      await assert.rejects(openStorage(url, { clock: atNoon }), {
        ...refused,
        message: /newer Sekisho: it holds schema 7 \(0007-later\.sql\).*up to 1/,
      })
    })

    it('refuses a schema that was made by another file of the same number', async (t) => {
      const url = await database.create(t)
      await (await openStorage(url, { clock: atNoon })).close()
      await database.raw(url, "UPDATE schema_migration SET hash = 'abc'")
      await assert.rejects(openStorage(url, { clock: atNoon }), {
        ...refused,
        message: /0001-initial\.sql/,
      })
    })

    it('finishes the records under way before it closes', async (t) => {
      const url = await database.create(t)
      const storage = await openStorage(url, { clock: atNoon })
      const records = inParallel(20, [storage], ({ trail }, index) =>
        trail.record(eventOf(`p${index}`)),
      )
      await storage.close()
      assert.equal((await records).length, 20)
      const { trail } = await openOn(t, url)
      assert.equal((await collect(trail.stream({}))).length, 20)
    })

    it('closes twice, and fails with problems afterwards', async (t) => {
      const storage = await openStorage(await database.create(t), { clock: atNoon })
      await storage.close()
      await storage.close()
      await assert.rejects(storage.ping(), problemOf('store-unavailable'))
      await assert.rejects(storage.sessions.read('id', noon), problemOf('store-unavailable'))
      await assert.rejects(storage.trail.record(eventOf('ada')), problemOf('trail-unavailable'))
      await assert.rejects(storage.trail.search({}, 10), problemOf('trail-unavailable'))
    })
  })
}
