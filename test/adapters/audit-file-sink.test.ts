import assert from 'node:assert/strict'
import { appendFile, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createFileSink } from '#adapters/audit-sinks/file-sink.ts'
import { deliverPending } from '#adapters/audit-sinks/sink-worker.ts'
import { chainStart, verifyLink } from '#domain/audit-chain.ts'
import { never, prepare, upTo } from './audit-sink-bench.ts'

async function sequencesIn(path: string): Promise<number[]> {
  const lines = (await readFile(path, 'utf8')).split('\n')
  assert.equal(lines.pop(), '', 'the last line is whole')
  return lines.map((line) => JSON.parse(line).sequence)
}

describe('a file of JSON lines', () => {
  it('holds the whole trail in order, and its chain can be checked from the file alone', async (t) => {
    const { storage, folder, record } = await prepare(t)
    const path = join(folder, 'audit.jsonl')
    const sink = createFileSink(path)
    await record(250)
    await deliverPending(sink, storage.trail, never)
    await record(3)
    await deliverPending(sink, storage.trail, never)
    await sink.close()

    let previous = chainStart
    for (const line of (await readFile(path, 'utf8')).trimEnd().split('\n')) {
      const read = JSON.parse(line)
      assert.equal(verifyLink(previous, { ...read, at: new Date(read.at) }), null)
      previous = read
    }
    assert.equal(previous.sequence, 253)
    assert.equal((await stat(path)).mode & 0o777, 0o600, 'for the owner only')
  })

  it('goes on where it stopped after a restart, without a record twice', async (t) => {
    const { storage, folder, record } = await prepare(t)
    const path = join(folder, 'audit.jsonl')
    for (const _start of [1, 2, 3]) {
      await record(5)
      const sink = createFileSink(path)
      await deliverPending(sink, storage.trail, never)
      await sink.close()
    }
    assert.deepEqual(await sequencesIn(path), upTo(15))
  })

  it('begins a new file after a rotation, and goes on in it after a restart', async (t) => {
    const { storage, folder, record } = await prepare(t)
    const path = join(folder, 'audit.jsonl')
    const sink = createFileSink(path)
    await record(4)
    await deliverPending(sink, storage.trail, never)
    await rename(path, `${path}.1`)
    await record(3)
    await deliverPending(sink, storage.trail, never)
    await sink.close()
    assert.deepEqual(await sequencesIn(`${path}.1`), upTo(4))
    assert.deepEqual(await sequencesIn(path), upTo(7, 5))

    await rename(path, `${path}.2`)
    await record(2)
    const restarted = createFileSink(path)
    await deliverPending(restarted, storage.trail, never)
    await restarted.close()
    assert.deepEqual(await sequencesIn(path), upTo(9, 8))
  })

  it('mends half a line, as a crash or a full disk leaves it', async (t) => {
    const { storage, folder, record } = await prepare(t)
    const path = join(folder, 'audit.jsonl')
    await record(3)
    const first = createFileSink(path)
    await deliverPending(first, storage.trail, never)
    await first.close()
    // The third line went half to disk, and the position had not been written.
    await truncate(path, (await stat(path)).size - 20)
    await writeFile(`${path}.position`, '2\n')
    const restarted = createFileSink(path)
    await deliverPending(restarted, storage.trail, never)
    await restarted.close()
    assert.deepEqual(await sequencesIn(path), upTo(3))
  })

  it('repeats nothing where the process died between the line and the position', async (t) => {
    const { storage, folder, record } = await prepare(t)
    const path = join(folder, 'audit.jsonl')
    await record(3)
    const first = createFileSink(path)
    await deliverPending(first, storage.trail, never)
    await first.close()
    await writeFile(`${path}.position`, '1\n')
    await record(1)
    const restarted = createFileSink(path)
    await deliverPending(restarted, storage.trail, never)
    await restarted.close()
    assert.deepEqual(await sequencesIn(path), upTo(4))
  })

  it('refuses to write into a file that is not its own', async (t) => {
    const { storage, folder, record } = await prepare(t)
    const path = join(folder, 'notes.txt')
    await appendFile(path, 'dear diary\n')
    await record(1)
    const sink = createFileSink(path)
    await assert.rejects(deliverPending(sink, storage.trail, never))
    await sink.close()
    assert.equal(await readFile(path, 'utf8'), 'dear diary\n')
  })

  it('fails aloud where the trail is older than the file: its sequences would come twice', async (t) => {
    const { storage, folder, record } = await prepare(t)
    const path = join(folder, 'audit.jsonl')
    await writeFile(`${path}.position`, '9\n')
    await record(3)
    const sink = createFileSink(path)
    await assert.rejects(deliverPending(sink, storage.trail, never), /ends at 3/)
    await sink.close()
  })
})
