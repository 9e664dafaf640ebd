import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { backup, DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { itNoticesTampering } from '../contracts/audit-tampering.contract.ts'
import { itKeepsAnAuditTrail } from '../contracts/audit-trail.contract.ts'
import { itKeepsBrowserSessions } from '../contracts/browser-sessions.contract.ts'
import { itKeepsGuestPasses } from '../contracts/guest-passes.contract.ts'
import { itTakesOnceOnly } from '../contracts/once-only.contract.ts'
import { itKeepsPreferences } from '../contracts/preferences.contract.ts'
import { itOpensAndCloses } from '../contracts/storage-opening.contract.ts'
import {
  atNoon,
  collect,
  eventOf,
  later,
  noon,
  openOn,
  problemOf,
} from '../contracts/storage-under-test.ts'
import type { DatabaseUnderTest } from '../contracts/storage-under-test.ts'

const triggers = [
  'audit_record_update',
  'audit_record_delete',
  'audit_record_replace',
  'audit_actor_update',
  'audit_actor_delete',
  'audit_head_update',
  'audit_head_delete',
]

const sqlite: DatabaseUnderTest = {
  name: 'SQLite',
  create: async (t) => `sqlite:${newFile(t)}`,
  raw: async (url, ...statements) => {
    const database = new DatabaseSync(pathOf(url))
    try {
      return statements.map((sql) => database.prepare(sql).all()).at(-1) ?? []
    } finally {
      database.close()
    }
  },
  removeTriggers: triggers.map((name) => `DROP TRIGGER ${name}`),
}

itOpensAndCloses(sqlite)
itKeepsBrowserSessions(sqlite)
itTakesOnceOnly(sqlite)
itKeepsPreferences(sqlite)
itKeepsGuestPasses(sqlite)
itKeepsAnAuditTrail(sqlite)
itNoticesTampering(sqlite)

describe('a storage in an SQLite file', () => {
  it('is made with its folder, for the owner only', async (t) => {
    const file = join(newFile(t), 'data', 'sekisho.db')
    const { trail } = await openOn(t, `sqlite:${file}`)
    await trail.record(eventOf('ada'))
    for (const name of [file, `${file}-wal`]) assert.equal(statSync(name).mode & 0o777, 0o600)
    assert.equal(statSync(join(file, '..')).mode & 0o777, 0o700)
  })

  it('can be in memory, each storage by itself', async (t) => {
    const one = await openOn(t, 'sqlite::memory:')
    const other = await openOn(t, 'sqlite::memory:')
    await one.trail.record(eventOf('ada'))
    assert.equal((await collect(one.trail.stream({}))).length, 1)
    assert.equal((await collect(other.trail.stream({}))).length, 0)
  })

  it('is refused under a URL that names no store, without repeating its password', async () => {
    for (const url of ['sqlite:data.db', 'sqlite:', 'mysql://root:secret@db', 'x']) {
      await assert.rejects(openStorage(url, { clock: atNoon }), (error: Error) => {
        assert.equal(error.name, 'TypeError')
        assert.doesNotMatch(error.message, /secret/)
        return true
      })
    }
  })

  it('fails with a problem where there can be no file, or what is there is none of SQLite’s', async (t) => {
    const file = newFile(t)
    const { trail } = await openOn(t, `sqlite:${file}`)
    await trail.record(eventOf('ada'))
    const opening = openStorage(`sqlite:${file}/inside`, { clock: atNoon })
    await assert.rejects(opening, problemOf('store-unavailable'))
    const program = openStorage(`sqlite:${fileURLToPath(import.meta.url)}`, { clock: atNoon })
    await assert.rejects(program, problemOf('store-unavailable'))
  })

  it('refuses to replace a record, which would delete it without asking the trigger', async (t) => {
    const url = await sqlite.create(t)
    const { trail } = await openOn(t, url)
    await trail.record(eventOf('ada'))
    const replace = 'INSERT OR REPLACE INTO audit_record SELECT * FROM audit_record'
    await assert.rejects(sqlite.raw(url, replace), /append-only/)
  })

  it('fails with problems while another process holds the file, and goes on afterwards', async (t) => {
    const url = await sqlite.create(t)
    const { trail, sessions } = await openOn(t, url)
    const other = new DatabaseSync(pathOf(url))
    t.after(() => other.close())
    other.exec('BEGIN IMMEDIATE')
    await assert.rejects(trail.record(eventOf('ada')), problemOf('trail-unavailable'))
    assert.equal(await sessions.read('id', noon), null, 'reading goes on')
    other.exec('COMMIT')
    assert.equal((await trail.record(eventOf('ada'))).sequence, 1)
  })

  it('makes the schema once when three processes start at once, and puts their records in one order', async (t) => {
    const url = await sqlite.create(t)
    const appenders = ['a', 'b', 'c'].map((name) => startAppending(t, url, name, 1000))
    const sequences = (await Promise.all(appenders.map(({ acknowledged }) => acknowledged))).flat()
    assert.deepEqual(
      sequences.sort((a, b) => a - b),
      Array.from({ length: 3000 }, (_, index) => index + 1),
    )
    const { trail } = await openOn(t, url)
    const verdict = await trail.verify()
    assert.equal(verdict.outcome === 'intact' && verdict.records, 3000)
  })

  it('loses no acknowledged record when the process is killed', async (t) => {
    const url = await sqlite.create(t)
    const appender = startAppending(t, url, 'ada', Infinity)
    await appender.reaches(200)
    appender.kill()
    const acknowledged = await appender.acknowledged

    const { trail } = await openOn(t, url)
    const kept = new Set((await collect(trail.stream({}))).map(({ sequence }) => sequence))
    assert.ok(acknowledged.length >= 200)
    assert.deepEqual(
      acknowledged.filter((sequence) => !kept.has(sequence)),
      [],
    )
    assert.equal((await trail.verify()).outcome, 'intact')
    assert.equal((await trail.record(eventOf('grace'))).sequence, kept.size + 1)
  })

  it('can be backed up while records are written, and the copy verifies', async (t) => {
    const url = await sqlite.create(t)
    const { trail, sessions } = await openOn(t, url)
    const expiresAt = later(60)
    const session = { data: '{}', principalKey: null, providerSession: null, expiresAt }
    await sessions.write('id', session, noon)
    for (let index = 0; index < 300; index += 1) await trail.record(eventOf(`p${index}`))

    const copy = newFile(t)
    const source = new DatabaseSync(pathOf(url))
    t.after(() => source.close())
    const copying = backup(source, copy, { rate: 10 })
    await Promise.all(Array.from({ length: 20 }, (_, index) => trail.record(eventOf(`q${index}`))))
    await copying

    const restored = await openOn(t, `sqlite:${copy}`)
    const verdict = await restored.trail.verify()
    assert.ok(verdict.outcome === 'intact' && verdict.records >= 300)
    assert.deepEqual(await restored.sessions.read('id', noon), session)
  })
})

function newFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-sqlite-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'store')
}

function pathOf(url: string): string {
  return url.replace('sqlite:', '')
}

/** A process of its own that records, and prints the sequences that were acknowledged. */
function startAppending(t: TestContext, url: string, name: string, count: number) {
  const program = fileURLToPath(new URL('./storage-appender.ts', import.meta.url))
  const child = spawn(process.execPath, [program, url, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  const ended = once(child, 'close')
  const sequences: number[] = []
  const lines = createInterface(child.stdout).on('line', (line) => sequences.push(Number(line)))
  return {
    acknowledged: ended.then(() => sequences),
    kill: () => child.kill('SIGKILL'),
    async reaches(enough: number) {
      while (sequences.length < enough) await once(lines, 'line')
    },
  }
}
