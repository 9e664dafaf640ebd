import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { chainStart, verifyLink } from '#domain/audit-chain.ts'
import { Problem } from '#domain/problem.ts'
import { startBroker, type TestBroker } from '../support/broker.ts'
import { cellsOf } from '../support/csv-cells.ts'
import { eventBy, recordMany, turns } from '../support/trail-events.ts'

describe('an export of the trail', () => {
  it('is in the trail before it is sent, with its filter and whoever took it', async (t) => {
    const broker = await startBroker(t)
    const auditor = await broker.signedIn('sam')
    const answer = await auditor.visit('/audit.jsonl?outcome=done&q=')
    assert.equal(answer.statusCode, 200)
    const lines = answer.body.trimEnd().split('\n')
    const last = JSON.parse(lines.at(-1) ?? '')
    assert.equal(last.type, 'audit.exported')
    assert.equal(last.actor.name, 'sam@example.com')
    assert.deepEqual(last.details, { format: 'jsonl', outcome: 'done' })
  })

  it('does not happen where it cannot be recorded', async (t) => {
    const broker = await startBroker(t, {
      wrapStorage: (storage) => ({
        ...storage,
        trail: {
          ...storage.trail,
          async record(event) {
            if (event.type === 'audit.exported') throw new Problem('trail-unavailable')
            return storage.trail.record(event)
          },
        },
      }),
    })
    const answer = await (await broker.signedIn('sam')).visit('/audit.csv')
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.headers['content-disposition'], undefined)
    assert.doesNotMatch(answer.body, /sequence,at/)
  })

  it('is a file to keep, named after its time, that no cache holds', async (t) => {
    const broker = await startBroker(t)
    const auditor = await broker.signedIn('sam')
    const { headers } = await auditor.visit('/audit.csv')
    assert.match(String(headers['content-type']), /^text\/csv/)
    assert.equal(
      headers['content-disposition'],
      'attachment; filename="sekisho-audit-2026-11-25T09-00-00Z.csv"',
    )
    assert.equal(headers['cache-control'], 'no-store')
    const lines = await auditor.visit('/audit.jsonl')
    assert.match(String(lines.headers['content-type']), /^application\/x-ndjson/)
  })

  it('holds hostile names as harmless text', async (t) => {
    const broker = await startBroker(t)
    const names = ['=1+1', '@SUM(A1)', '\t=2', 'a "quoted", name', 'two\r\n=lines', '千佳']
    for (const name of names) await broker.storage.trail.record(eventBy(name))
    const { body } = await (await broker.signedIn('sam')).visit('/audit.csv?account=prod')
    const [header = [], ...rows] = cellsOf(body)
    const column = header.indexOf('actorName')
    assert.deepEqual(
      rows.map((row) => row[column]),
      ["'=1+1", "'@SUM(A1)", "'\t=2", 'a "quoted", name', 'two\r\n=lines', '千佳'],
    )
  })

  it('is a chain that anybody can check', async (t) => {
    const broker = await startBroker(t)
    await recordMany(broker, 250)
    const { body } = await (await broker.signedIn('sam')).visit('/audit.jsonl')
    let previous = chainStart
    for (const line of body.trimEnd().split('\n')) {
      const read = JSON.parse(line)
      assert.equal(verifyLink(previous, { ...read, at: new Date(read.at) }), null)
      previous = read
    }
    assert.equal(previous.sequence, 252)
  })

  it('is no page to fetch ahead or to embed: it would be recorded though nobody took it', async (t) => {
    const broker = await startBroker(t)
    const auditor = await broker.signedIn('sam')
    const prefetch = await auditor.visit('/audit.csv', { headers: { 'sec-purpose': 'prefetch' } })
    assert.equal(prefetch.statusCode, 204)
    const image = await auditor.visit('/audit.csv', { headers: { 'sec-fetch-dest': 'image' } })
    assert.equal(image.statusCode, 403)
    const types = (await broker.recorded()).map(({ type }) => type)
    assert.ok(!types.includes('audit.exported'))
  })

  it('of 50,000 records goes out as it is read: memory stays flat and nothing is missing', async (t) => {
    // A trail of 5,000, read ten times over: recording ten times as many would take most of the test.
    const broker = await startBroker(t, {
      wrapStorage: (storage) => ({
        ...storage,
        trail: {
          ...storage.trail,
          async *stream(query) {
            for (let round = 0; round < 10; round += 1) yield* storage.trail.stream(query)
          },
        },
      }),
    })
    await recordMany(broker, 5_000)
    const auditor = await broker.signedIn('sam')
    const start = heapInUse()
    const { statusCode, stream } = await streamed(broker, auditor.cookies, '/audit.jsonl')
    assert.equal(statusCode, 200)

    let highest = 0
    let lines = 0
    let bytes = 0
    let next = 10_000_000
    for await (const chunk of stream()) {
      bytes += chunk.length
      for (const byte of chunk) if (byte === 10) lines += 1
      if (bytes < next) continue
      highest = Math.max(highest, heapInUse() - start)
      next += 10_000_000
    }
    assert.equal(lines, 50_020, 'with the sign-in and the export itself, each time')
    assert.ok(bytes > 25_000_000)
    assert.ok(highest < 8_000_000, `${highest} bytes more in use than before`)
  })

  it('waits for a reader who has stopped, instead of reading the trail into memory', async (t) => {
    let read = 0
    const broker = await startBroker(t, {
      wrapStorage: (storage) => ({
        ...storage,
        trail: {
          ...storage.trail,
          async *stream(query) {
            for await (const record of storage.trail.stream(query)) {
              read += 1
              yield record
            }
          },
        },
      }),
    })
    await recordMany(broker, 5_000)
    const auditor = await broker.signedIn('sam')
    const { stream } = await streamed(broker, auditor.cookies, '/audit.csv')
    const reader = stream()
    await turns(2_000)
    const readForNobody = read
    let bytes = 0
    for await (const chunk of reader) bytes += chunk.length
    assert.ok(readForNobody < 1_500, `${readForNobody} records were read for nobody`)
    assert.equal(read, 5_002)
    assert.ok(bytes > 1_000_000)
  })
})

function streamed(broker: TestBroker, cookies: ReadonlyMap<string, string>, url: string) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return broker.app.inject({ url, headers: { cookie }, payloadAsStream: true })
}

/** After a collection: what is really held. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  return process.memoryUsage().heapUsed
}
