import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hashBeforeFirst, hashOf } from '#domain/audit-chain.ts'
import type { AuditEvent, AuditRecord } from '#domain/audit-event.ts'
import { collect, eventOf, hostileText, hostileTextStored } from './storage-under-test.ts'
import { inParallel, later, noon, openOn, openTwice } from './storage-under-test.ts'
import type { DatabaseUnderTest } from './storage-under-test.ts'

const everything: AuditEvent = {
  type: 'console.opened',
  actor: { kind: 'guest', key: 'pass p-1', name: 'Rin Tanaka' },
  accountId: '111122223333',
  account: 'prod',
  permissionSet: 'admin',
  reason: 'platform team',
  address: '2001:db8::1',
  requestId: 'request-1',
  openingId: 'opening-1',
  roleSessionName: 'rin@example.com',
  accessKeyId: 'ASIAEXAMPLE',
  details: { seconds: 3600, ratio: 0.1, exact: true, region: null, to: '/s3/home', __proto__x: 1 },
}

/** What every audit trail promises, whichever database keeps it. */
export function itKeepsAnAuditTrail(database: DatabaseUnderTest): void {
  describe(`an audit trail kept in ${database.name}`, () => {
    it('chains each record to the one before and takes its instant from the clock', async (t) => {
      let now = new Date('2026-11-25T12:00:00.123Z')
      const { trail } = await openOn(t, await database.create(t), () => now)
      const first = await trail.record(everything)
      now = later(-5)
      const second = await trail.record(eventOf('ada'))

      const firstAt = new Date('2026-11-25T12:00:00.123Z')
      const hash = hashOf(everything, 1, firstAt, hashBeforeFirst)
      const chained = { sequence: 1, at: firstAt, previousHash: hashBeforeFirst, hash }
      assert.deepEqual(first, { ...everything, ...chained })
      assert.deepEqual(second.at, later(-5))
      assert.deepEqual([second.sequence, second.previousHash], [2, hash])
    })

    it('gives records back exactly as they were acknowledged', async (t) => {
      const { trail } = await openOn(t, await database.create(t))
      const recorded = [await trail.record(everything), await trail.record(eventOf('ada'))]
      assert.deepEqual(await collect(trail.stream({})), recorded)
      assert.deepEqual((await trail.search({}, 10)).records, recorded.toReversed())
    })

    it('loses and doubles nothing when two replicas record fifty at once', async (t) => {
      const storages = await openTwice(t, database)
      const records = await inParallel(50, storages, ({ trail }, index) =>
        trail.record(eventOf(`p${index}`)),
      )
      const kept = await collect(storages[0].trail.stream({}))
      assert.deepEqual(
        kept.map(({ sequence }) => sequence),
        Array.from({ length: 50 }, (_, index) => index + 1),
      )
      assert.deepEqual(
        kept,
        records.toSorted((a, b) => a.sequence - b.sequence),
      )
      assert.equal(new Set(kept.map(({ actor }) => actor.key)).size, 50)
      assert.deepEqual(await storages[1].trail.verify(), {
        outcome: 'intact',
        records: 50,
        lastHash: kept.at(-1)?.hash,
      })
    })

    it('keeps hostile text as text, in both databases the same', async (t) => {
      const { trail } = await openOn(t, await database.create(t))
      const actor = { kind: 'person', key: hostileText, name: hostileText } as const
      const recorded = await trail.record(
        eventOf('x', { actor, reason: hostileText, details: { [hostileText]: hostileText } }),
      )
      assert.equal(recorded.actor.name, hostileTextStored)
      assert.deepEqual(recorded.details, { [hostileTextStored]: hostileTextStored })
      assert.deepEqual((await trail.search({ text: hostileText }, 10)).records, [recorded])
      assert.deepEqual((await trail.search({ actorKey: hostileText }, 10)).records, [recorded])
      assert.equal((await trail.verify()).outcome, 'intact')
    })

    it('keeps names of details that mean something to JavaScript', async (t) => {
      const { trail } = await openOn(t, await database.create(t))
      const details = Object.fromEntries([
        ['__proto__', 'a'],
        ['constructor', 1],
        ['0', true],
      ])
      await trail.record(eventOf('ada', { details }))
      const [kept] = (await trail.search({}, 1)).records
      const byName = (of: object) => new Map(Object.entries(of))
      assert.deepEqual(byName(kept?.details ?? {}), byName(details))
      assert.equal((await trail.verify()).outcome, 'intact')
    })

    it('cuts text that no index could hold instead of failing', async (t) => {
      const { trail } = await openOn(t, await database.create(t))
      // Many different characters, since PostgreSQL compresses what repeats.
      const long = Array.from({ length: 20_000 }, (_, index) =>
        String.fromCharCode(0x4e00 + ((index * 7919) % 20_000)),
      ).join('')
      const details = { long, number: NaN, zero: -0 }
      const recorded = await trail.record(
        eventOf('ada', { requestId: long, account: long, reason: long, details }),
      )
      const { requestId, account } = recorded
      assert.equal(requestId, long.slice(0, 800))
      assert.equal(account, long.slice(0, 800))
      assert.deepEqual((await trail.search({ text: long }, 10)).records, [recorded])
      assert.equal((await trail.search({ account: long }, 10)).records.length, 1)
      assert.equal((await trail.verify()).outcome, 'intact')
    })

    describe('when searched', () => {
      const of = (records: readonly AuditRecord[]) => records.map(({ requestId }) => requestId)
      const prod = { account: 'prod', accountId: '111122223333', permissionSet: 'admin' }

      async function filled(t: Parameters<typeof openOn>[0]) {
        let now = noon
        const { trail } = await openOn(t, await database.create(t), () => now)
        await trail.record(eventOf('ada', { requestId: 'r1', type: 'sign-in.completed' }))
        now = later(10)
        await trail.record(eventOf('Ada', { requestId: 'r2', openingId: 'o-1', ...prod }))
        now = later(20)
        await trail.record(
          eventOf('grace', { requestId: 'r3', type: 'console.denied', account: '111122223333' }),
        )
        now = later(30)
        await trail.record(
          eventOf('100%_!', { requestId: 'r4', roleSessionName: 'g@x', type: 'console.failed' }),
        )
        return trail
      }

      it('finds each filter’s records, newest first, and all filters’ at once', async (t) => {
        const trail = await filled(t)
        const found = async (query: Parameters<typeof trail.search>[0]) =>
          of((await trail.search(query, 10)).records).join(' ')

        assert.equal(await found({}), 'r4 r3 r2 r1')
        assert.equal(await found({ actorKey: 'company https://login.example ada' }), 'r1')
        assert.equal(await found({ account: 'prod' }), 'r2')
        assert.equal(await found({ account: '111122223333' }), 'r3 r2')
        assert.equal(await found({ account: '1111' }), '')
        assert.equal(await found({ permissionSet: 'admin' }), 'r2')
        assert.equal(await found({ type: 'sign-in.completed' }), 'r1')
        assert.equal(await found({ type: 'nonsense' }), '')
        assert.equal(await found({ outcome: 'done' }), 'r1')
        assert.equal(await found({ outcome: 'opening' }), 'r2')
        assert.equal(await found({ outcome: 'refused' }), 'r3')
        assert.equal(await found({ outcome: 'failed' }), 'r4')
        assert.equal(await found({ outcome: 'nonsense' }), '')
        assert.equal(await found({ from: later(10), until: later(30) }), 'r3 r2')
        assert.equal(await found({ before: 3 }), 'r2 r1')
        assert.equal(
          await found({ text: 'ADA@', account: 'prod', outcome: 'opening', from: noon }),
          'r2',
        )
      })

      it('finds a part of a name in any case, but ids only whole', async (t) => {
        const trail = await filled(t)
        const found = async (text: string) =>
          of((await trail.search({ text }, 10)).records).join(' ')

        assert.equal(await found('ada@EXAMPLE'), 'r2 r1')
        assert.equal(await found('login.example GRA'), 'r3')
        assert.equal(await found('r3'), 'r3')
        assert.equal(await found('r'), 'r3', 'a part of grace, and of no request id')
        assert.equal(await found('o-1'), 'r2')
        assert.equal(await found('g@x'), 'r4')
        assert.equal(await found('100%_!'), 'r4')
        assert.equal(await found('%'), 'r4')
        assert.equal(await found('_'), 'r4')
        assert.equal(await found('  '), 'r4 r3 r2 r1')
        assert.equal(await found('nobody'), '')
      })

      it('finds a text among one person’s records only, by name or by id', async (t) => {
        const trail = await filled(t)
        const actorKey = 'company https://login.example ada'
        const found = async (text: string) =>
          of((await trail.search({ text, actorKey }, 10)).records).join(' ')

        assert.equal(await found('ada'), 'r1')
        assert.equal(await found('r1'), 'r1')
        assert.equal(await found('r2'), '')
        assert.equal(await found('grace'), '')
      })

      it('finds a name that very many share, and all names of one key', async (t) => {
        const storage = await openOn(t, await database.create(t))
        await inParallel(60, [storage], ({ trail }, index) => trail.record(eventOf(`p${index}x`)))
        const { trail } = storage
        for (const name of ['Old Name', 'New Name']) {
          await trail.record(eventOf('x', { actor: { kind: 'person', key: 'k', name } }))
        }
        assert.equal((await trail.search({ text: 'X@exam' }, 100)).records.length, 60)
        assert.equal((await trail.search({ text: 'p7x@' }, 100)).records.length, 1)
        assert.equal((await trail.search({ actorKey: 'k' }, 100)).records.length, 2)
        assert.equal((await trail.search({ actorKey: 'k', text: 'old' }, 100)).records.length, 1)
        assert.equal((await trail.search({ actorKey: 'nobody' }, 100)).records.length, 0)
      })

      it('pages through everything once, whatever is recorded meanwhile', async (t) => {
        const { trail } = await openOn(t, await database.create(t))
        await Promise.all(
          Array.from({ length: 7 }, (_, index) => trail.record(eventOf(`p${index}`))),
        )
        const pages: string[] = []
        let before: number | null = null
        do {
          const page = await trail.search({ text: 'P', ...(before === null ? {} : { before }) }, 3)
          pages.push(page.records.map(({ sequence }) => sequence).join(' '))
          before = page.next
          await trail.record(eventOf('player'))
        } while (before !== null)
        assert.deepEqual(pages, ['7 6 5', '4 3 2', '1'])
      })

      it('has no next page where the last one is just full', async (t) => {
        const trail = await filled(t)
        assert.equal((await trail.search({}, 4)).next, null)
        assert.equal((await trail.search({}, 3)).next, 2)
      })

      it('streams many batches oldest first, and ends where the trail ended at the start', async (t) => {
        const storage = await openOn(t, await database.create(t))
        await inParallel(1203, [storage], ({ trail }, index) =>
          trail.record(eventOf(`p${index % 9}`)),
        )
        const sequences: number[] = []
        for await (const { sequence } of storage.trail.stream({})) {
          if (sequences.push(sequence) === 1) await storage.trail.record(eventOf('late'))
        }
        assert.deepEqual(
          sequences,
          Array.from({ length: 1203 }, (_, index) => index + 1),
        )
        const part = await collect(storage.trail.stream({ text: 'p3@', before: 1000 }))
        assert.equal(part.length, 111)
      })
    })
  })
}
