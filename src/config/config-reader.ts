/** Reads a config in a thread of its own: while a large one is parsed, everybody else is served. */
import { Worker } from 'node:worker_threads'
import type { ConfigReading, LoadOptions } from './load.ts'

/** A secret file on a share that hangs must not keep every later change from being read. */
const longestMilliseconds = 60_000

export type ReaderInput = Pick<LoadOptions, 'path' | 'environment'>

/**
 * As `readConfig`, and like it never an error: what the thread dies of is a problem too. Nobody waits
 * for it after `signal`.
 */
export async function readConfigApart(
  { path, environment }: ReaderInput,
  signal: AbortSignal,
): Promise<ConfigReading> {
  const input: ReaderInput = { path, environment: { ...environment } }
  const thread = new Worker(new URL('config-reader-thread.ts', import.meta.url), {
    workerData: input,
  })
  const { promise, resolve } = Promise.withResolvers<ConfigReading>()
  const giveUp = (why: string) => {
    const message = `the file cannot be read: ${why}`
    resolve({ outcome: 'refused', problems: [{ line: 1, column: 1, path: '', message }] })
  }
  const timer = setTimeout(() => giveUp('it took too long'), longestMilliseconds)
  const stop = () => giveUp('the broker is stopping')
  signal.addEventListener('abort', stop)
  thread.once('message', resolve)
  thread.once('error', (error) => giveUp(error instanceof Error ? error.message : 'it failed'))
  thread.once('exit', () => giveUp('its thread ended'))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    thread.unref()
    void thread.terminate()
  }
}
