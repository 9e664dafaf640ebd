import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { chainStart, verifyLink } from '#domain/audit-chain.ts'
import { noSubject, type AuditEvent } from '#domain/audit-event.ts'
import { Problem } from '#domain/problem.ts'
import type { ChainVerdict, Storage } from '#ports'
import { startBroker, type TestBroker } from '../support/broker.ts'
import { cellsOf } from '../support/csv-cells.ts'

function eventBy(name: string, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    ...noSubject,
    type: 'console.opened',
    actor: { kind: 'person', key: `company https://login.example.com u-${name}`, name },
    accountId: '111122223333',
    account: 'prod',
    permissionSet: 'Viewer',
    reason: 'platform team',
    address: '203.0.113.24',
    requestId: `REQ-${name}`,
    ...more,
  }
}

async function recordMany(broker: TestBroker, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => eventBy(`person-${index}`))
  await Promise.all(events.map((event) => broker.storage.trail.record(event)))
}

/** The rows of the table, one text each. */
function rowsIn(html: string): string[] {
  const table = /<tbody>(.*)<\/tbody>/s.exec(html)?.[1] ?? ''
  return [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) => row)
}

function hrefIn(html: string, text: string): string | null {
  const links = [...html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)<\/a>/g)]
  const [, href] = links.find(([, , content]) => content === text) ?? []
  return href?.replaceAll('&amp;', '&') ?? null
}

/** Lets everything that is ready run. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate()
}

function verifying(verify: () => Promise<ChainVerdict>) {
  return (storage: Storage): Storage => ({ ...storage, trail: { ...storage.trail, verify } })
}

describe('the audit page', () => {
  it('is for the readers that the config names: others are refused, whatever they may open', async (t) => {
    const broker = await startBroker(t)
    for (const path of ['/audit', '/audit.csv', '/audit.jsonl']) {
      const operator = await broker.signedIn('ada')
      assert.equal((await operator.visit(path)).statusCode, 403, path)
      const stranger = await broker.visitor().visit(path)
      assert.equal(stranger.statusCode, 303, path)
      assert.match(String(stranger.headers.location), /^\/sign-in\?/, path)
    }
    const types = (await broker.recorded()).map(({ type }) => type)
    assert.ok(!types.includes('audit.exported'), 'a refused export is none')
  })

  it('says who opened what, when, from where, why it was allowed, and with which request', async (t) => {
    const broker = await startBroker(t)
    await broker.storage.trail.record(
      eventBy('ada', {
        openingId: 'opening-1',
        roleSessionName: 'ada@example.com',
        accessKeyId: 'ASIAEXAMPLE',
        details: { sessionSeconds: 3600 },
      }),
    )
    const page = await (await broker.signedIn('sam')).visit('/audit')
    assert.equal(page.statusCode, 200)
    const row = rowsIn(page.body)[1] ?? ''
    for (const text of [
      '<time datetime="2026-11-25T09:00:00.000Z"',
      'ada</a>',
      'Example SSO',
      'Opened a role',
      'data-env="red"',
      'Payments <span class="label">Production</span>',
      '1111-2222-3333',
      '<small>Viewer</small>',
      '<span class="state">Opened</span>',
      '1 h, by “platform team”',
      '203.0.113.24',
      'REQ-ada',
      'opening-1',
      'ada@example.com',
      'ASIAEXAMPLE',
    ]) {
      assert.ok(row.includes(text), `${text} in ${row}`)
    }
  })

  it('tells what was refused and why, and what failed and why', async (t) => {
    const broker = await startBroker(t)
    const record = (more: Partial<AuditEvent>) => broker.storage.trail.record(eventBy('eve', more))
    await record({ type: 'console.denied', reason: 'not-assigned' })
    await record({ type: 'console.failed', details: { problem: 'aws-unavailable' } })
    await record({ type: 'sign-in.refused', reason: 'groups-overage' })
    const page = await (await broker.signedIn('sam')).visit('/audit?q=eve')
    const [overage = '', failed = '', denied = ''] = rowsIn(page.body)
    assert.match(denied, /state bad">Refused<\/span><small>Not held</)
    assert.match(failed, /state bad">Failed<\/span><small>[^<]*AWS/)
    assert.match(overage, /state bad">Refused<\/span><small>Your groups did not fit/)
  })

  it('shows names as text, however they are written', async (t) => {
    const broker = await startBroker(t)
    await broker.storage.trail.record(eventBy('<script>alert(1)</script>'))
    const page = await (await broker.signedIn('sam')).visit('/audit')
    assert.ok(!page.body.includes('<script>alert'))
    assert.ok(page.body.includes('&lt;script&gt;alert(1)&lt;/script&gt;'))
  })

  it('speaks Japanese to whoever reads it', async (t) => {
    const broker = await startBroker(t)
    const page = await (
      await broker.signedIn('sam')
    ).visit('/audit', { headers: { 'accept-language': 'ja' } })
    assert.match(page.body, /<html lang="ja">/)
    assert.match(page.body, /<h1>監査<\/h1>/)
    assert.match(page.body, /サインイン/)
  })

  it('filters by person, account, role, event, outcome and day, each alone and all together', async (t) => {
    const broker = await startBroker(t)
    await broker.storage.trail.record(eventBy('ada'))
    await broker.storage.trail.record(
      eventBy('bob', { accountId: '111122224444', account: 'staging', permissionSet: 'Admin' }),
    )
    broker.advance(86_400)
    const auditor = await broker.signedIn('sam')
    await broker.storage.trail.record(eventBy('carl', { type: 'console.denied' }))
    const found = async (query: string) => {
      const page = await auditor.visit(`/audit?${query}`)
      assert.equal(page.statusCode, 200, query)
      return rowsIn(page.body).map((row) => /<a href="[^"]*">([^<]*)</.exec(row)?.[1])
    }
    assert.deepEqual(await found('q=BOB'), ['bob'])
    assert.deepEqual(await found('q=REQ-ada'), ['ada'])
    const key = encodeURIComponent('company https://login.example.com u-carl')
    assert.deepEqual(await found(`person=${key}`), ['carl'])
    assert.deepEqual(await found('account=staging'), ['bob'])
    assert.deepEqual(await found('account=1111-2222-4444'), ['bob'])
    assert.deepEqual(await found('permissionSet=Admin'), ['bob'])
    assert.deepEqual(await found('type=console.denied'), ['carl'])
    assert.deepEqual(await found('outcome=refused'), ['carl'])
    assert.deepEqual(await found('until=2026-11-25'), ['bob', 'ada'])
    assert.deepEqual(await found('from=2026-11-26'), ['carl', 'sam@example.com'])
    assert.deepEqual(await found('from=2026-11-26T18:00:00%2B09:00&account=prod'), ['carl'])
    assert.deepEqual(await found('q=ada&account=staging'), [])
    const form = 'q=&person=&account=&permissionSet=&type=&outcome=&from=&until=&before='
    assert.equal((await found(form)).length, 4, 'a form sends its empty fields too')
  })

  it('refuses what is no day, no event and no outcome, rather than show something else', async (t) => {
    const broker = await startBroker(t)
    const auditor = await broker.signedIn('sam')
    for (const query of [
      'from=yesterday',
      'until=2026-02-30',
      'from=2026-11-25T09:00',
      'type=console.everything',
      'outcome=good',
      'before=x',
      'q=a&q=b',
    ]) {
      assert.equal((await auditor.visit(`/audit?${query}`)).statusCode, 400, query)
    }
  })

  it('leads from page to page through every record once, newest first, keeping the filter', async (t) => {
    const broker = await startBroker(t)
    await recordMany(broker, 120)
    const auditor = await broker.signedIn('sam')
    const seen: string[] = []
    let path: string | null = '/audit?account=prod'
    let pages = 0
    while (path !== null) {
      const { body } = await auditor.visit(path)
      seen.push(...[...body.matchAll(/REQ-person-(\d+)</g)].map(([, number = '']) => number))
      path = hrefIn(body, 'Older entries')
      if (path !== null) assert.match(path, /account=prod/)
      pages += 1
    }
    assert.equal(pages, 3)
    const expected = Array.from({ length: 120 }, (_, index) => String(119 - index))
    assert.deepEqual(seen, expected)
  })

  it('keeps the filter in the fields, in the exports and through the language switch', async (t) => {
    const broker = await startBroker(t)
    const auditor = await broker.signedIn('sam')
    const { body } = await auditor.visit('/audit?q=x%22y&outcome=refused&from=2026-11-01')
    assert.match(body, /name="q" value="x&quot;y"/)
    assert.match(body, /<option value="refused" selected>/)
    assert.match(body, /name="from" type="date" value="2026-11-01"/)
    const filter = '?q=x%22y&outcome=refused&from=2026-11-01'
    assert.equal(hrefIn(body, 'Export CSV'), `/audit.csv${filter}`)
    assert.equal(hrefIn(body, 'Export JSON lines'), `/audit.jsonl${filter}`)
    assert.equal(hrefIn(body, 'Clear the filter'), '/audit')
    assert.match(hrefIn(body, '日本語') ?? '', /outcome%3Drefused/)
  })
})

describe('the seal of the chain', () => {
  it('appears once the chain was verified, which no visitor waits for', async (t) => {
    const verification = Promise.withResolvers<ChainVerdict>()
    const broker = await startBroker(t, { wrapStorage: verifying(() => verification.promise) })
    const auditor = await broker.signedIn('sam')
    const before = await auditor.visit('/audit')
    assert.match(before.body, /The chain is being verified/)
    verification.resolve({
      outcome: 'intact',
      records: 18_204,
      lastHash: '9f3c41d807be'.padEnd(64),
    })
    await turns(3)
    const after = await auditor.visit('/audit')
    assert.match(after.body, /class="seal"/)
    assert.match(after.body, /18,204 entries, none missing/)
    assert.match(after.body, /9f3c 41d8 07be/)
  })

  it('is renewed every five minutes and no sooner, since verifying reads every record', async (t) => {
    let verifications = 0
    const verify = async (): Promise<ChainVerdict> => {
      verifications += 1
      return { outcome: 'intact', records: 1, lastHash: '' }
    }
    const broker = await startBroker(t, { wrapStorage: verifying(verify) })
    const auditor = await broker.signedIn('sam')
    await auditor.visit('/audit')
    broker.advance(299)
    await auditor.visit('/audit')
    assert.equal(verifications, 1)
    broker.advance(1)
    await auditor.visit('/audit')
    assert.equal(verifications, 2)
  })

  it('gives way to a note that names the first record that is wrong', async (t) => {
    const verify = async (): Promise<ChainVerdict> => ({
      outcome: 'broken',
      sequence: 42,
      problem: 'changed',
    })
    const broker = await startBroker(t, { wrapStorage: verifying(verify) })
    const auditor = await broker.signedIn('sam')
    await auditor.visit('/audit')
    await turns(3)
    const { body } = await auditor.visit('/audit')
    assert.doesNotMatch(body, /class="seal"/)
    assert.match(body, /Entry 42 is not as it was written/)
  })

  it('stays as it was where the store cannot be read, and the page with it', async (t) => {
    const verify = async (): Promise<ChainVerdict> => {
      throw new Problem('trail-unavailable')
    }
    const broker = await startBroker(t, { wrapStorage: verifying(verify) })
    const auditor = await broker.signedIn('sam')
    await auditor.visit('/audit')
    await turns(3)
    assert.equal((await auditor.visit('/audit')).statusCode, 200)
    assert.ok(broker.logLines.some((line) => line.includes('could not be verified')))
  })
})

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
    const { statusCode, stream } = await streamed(broker, auditor.cookies, '/audit.jsonl')
    assert.equal(statusCode, 200)

    const start = heapInUse()
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
    assert.ok(read < 1_500, `${read} records were read for nobody`)
    let bytes = 0
    for await (const chunk of reader) bytes += chunk.length
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
