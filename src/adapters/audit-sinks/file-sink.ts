/**
 * A file of JSON lines beside the store. Every replica keeps a whole one of its own. The file itself
 * says how far it has come; a second small file does so after a rotation has begun an empty one.
 */
import { open, readFile, rename, stat, writeFile, type FileHandle } from 'node:fs/promises'
import { jsonLine } from '#domain/audit-lines.ts'
import type { AuditSink } from './sink-worker.ts'

/** Names of people are in it: for the owner only. */
const mode = 0o600
/** Longer than any record: the last line is looked for in it. */
const tailBytes = 1_048_576
const newline = 10

/** `path` is absolute; its folder exists. Opened at the first delivery. */
export function createFileSink(path: string): AuditSink {
  const positionPath = `${path}.position`
  let handle: FileHandle | null = null
  let position: number | null = null

  /** Follows a rotation: a file that was renamed away is finished, and a new one begins. */
  async function current(): Promise<FileHandle> {
    if (handle !== null && !(await isStillAt(handle, path))) await release()
    handle ??= await open(path, 'a+', mode)
    return handle
  }

  async function release(): Promise<void> {
    const old = handle
    handle = null
    await old?.close()
  }

  return {
    name: 'file',
    mayDeliver: async () => true,
    async position() {
      position ??= Math.max(await recoverFile(await current()), await readPosition(positionPath))
      return position
    },
    async deliver(records) {
      const last = records.at(-1)
      if (!last) return
      try {
        const file = await current()
        await file.appendFile(records.map(jsonLine).join(''))
        await file.datasync()
        await writePosition(positionPath, last.sequence)
        position = last.sequence
      } catch (error) {
        // A full disk may have taken half a line: found and mended before the next attempt.
        position = null
        await release().catch(() => undefined)
        throw error
      }
    },
    close: release,
  }
}

async function isStillAt(handle: FileHandle, path: string): Promise<boolean> {
  const [opened, there] = await Promise.all([handle.stat(), stat(path).catch(() => null)])
  return there !== null && there.ino === opened.ino && there.dev === opened.dev
}

/** Cuts off half a line, as a crash leaves it, and gives the sequence of the last whole one, or 0. */
async function recoverFile(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat()
  const start = Math.max(0, size - tailBytes)
  const tail = Buffer.alloc(size - start)
  await handle.read(tail, 0, tail.length, start)
  const end = tail.lastIndexOf(newline) + 1
  if (end === 0 && start > 0) throw new Error('the end of the file holds no line of this program')
  if (end < tail.length) await handle.truncate(start + end)
  const begin = end < 2 ? 0 : tail.lastIndexOf(newline, end - 2) + 1
  return end === 0 ? 0 : sequenceIn(tail.toString('utf8', begin, end))
}

function sequenceIn(line: string): number {
  const record: unknown = JSON.parse(line)
  const sequence: unknown =
    typeof record === 'object' && record !== null ? Reflect.get(record, 'sequence') : null
  if (typeof sequence !== 'number') throw new Error('the last line of the file is no record')
  return sequence
}

async function readPosition(path: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '0'
    throw error
  })
  const position = Number(text.trim())
  if (!Number.isSafeInteger(position) || position < 0) throw new Error('the position is unreadable')
  return position
}

/** Whole or not at all: a rename within one folder is atomic (POSIX). */
async function writePosition(path: string, position: number): Promise<void> {
  await writeFile(`${path}.new`, `${position}\n`, { mode })
  await rename(`${path}.new`, path)
}
