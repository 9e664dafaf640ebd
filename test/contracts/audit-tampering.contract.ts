import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hashBeforeFirst, hashOf } from '#domain/audit-chain.ts'
import { collect, eventOf, noon, openOn, problemOf } from './storage-under-test.ts'
import type { DatabaseUnderTest } from './storage-under-test.ts'

/** What every audit trail notices of people who have the database's password. */
export function itNoticesTampering(database: DatabaseUnderTest): void {
  describe(`an audit trail that somebody tampers with in ${database.name}`, () => {
    async function broken(t: Parameters<typeof openOn>[0], ...statements: string[]) {
      const url = await database.create(t)
      const { trail } = await openOn(t, url)
      for (const name of ['a', 'b', 'c', 'd', 'e']) await trail.record(eventOf(name))
      await database.raw(url, ...database.removeTriggers, ...statements)
      return trail
    }
    const verdict = (sequence: number, problem: string) => ({
      outcome: 'broken',
      sequence,
      problem,
    })
    /** A record whose own hash is right, built without knowledge of the chain. */
    const forged = (sequence: number, at: Date, previousHash: string) =>
      hashOf({ ...eventOf('a'), requestId: 'forged' }, sequence, at, previousHash)
    const forgedRow = (sequence: number, previousHash: string) =>
      `INSERT INTO audit_record (sequence, at, type, actor, address, request_id, details,
         previous_hash, hash)
       SELECT ${sequence}, ${noon.getTime()}, 'console.opening', actor, address, 'forged', '{}',
         '${previousHash}', '${forged(sequence, noon, previousHash)}'
       FROM audit_record WHERE request_id = 'request-a'`

    it('refuses to change or delete a record', async (t) => {
      const url = await database.create(t)
      const { trail } = await openOn(t, url)
      await trail.record(eventOf('ada'))
      const attempts = [
        "UPDATE audit_record SET type = 'x'",
        'DELETE FROM audit_record',
        "UPDATE audit_actor SET name = 'x'",
        'DELETE FROM audit_actor',
        'UPDATE audit_head SET sequence = 0',
        'DELETE FROM audit_head',
      ]
      for (const attempt of attempts) {
        await assert.rejects(database.raw(url, attempt), /append-only/, attempt)
      }
      assert.equal((await trail.verify()).outcome, 'intact')
    })

    it('calls an untouched trail intact, and an empty one too', async (t) => {
      const trail = await broken(t)
      const verified = await trail.verify()
      assert.deepEqual([verified.outcome, 'records' in verified && verified.records], ['intact', 5])

      const { trail: empty } = await openOn(t, await database.create(t))
      const nothing = { outcome: 'intact', records: 0, lastHash: hashBeforeFirst }
      assert.deepEqual(await empty.verify(), nothing)
    })

    for (const [what, change] of [
      ['a type', "type = 'console.opened'"],
      ['a type to nonsense', "type = 'nonsense'"],
      ['an instant', 'at = at + 1'],
      ['a reason', "reason = 'because'"],
      ['an empty text for none', "account = ''"],
      ['the details', 'details = \'{"a":1}\''],
      ['the details to no JSON', "details = '{'"],
      ['the link', `previous_hash = '${'0'.repeat(64)}'`],
      ['the hash', `hash = '${'0'.repeat(64)}'`],
      ['the actor', 'actor = (SELECT actor FROM audit_record WHERE sequence = 1)'],
    ] as const) {
      it(`says which record was changed: ${what}`, async (t) => {
        const trail = await broken(t, `UPDATE audit_record SET ${change} WHERE sequence = 3`)
        assert.deepEqual(await trail.verify(), verdict(3, 'changed'))
      })
    }

    it('says which record was changed where a name was changed for all', async (t) => {
      const trail = await broken(t, "UPDATE audit_actor SET name = 'x' WHERE name LIKE 'd@%'")
      assert.deepEqual(await trail.verify(), verdict(4, 'changed'))
    })

    it('says which record is missing: in the middle, the first, the last, all', async (t) => {
      for (const [where, sequence] of [
        ['sequence IN (2, 3)', 2],
        ['sequence = 1', 1],
        ['sequence = 5', 5],
        ['1 = 1', 1],
      ] as const) {
        const trail = await broken(t, `DELETE FROM audit_record WHERE ${where}`)
        assert.deepEqual(await trail.verify(), verdict(sequence, 'missing'))
      }
    })

    it('says which record was put in place of another, or in front, or behind', async (t) => {
      const replaced = await broken(
        t,
        'DELETE FROM audit_record WHERE sequence = 3',
        forgedRow(3, hashBeforeFirst),
      )
      assert.deepEqual(await replaced.verify(), verdict(3, 'inserted'))

      const inFront = await broken(t, forgedRow(0, hashBeforeFirst))
      assert.deepEqual(await inFront.verify(), verdict(0, 'inserted'))

      const behind = await broken(t, forgedRow(6, hashBeforeFirst))
      assert.deepEqual(await behind.verify(), verdict(6, 'inserted'))
    })

    it('notices a record behind the newest that continues the chain as it should', async (t) => {
      const url = await database.create(t)
      const { trail } = await openOn(t, url)
      const { hash } = await trail.record(eventOf('a'))
      await database.raw(url, ...database.removeTriggers, forgedRow(2, hash))
      assert.deepEqual(await trail.verify(), verdict(2, 'inserted'))
    })

    it('notices a newest record that was rewritten together with its hash', async (t) => {
      const url = await database.create(t)
      const { trail } = await openOn(t, url)
      await trail.record(eventOf('a'))
      await database.raw(
        url,
        ...database.removeTriggers,
        `UPDATE audit_record SET request_id = 'forged',
           hash = '${forged(1, noon, hashBeforeFirst)}'`,
      )
      assert.deepEqual(await trail.verify(), verdict(1, 'changed'))
    })

    it('records nothing after a head that does not fit, and says so', async (t) => {
      const trail = await broken(t, 'UPDATE audit_head SET sequence = 3')
      await assert.rejects(trail.record(eventOf('f')), problemOf('trail-unavailable'))
      const headless = await broken(t, 'DELETE FROM audit_head')
      await assert.rejects(headless.record(eventOf('f')), problemOf('trail-unavailable'))
      await assert.rejects(headless.verify(), problemOf('trail-unavailable'))
    })

    it('leaves no unreadable record out of a search in silence', async (t) => {
      const trail = await broken(t, "UPDATE audit_record SET type = 'x' WHERE sequence = 3")
      await assert.rejects(trail.search({}, 10), problemOf('trail-unavailable'))
      await assert.rejects(collect(trail.stream({})), problemOf('trail-unavailable'))
    })
  })
}
