/**
 * The config in force, which a changed file replaces while the broker runs.
 * Owns: when the file is looked at again, and which parts a running process cannot change.
 */
import { createHash } from 'node:crypto'
import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Settings } from '#domain/settings.ts'
import type { RunningConfig } from '#ports'
import { readConfigApart } from './config-reader.ts'
import { settingsFrom, type LoadOptions, type LoadResult } from './load.ts'

export type ConfigChange =
  | (Extract<LoadResult, { outcome: 'loaded' }> & {
      /** Changed parts that stay as they were until the next start, such as `listen`. */
      readonly needsRestart: readonly string[]
    })
  | Extract<LoadResult, { outcome: 'refused' }>

export interface WatchOptions extends Pick<LoadOptions, 'path' | 'environment'> {
  readonly initial: Settings
  /** Hears of every changed file, taken over or refused. */
  readonly onChange: (change: ConfigChange) => void
}

export interface WatchedConfig extends RunningConfig {
  /** Looks at the file now, changed or not, as for SIGHUP; resolves once it is taken over or refused. */
  reload(): Promise<ConfigChange>
  /** Nothing is heard after this. */
  close(): void
}

/** Editors and Kubernetes write in several steps, which belong together. */
const settlingMilliseconds = 100

export function watchConfig(options: WatchOptions): WatchedConfig {
  const { path, environment, initial, onChange } = options
  const atStart = initial
  let current = initial
  let lastSeen = initial.fingerprint
  const closing = new AbortController()
  let timer: NodeJS.Timeout | null = null
  let queue: Promise<unknown> = Promise.resolve()

  async function load(isForced: boolean): Promise<ConfigChange | null> {
    const bytes = await readFile(path).catch(() => null)
    const fingerprint = bytes === null ? '' : createHash('sha256').update(bytes).digest('hex')
    if (closing.signal.aborted || (!isForced && fingerprint === lastSeen)) return null
    lastSeen = fingerprint
    const loaded = settingsFrom(path, await readConfigApart({ path, environment }, closing.signal))
    const change = loaded.outcome === 'loaded' ? takenOver(loaded, atStart) : loaded
    if (closing.signal.aborted) return change
    if (change.outcome === 'loaded') current = change.settings
    onChange(change)
    return change
  }

  /** One at a time, so that an older file cannot overtake a newer one. */
  function enqueue<Result>(task: () => Promise<Result>): Promise<Result> {
    const done = queue.then(task)
    queue = done.catch(() => {})
    return done
  }

  const watcher = watchFolder(path, () => {
    timer ??= setTimeout(() => {
      timer = null
      void enqueue(() => load(false)).catch(() => {})
    }, settlingMilliseconds)
  })

  return {
    current: () => current,
    reload: () => enqueue(async () => (await load(true)) ?? { outcome: 'refused', problems: [] }),
    close() {
      closing.abort()
      if (timer) clearTimeout(timer)
      watcher.close()
    },
  }
}

/**
 * The folder and not the file: a rename onto the file leaves a watch on the old one behind.
 * Kubernetes swaps the link `..data` beside it, and says nothing of the file itself.
 */
function watchFolder(path: string, onEvent: () => void): { close(): void } {
  const name = basename(path)
  const watcher = watch(dirname(resolve(path)), { persistent: false }, (_, file) => {
    // The store may lie in the same folder, and writes all the time.
    if (file === null || file === name || file.startsWith('..')) onEvent()
  })
  // A folder that goes away ends the watch; reload() still works.
  watcher.on('error', () => {})
  return watcher
}

function takenOver(
  loaded: Extract<LoadResult, { outcome: 'loaded' }>,
  atStart: Settings,
): ConfigChange {
  const { settings } = loaded
  const needsRestart = fixedParts
    .filter(({ of }) => !isDeepStrictEqual(of(settings), of(atStart)))
    .map(({ name }) => name)
  const { sessions, ...server } = settings.server
  const { publicUrl, listen, tls, metrics, trustedProxies, store, limits } = atStart.server
  return {
    ...loaded,
    needsRestart,
    settings: {
      ...settings,
      identityProviders: atStart.identityProviders,
      server: {
        ...server,
        publicUrl,
        listen,
        tls,
        metrics,
        trustedProxies,
        store,
        limits,
        sessions: { ...sessions, keys: atStart.server.sessions.keys },
      },
    },
  }
}

/** What listeners, stores and clients were opened with. */
const fixedParts: readonly { readonly name: string; readonly of: (s: Settings) => unknown }[] = [
  { name: 'publicUrl', of: ({ server }) => server.publicUrl.href },
  { name: 'listen', of: ({ server }) => server.listen },
  { name: 'tls', of: ({ server }) => server.tls },
  { name: 'metrics', of: ({ server }) => server.metrics },
  { name: 'trustedProxies', of: ({ server }) => server.trustedProxies },
  { name: 'store', of: ({ server }) => server.store },
  { name: 'limits', of: ({ server }) => server.limits },
  { name: 'sessions.keys', of: ({ server }) => server.sessions.keys },
  // In order too: the first is the company's own.
  { name: 'identityProviders', of: (settings) => [...settings.identityProviders] },
]
