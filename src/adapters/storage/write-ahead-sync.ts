/**
 * Makes SQLite's commits durable without stopping the event loop. The connection commits with
 * `synchronous = NORMAL`, which leaves one thing out that `FULL` does: syncing the write-ahead log
 * after each commit (sqlite.org/pragma.html#pragma_synchronous). That is done here, in the thread
 * pool, once for everybody who waits; a commit is acknowledged afterwards and not before.
 */
import { closeSync, fdatasync, openSync, realpathSync } from 'node:fs'
import { promisify } from 'node:util'

export interface WriteAheadSync {
  /**
   * Resolves when everything committed until now survives a power cut. After one failure all
   * later ones fail: what the disk holds is known again only after a restart.
   */
  durable(): Promise<void>
  /** Throws what a sync has failed with. */
  requireSound(): void
  /** To be called when the connection is closed: until then the log may be written. */
  close(): Promise<void>
}

export interface DiskOptions {
  readonly sync: (descriptor: number) => Promise<void>
  /** A disk that takes longer is a broken one: better to say so than to let everybody wait. */
  readonly longestMilliseconds: number
}

const realDisk: DiskOptions = { sync: promisify(fdatasync), longestMilliseconds: 10_000 }

/** For a database at `path`, in WAL mode and open. SQLite holds no lock on its log by a descriptor. */
export function openWriteAheadSync(
  path: string,
  { sync, longestMilliseconds }: DiskOptions = realDisk,
): WriteAheadSync {
  // The log lies beside the file itself, wherever a link to it does.
  const descriptor = openSync(`${realpathSync(path)}-wal`, 'r+')
  let underWay: Promise<void> = Promise.resolve()
  let following: Promise<void> | null = null
  let failure: Error | null = null

  const requireSound = () => {
    if (failure) throw failure
  }
  async function syncAfter(earlier: Promise<void>): Promise<void> {
    await earlier
    following = null
    underWay = syncInTime().catch((error: unknown) => {
      failure = error instanceof Error ? error : new Error('unknown failure')
      throw failure
    })
    return underWay
  }
  async function syncInTime(): Promise<void> {
    const late = Promise.withResolvers<never>()
    const tooLate = () => late.reject(new Error('the disk does not answer'))
    const timer = setTimeout(tooLate, longestMilliseconds)
    try {
      await Promise.race([sync(descriptor), late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    async durable() {
      requireSound()
      // The one under way may have begun before this commit.
      following ??= syncAfter(underWay)
      return following
    },
    requireSound,
    async close() {
      await Promise.allSettled([underWay, following])
      closeSync(descriptor)
    },
  }
}

/** A database in memory has nothing to lose. */
export const nothingToSync: WriteAheadSync = {
  durable: () => Promise.resolve(),
  requireSound: () => undefined,
  close: () => Promise.resolve(),
}
