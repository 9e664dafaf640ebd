/**
 * Makes SQLite's commits durable without stopping the event loop. The connection commits with
 * `synchronous = NORMAL`, which leaves one thing out that `FULL` does: syncing the write-ahead log
 * after each commit (sqlite.org/pragma.html#pragma_synchronous). That is done here, in the thread
 * pool, once for everybody who waits; a commit is acknowledged afterwards and not before.
 */
import { closeSync, fdatasync, openSync } from 'node:fs'
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

export type SyncFile = (descriptor: number) => Promise<void>

/** For a database at `path`, in WAL mode and open. SQLite holds no lock on its log by a descriptor. */
export function openWriteAheadSync(
  path: string,
  sync: SyncFile = promisify(fdatasync),
): WriteAheadSync {
  const descriptor = openSync(`${path}-wal`, 'r+')
  let underWay: Promise<void> = Promise.resolve()
  let following: Promise<void> | null = null
  let failure: Error | null = null

  const requireSound = () => {
    if (failure) throw failure
  }
  async function syncAfter(earlier: Promise<void>): Promise<void> {
    await earlier
    following = null
    underWay = sync(descriptor).catch((error: unknown) => {
      failure = error instanceof Error ? error : new Error('unknown failure')
      throw failure
    })
    return underWay
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
