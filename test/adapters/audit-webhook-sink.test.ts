import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { openAuditSinks } from '#adapters/audit-sinks/open-audit-sinks.ts'
import { deliverPending, pauseAfter, type AuditSink } from '#adapters/audit-sinks/sink-worker.ts'
import { eventOf, never, prepare, upTo, type SinkBench } from './audit-sink-bench.ts'

/** What came, and what is answered next: the first answers given, then always 200. */
async function startReceiver(t: TestContext, answers: number[] = []) {
  const batches: number[][] = []
  const requests: IncomingMessage[] = []
  const waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const status = answers.shift() ?? 200
      requests.push(request)
      if (status === 200) {
        const { records } = JSON.parse(body)
        batches.push(records.map(({ sequence }: { sequence: number }) => sequence))
      }
      response.writeHead(status, status === 307 ? { location: '/elsewhere' } : {})
      response.end('thanks')
      for (const wake of waiting.splice(0)) wake()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook?token=s3cret`,
    batches,
    requests,
    taken: () => batches.flat(),
    async until(isEnough: () => boolean) {
      while (!isEnough()) await new Promise<void>((resolve) => waiting.push(resolve))
    },
  }
}

/** Starts the worker with pauses that last one turn of the event loop, and remembers them. */
function open(
  t: TestContext,
  { storage, clock }: SinkBench,
  webhook: string | null,
  file?: string,
) {
  const pauses: number[] = []
  const failures: string[] = []
  const logged: { facts: object; message: string }[] = []
  const log = (facts: object, message: string) => void logged.push({ facts, message })
  const sinks = openAuditSinks({
    file: file ?? null,
    webhook,
    storage,
    clock: () => clock.now,
    product: 'Sekisho/test',
    log: { error: log, info: log },
    onFailure: (sink) => void failures.push(sink),
    pause(milliseconds, signal) {
      pauses.push(milliseconds)
      return new Promise((resolve) => {
        const immediate = setImmediate(resolve)
        signal.addEventListener('abort', () => (clearImmediate(immediate), resolve()))
      })
    },
  })
  let isClosed = false
  const close = async () => {
    if (!isClosed) await sinks.close()
    isClosed = true
  }
  t.after(close)
  return { pauses, failures, logged, close }
}

describe('a webhook', () => {
  it('gets every record in order, as JSON, and those that come later', async (t) => {
    const bench = await prepare(t)
    const receiver = await startReceiver(t)
    await bench.record(230)
    const sinks = open(t, bench, receiver.url)
    await receiver.until(() => receiver.taken().length === 230)
    await bench.record(2)
    await receiver.until(() => receiver.taken().length === 232)
    await sinks.close()
    assert.deepEqual(receiver.taken(), upTo(232))
    assert.deepEqual(
      receiver.batches.slice(0, 3).map((batch) => batch.length),
      [100, 100, 30],
    )
    const { method, headers } = receiver.requests[0] ?? {}
    assert.equal(method, 'POST')
    assert.equal(headers?.['content-type'], 'application/json')
    assert.equal(headers?.['user-agent'], 'Sekisho/test')
  })

  it('that fails is tried again, less and less often, until it has everything', async (t) => {
    const bench = await prepare(t)
    const receiver = await startReceiver(t, [500, 403, 307, 503])
    await bench.record(3)
    const sinks = open(t, bench, receiver.url)
    await receiver.until(() => receiver.taken().length === 3)
    await sinks.close()
    assert.deepEqual(receiver.taken(), upTo(3))
    assert.deepEqual(sinks.pauses.slice(0, 4), [1_000, 2_000, 4_000, 8_000])
    assert.deepEqual(sinks.failures, ['webhook', 'webhook', 'webhook', 'webhook'])
    assert.equal(receiver.requests[3]?.url, '/hook?token=s3cret', 'no redirect was followed')
  })

  it('is not lost sight of while nobody listens, and its address is in no log line', async (t) => {
    const bench = await prepare(t)
    await bench.record(1)
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const sinks = open(t, bench, `http://127.0.0.1:${port}/hook?token=s3cret`)
    while (sinks.failures.length < 2) await new Promise(setImmediate)
    await sinks.close()
    const said = sinks.logged
      .map(
        ({ facts, message }) => message + JSON.stringify(facts) + String(Reflect.get(facts, 'err')),
      )
      .join('\n')
    assert.match(said, /no connection/)
    assert.doesNotMatch(said, /s3cret|127\.0\.0\.1/)
  })

  it('goes on after a restart where it stopped, from what the store remembers', async (t) => {
    const bench = await prepare(t)
    const receiver = await startReceiver(t)
    for (const total of [4, 8]) {
      await bench.record(4)
      const sinks = open(t, bench, receiver.url)
      await receiver.until(() => receiver.taken().length >= total)
      await sinks.close()
      // The lease of the one that stopped runs out.
      bench.clock.now = new Date(bench.clock.now.getTime() + 30_000)
    }
    assert.deepEqual(receiver.taken(), upTo(8))
  })

  it('is served by one of several replicas at a time, and by another when that one stops', async (t) => {
    const bench = await prepare(t)
    const receiver = await startReceiver(t)
    await bench.record(3)
    const replicas = [open(t, bench, receiver.url), open(t, bench, receiver.url)]
    await receiver.until(() => receiver.taken().length === 3)
    while (replicas.some(({ pauses }) => pauses.length < 3)) await new Promise(setImmediate)
    assert.deepEqual(receiver.taken(), upTo(3))
    await replicas[0]?.close()
    bench.clock.now = new Date(bench.clock.now.getTime() + 30_000)
    await bench.record(2)
    await receiver.until(() => receiver.taken().length === 5)
    await replicas[1]?.close()
    assert.deepEqual(receiver.taken(), upTo(5))
  })

  it('does not stop at the file beside it, nor the file at it', async (t) => {
    const bench = await prepare(t)
    const receiver = await startReceiver(t)
    await bench.record(2)
    const path = join(bench.folder, 'no-such-folder', 'audit.jsonl')
    const sinks = open(t, bench, receiver.url, path)
    await receiver.until(() => receiver.taken().length === 2)
    while (sinks.failures.length < 1) await new Promise(setImmediate)
    await sinks.close()
    assert.ok(sinks.failures.every((sink) => sink === 'file'))
  })
})

describe('a delivery', () => {
  it('steps over records that somebody removed from the trail, however many', async () => {
    const taken: number[] = []
    const sink: AuditSink = {
      name: 'file',
      mayDeliver: async () => true,
      position: async () => taken.at(-1) ?? 0,
      deliver: async (records) => void taken.push(...records.map(({ sequence }) => sequence)),
      close: async () => {},
    }
    const sequences = [1, 2, 400, 401]
    await deliverPending(
      sink,
      {
        async search({ before = Infinity }, size) {
          const found = sequences.filter((sequence) => sequence < before).toReversed()
          const records = found.slice(0, size).map((sequence) => ({
            ...eventOf(sequence),
            sequence,
            at: new Date(0),
            previousHash: '',
            hash: '',
          }))
          return { records, next: null }
        },
      },
      never,
    )
    assert.deepEqual(taken, sequences)
  })

  it('waits longer after each failure, and five minutes at most', () => {
    assert.deepEqual([0, 1, 2, 3].map(pauseAfter), [2_000, 1_000, 2_000, 4_000])
    assert.equal(pauseAfter(60), 300_000)
  })
})
