import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { Client } from 'pg'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { Problem } from '#domain/problem.ts'
import type { Storage } from '#ports'
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
import { startPostgres } from '../support/postgres.ts'
import type { Postgres } from '../support/postgres.ts'

let server: Postgres
before(async () => {
  server = await startPostgres()
})
after(() => server.stop())

const tables = ['audit_record', 'audit_actor', 'audit_head']

const postgres: DatabaseUnderTest = {
  name: 'PostgreSQL',
  create: () => server.createDatabase(),
  raw: async (url, ...statements) => {
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      let rows: Record<string, unknown>[] = []
      for (const sql of statements) rows = (await client.query<Record<string, unknown>>(sql)).rows
      return rows
    } finally {
      await client.end()
    }
  },
  removeTriggers: tables.map((table) => `ALTER TABLE ${table} DISABLE TRIGGER ALL`),
}

itOpensAndCloses(postgres)
itKeepsBrowserSessions(postgres)
itTakesOnceOnly(postgres)
itKeepsPreferences(postgres)
itKeepsGuestPasses(postgres)
itKeepsAnAuditTrail(postgres)
itNoticesTampering(postgres)

describe('a storage in PostgreSQL', () => {
  it('refuses to empty the trail', async (t) => {
    const url = await server.createDatabase()
    await openOn(t, url)
    await assert.rejects(
      postgres.raw(url, 'TRUNCATE audit_record, audit_actor, audit_head'),
      /append-only/,
    )
  })

  it('notices two records of one sequence where somebody removed the key', async (t) => {
    const url = await server.createDatabase()
    const { trail } = await openOn(t, url)
    // The 500th record ends a batch of the verification, where a duplicate could hide.
    await Promise.all(Array.from({ length: 510 }, (_, index) => trail.record(eventOf(`p${index}`))))
    await postgres.raw(
      url,
      'ALTER TABLE audit_record DROP CONSTRAINT audit_record_pkey',
      'INSERT INTO audit_record SELECT * FROM audit_record WHERE sequence = 500',
    )
    const inserted = { outcome: 'broken', sequence: 500, problem: 'inserted' }
    assert.deepEqual(await trail.verify(), inserted)
  })

  it('says what is unavailable while the server is away, and recovers by itself', async (t) => {
    const storage = await openOn(t, await server.createDatabase())
    await storage.trail.record(eventOf('ada'))
    const expiresAt = later(60)
    const session = { data: '{}', principalKey: null, providerSession: null, expiresAt }
    await storage.sessions.write('id', session, noon)

    await server.kill()
    await assert.rejects(storage.ping(), problemOf('store-unavailable'))
    await assert.rejects(storage.sessions.read('id', noon), problemOf('store-unavailable'))
    await assert.rejects(storage.trail.record(eventOf('b')), problemOf('trail-unavailable'))
    await assert.rejects(storage.trail.search({}, 10), problemOf('trail-unavailable'))
    await assert.rejects(storage.trail.verify(), problemOf('trail-unavailable'))
    await assert.rejects(collect(storage.trail.stream({})), problemOf('trail-unavailable'))

    await server.restart()
    await storage.ping()
    assert.deepEqual(await storage.sessions.read('id', noon), session)
    assert.equal((await storage.trail.record(eventOf('c'))).sequence, 2)
  })

  it('keeps what it acknowledged when the server restarts under load, and fails only with problems', async (t) => {
    const url = await server.createDatabase()
    const storages = [await openOn(t, url), await openOn(t, url)] as const
    const acknowledged: number[] = []
    const appendUntil = async ({ trail }: Storage, isEnough: () => boolean) => {
      let refusals = 0
      while (!isEnough()) {
        try {
          acknowledged.push((await trail.record(eventOf('ada'))).sequence)
        } catch (error) {
          problemOf('trail-unavailable')(error)
          refusals += 1
        }
      }
      return refusals
    }
    let enough = Infinity
    const appending = Promise.all(
      [...storages, ...storages].map((storage) =>
        appendUntil(storage, () => acknowledged.length > enough),
      ),
    )
    await server.restart()
    enough = acknowledged.length + 100
    const refusals = (await appending).reduce((sum, count) => sum + count, 0)

    const [{ trail }] = storages
    const kept = new Set((await collect(trail.stream({}))).map(({ sequence }) => sequence))
    assert.ok(refusals > 0)
    assert.equal(new Set(acknowledged).size, acknowledged.length)
    assert.deepEqual(
      acknowledged.filter((sequence) => !kept.has(sequence)),
      [],
    )
    assert.equal((await trail.verify()).outcome, 'intact')
  })

  it('cannot be opened while the server is away, which is a problem too', async (t) => {
    const url = await server.createDatabase()
    await server.kill()
    t.after(() => server.restart())
    await assert.rejects(openStorage(url, { clock: atNoon }), problemOf('store-unavailable'))
  })

  it('puts no value of a statement into the cause of a problem', async (t) => {
    const url = await server.createDatabase()
    const { passes, preferences } = await openOn(t, url)
    await postgres.raw(url, 'ALTER TABLE personal_setting ADD CHECK (value = name)')
    const failing = preferences.set('key', 'name', 'secret-value')
    await assert.rejects(failing, (error: unknown) => {
      assert.ok(error instanceof Problem && error.cause instanceof Error)
      const { message, stack } = error.cause
      assert.equal(message, 'PostgreSQL: 23514')
      assert.doesNotMatch(JSON.stringify([error.cause, stack, error]), /secret-value/)
      return true
    })
    assert.equal(await passes.byId('x'), null)
  })

  it('gives up a record that waits for a frozen replica’s lock, and goes on when it is gone', async (t) => {
    const url = await server.createDatabase()
    const { trail } = await openOn(t, url)
    const frozen = new Client({ connectionString: url })
    await frozen.connect()
    await frozen.query('BEGIN; SELECT * FROM audit_head FOR UPDATE')
    await assert.rejects(trail.record(eventOf('ada')), problemOf('trail-unavailable'))
    await frozen.end()
    assert.equal((await trail.record(eventOf('ada'))).sequence, 1)
  })

  it('waits for a silent network only so long, and recovers when it speaks again', async (t) => {
    const network = await startNetwork(t, await server.createDatabase())
    const storage = await openOn(t, network.url)
    // Several connections that were good until now, so that statements hang, and not only connects.
    await Promise.all(Array.from({ length: 5 }, () => storage.sessions.read('id', noon)))
    network.fallSilent()
    const waited = AbortSignal.timeout(5500)
    await Promise.all([
      assert.rejects(storage.ping(), problemOf('store-unavailable')),
      assert.rejects(storage.sessions.read('id', noon), problemOf('store-unavailable')),
      assert.rejects(storage.trail.record(eventOf('ada')), problemOf('trail-unavailable')),
      assert.rejects(openStorage(network.url, { clock: atNoon }), problemOf('store-unavailable')),
    ])
    assert.equal(waited.aborted, false)
    network.speakAgain()
    await storage.ping()
    assert.equal((await storage.trail.record(eventOf('ada'))).sequence, 1)
  })
})

/** A network between a storage and the database that can fall silent without ending anything. */
async function startNetwork(t: TestContext, url: string) {
  const { hostname, port, pathname, username } = new URL(url)
  const sockets = new Set<Socket>()
  let isSilent = false
  const network = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
      from.on('data', (data) => {
        if (!isSilent) to.write(data)
      })
    }
  }).listen(0, '127.0.0.1')
  await once(network, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    network.close()
  })
  const address = network.address() as AddressInfo
  return {
    url: `postgres://${username}@127.0.0.1:${address.port}${pathname}`,
    fallSilent: () => (isSilent = true),
    speakAgain: () => (isSilent = false),
  }
}
