import assert from 'node:assert/strict'
import {
  fstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Database } from '#adapters/storage/database.ts'
import { openSqlite } from '#adapters/storage/sqlite-database.ts'
import { noon } from '../contracts/storage-under-test.ts'

const insert = 'INSERT INTO once_only (key_hash, taken_until) VALUES ($1, $2)'
const count = 'SELECT COUNT(*) AS taken FROM once_only'

describe('a write to an SQLite file', () => {
  it('is not acknowledged before the write-ahead log is on the disk', async (t) => {
    const { database, syncs } = await openWithHeldSyncs(t)
    const write = settled(database.query(insert, ['a', 1]))
    await setImmediate()
    assert.equal(write.outcome, 'pending')

    syncs[0]?.resolve()
    await write.done
    assert.equal(write.outcome, 'acknowledged')
  })

  it('does not count on a sync that had begun before it', async (t) => {
    const { database, syncs } = await openWithHeldSyncs(t)
    const first = settled(database.query(insert, ['a', 1]))
    await setImmediate()
    const second = settled(database.query(insert, ['b', 1]))
    const third = settled(database.query(insert, ['c', 1]))
    syncs[0]?.resolve()
    await first.done
    await setImmediate()
    assert.deepEqual([second.outcome, third.outcome, syncs.length], ['pending', 'pending', 2])

    syncs[1]?.resolve()
    await Promise.all([second.done, third.done])
    assert.deepEqual([second.outcome, third.outcome], ['acknowledged', 'acknowledged'])
  })

  it('of the trail waits for the disk like any other', async (t) => {
    const { database, syncs } = await openWithHeldSyncs(t)
    const append = settled(database.append(() => []))
    await setImmediate()
    assert.equal(append.outcome, 'pending')
    syncs[0]?.resolve()
    await append.done
    assert.equal(append.outcome, 'acknowledged')
  })

  it('keeps no reader waiting', async (t) => {
    const { database, syncs } = await openWithHeldSyncs(t)
    const write = settled(database.query(insert, ['a', 1]))
    assert.deepEqual(plain(await database.query(count, [])), [{ taken: 1 }])
    assert.equal(write.outcome, 'pending')
    syncs[0]?.resolve()
    await write.done
  })

  it('fails where the disk does, and so does everything after it', async (t) => {
    const { database, syncs } = await openWithHeldSyncs(t)
    const write = settled(database.query(insert, ['a', 1]))
    await setImmediate()
    syncs[0]?.reject(new Error('EIO: i/o error, fdatasync'))
    await write.done
    assert.equal(write.outcome, 'refused')
    const refusal = { name: 'StoreFailure', message: 'SQLite: EIO: i/o error, fdatasync' }
    await assert.rejects(database.query(insert, ['b', 1]), refusal)
    await assert.rejects(
      database.append(() => []),
      refusal,
    )
    await assert.rejects(database.query(count, []), refusal)
    assert.equal(syncs.length, 1)
  })
})

describe('a disk that never answers', () => {
  it('is a broken one: whoever waits is told, and everybody after them', async (t) => {
    const { database } = await openWithHeldSyncs(t, 20)
    const refusal = { name: 'StoreFailure', message: 'SQLite: the disk does not answer' }
    await assert.rejects(database.query(insert, ['a', 1]), refusal)
    await assert.rejects(database.query(count, []), refusal)
  })
})

describe('an SQLite file behind a symbolic link', () => {
  it('keeps its log beside the file itself, and that log is the one that is synced', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'sekisho-link-'))
    t.after(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'disk'))
    writeFileSync(join(folder, 'disk', 'real.db'), '')
    symlinkSync(join(folder, 'disk', 'real.db'), join(folder, 'sekisho.db'))
    const synced: number[] = []
    const sync = async (descriptor: number) => void synced.push(fstatSync(descriptor).ino)
    const disk = { sync, longestMilliseconds: 60_000 }
    const database = await openSqlite(join(folder, 'sekisho.db'), () => noon, disk)
    t.after(() => database.close())

    await database.query(insert, ['a', 1])
    assert.deepEqual(synced, [statSync(join(folder, 'disk', 'real.db-wal')).ino])
  })
})

/** A database whose disk answers when the test says so. */
async function openWithHeldSyncs(t: TestContext, longestMilliseconds = 60_000) {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-sync-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const syncs: PromiseWithResolvers<void>[] = []
  const database: Database = await openSqlite(join(folder, 'sekisho.db'), () => noon, {
    longestMilliseconds,
    sync: () => {
      const held = Promise.withResolvers<void>()
      syncs.push(held)
      return held.promise
    },
  })
  t.after(() => database.close())
  return { database, syncs }
}

function settled(write: Promise<unknown>) {
  const watched = {
    outcome: 'pending',
    done: write.then(
      () => void (watched.outcome = 'acknowledged'),
      () => void (watched.outcome = 'refused'),
    ),
  }
  return watched
}

/** node:sqlite gives rows without a prototype. */
function plain(rows: readonly unknown[]): unknown {
  return JSON.parse(JSON.stringify(rows))
}
