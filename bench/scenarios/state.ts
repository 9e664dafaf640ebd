/** The store: sessions, the trail's appends, and the trail at size, on both databases. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { jsonLine } from '#domain/audit-lines.ts'
import type { AuditQuery, Storage } from '#ports'
import { recordsOnPage } from '#features/audit/audit-routes.ts'
import { startPostgres } from '../../test/support/postgres.ts'
import { accountSlug } from '../bench-config.ts'
import { columns, inRounds, quantile, type Bench, type Figure, type Scenario } from '../figure.ts'
import { clickHeaders } from '../load.ts'
import { mintSession } from '../minted-session.ts'
import { fetchPage } from '../page-bytes.ts'
import { startPlant } from '../plant.ts'
import { sampleEvent } from '../sample-event.ts'

export const state: Scenario = {
  name: 'state',
  title: 'State',
  async run(bench) {
    await using parts = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'sekisho-bench-'))
    parts.defer(() => rm(folder, { recursive: true, force: true }))
    const sync = await inRounds(bench.isQuick ? 1 : 5, async () => timeOfSync(folder))
    const figures: Figure[] = [
      { what: 'this disk: 4 kB written and synced, p50', unit: 'ms', samples: sync },
    ]
    const postgres = await startPostgres()
    parts.defer(() => postgres.stop())
    const stores = [
      { name: 'SQLite', url: `sqlite:${join(folder, 'state.db')}` },
      // fsync is off in this one: it shows the program's share, not the disk's.
      { name: 'PostgreSQL', url: await postgres.createDatabase() },
    ]
    for (const { name, url } of stores) {
      bench.say(`  ${name}`)
      figures.push(...(await small(bench, name, url, sync)), ...(await atSize(bench, name, url)))
    }
    return figures
  },
}

/** What every durable write costs at least here. */
function timeOfSync(folder: string): number {
  const file = openSync(join(folder, 'sync'), 'w')
  const page = Buffer.alloc(4096)
  const times = Array.from({ length: 30 }, () => {
    const began = performance.now()
    writeSync(file, page)
    fsyncSync(file)
    return performance.now() - began
  })
  closeSync(file)
  return quantile(times, 0.5)
}

async function small(
  { isQuick }: Bench,
  name: string,
  url: string,
  sync: readonly number[],
): Promise<Figure[]> {
  await using parts = new AsyncDisposableStack()
  const storage = await openStorage(url, { clock: () => new Date() })
  parts.defer(() => storage.close())
  const seconds = isQuick ? 0.5 : 2
  let index = 0
  const read = await sessionReader(storage)
  const rounds = await inRounds(isQuick ? 1 : 3, async () => ({
    reads: await perSecond(20, seconds, read),
    writes: await perSecond(20, seconds, () => mintSession(storage.sessions)),
    appends: await perSecond(1, seconds, () => storage.trail.record(sampleEvent(index++))),
    appendsAtOnce: await perSecond(100, seconds, () => storage.trail.record(sampleEvent(index++))),
  }))
  const of = columns(rounds)
  const yardstick = {
    what: 'syncs /s of this disk',
    samples: sync.map((milliseconds) => 1000 / milliseconds),
  }
  const named = (what: string) => ({ what: `${name}: ${what}`, unit: '/s' })
  return [
    { ...named('session reads, 20 at once'), samples: of('reads') },
    { ...named('session writes, 20 at once'), samples: of('writes'), yardstick },
    { ...named('trail appends, one after the other'), samples: of('appends'), yardstick },
    { ...named('trail appends, 100 at once'), samples: of('appendsAtOnce'), yardstick },
  ]
}

async function sessionReader({ sessions }: Storage): Promise<() => Promise<unknown>> {
  const ids = Array.from({ length: 500 }, (_, index) => `session-${index}`)
  const expiresAt = new Date(Date.now() + 3_600_000)
  const stored = { data: 'x'.repeat(2_000), principalKey: 'p', providerSession: null, expiresAt }
  for (const id of ids) await sessions.write(id, stored, new Date())
  let next = 0
  return () => sessions.read(ids[next++ % ids.length] ?? '', new Date())
}

async function perSecond(
  atOnce: number,
  seconds: number,
  work: () => Promise<unknown>,
): Promise<number> {
  const began = performance.now()
  const ends = began + seconds * 1000
  let count = 0
  const workInTurn = async () => {
    while (performance.now() < ends) {
      await work()
      count += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, workInTurn))
  return (count * 1000) / (performance.now() - began)
}

async function atSize(bench: Bench, name: string, url: string): Promise<Figure[]> {
  const figures: Figure[] = []
  let filled = 0
  for (const size of bench.isQuick ? [5_000, 20_000] : [10_000, 100_000, 1_000_000]) {
    bench.say(`    ${size.toLocaleString('en')} records`)
    await fill(url, filled, size)
    filled = size
    figures.push(...(await readTrail(bench, url, name, size)))
  }
  return figures
}

async function fill(url: string, from: number, to: number): Promise<void> {
  const storage = await openStorage(url, { clock: () => new Date() })
  for (let index = from; index < to; index += 2_000) {
    const batch = Array.from({ length: Math.min(2_000, to - index) }, (_, offset) =>
      storage.trail.record(sampleEvent(index + offset)),
    )
    await Promise.all(batch)
  }
  await storage.close()
}

/** The store's own answers, and what they are as pages of the broker. */
async function readTrail(
  bench: Bench,
  store: string,
  database: string,
  size: number,
): Promise<Figure[]> {
  const name = `${database}, ${size.toLocaleString('en')} records`
  const isLargest = size === 1_000_000
  const storage = await openStorage(store, { clock: () => new Date() })
  const search = (query: AuditQuery) => () => storage.trail.search(query, recordsOnPage)
  const searches = {
    'newest 50': search({}),
    'by type and account': search({ type: 'console.opened', account: accountSlug(7) }),
    'by part of a name': search({ text: 'person-77@' }),
    'a text that is nowhere': search({ text: 'nobody-by-that-name' }),
  }
  const figures: Figure[] = []
  for (const [what, run] of Object.entries(searches)) {
    await run()
    const samples = await inRounds(bench.isQuick ? 3 : 9, () => timeOf(run))
    figures.push({ what: `${name}: search, ${what}`, unit: 'ms', samples })
  }
  // Once more through a million would say nothing new.
  const streamed = isLargest ? null : await timeOf(() => lengthOf(storage))
  await storage.close()
  return [...figures, ...(await readPages(bench, name, store, streamed))]
}

/** As an auditor sees it: the export's yardstick is the store's own stream. */
async function readPages(
  { isQuick }: Bench,
  name: string,
  store: string,
  streamed: number | null,
): Promise<Figure[]> {
  await using parts = new AsyncDisposableStack()
  const plant = await startPlant({ size: { accounts: 200, permissionSets: 10 }, store, aws: false })
  parts.defer(() => plant.stop())
  const headers = { ...clickHeaders, cookie: plant.cookie }
  const take = (path: string) => () => fetchPage(`${plant.broker.ready.url}${path}`, headers)
  await take('/audit')()
  return [
    {
      what: `${name}: audit page`,
      unit: 'ms',
      samples: await inRounds(isQuick ? 3 : 9, () => timeOf(take('/audit'))),
    },
    {
      what: `${name}: whole export as JSON lines`,
      unit: 's',
      samples: [(await timeOf(take('/audit.jsonl'))) / 1000],
      ...(streamed !== null && {
        yardstick: { what: 's to stream it from the store', samples: [streamed / 1000] },
      }),
    },
  ]
}

/** Milliseconds. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function lengthOf(storage: Storage): Promise<number> {
  let length = 0
  for await (const record of storage.trail.stream({})) length += jsonLine(record).length
  return length
}
