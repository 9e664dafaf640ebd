import { existsSync } from 'node:fs'
import { openStorage } from '#adapters/storage/open-storage.ts'
import type { ChainVerdict } from '#ports'
import { loadOrReport, type Command } from './command.ts'
import { storeFailure, storeName } from './store-failure.ts'

export const audit: Command = {
  synopsis: 'verify',
  summary: "checks the audit trail's hash chain; exit 1 where it is broken",
  async run(input) {
    if (input.arguments[0] !== 'verify') {
      input.err('audit: the one thing to do with it here is "audit verify"\n')
      return 2
    }
    const settings = await loadOrReport(input)
    if (!settings) return 1
    const { store } = settings.server
    if (isMissing(store)) {
      input.err(`audit: there is no file ${storeName(store)}: check \`store\` in the config\n`)
      return 1
    }
    const verdict = await verdictOn(store).catch((error: unknown) => {
      throw storeFailure(store, error)
    })
    if (verdict.outcome === 'intact') {
      input.out(`intact: ${verdict.records} records, the last one ${verdict.lastHash}\n`)
      return 0
    }
    input.out(`broken at record ${verdict.sequence}: ${verdict.problem}\n`)
    return 1
  },
}

/** Opened all the same it would be made anew, and an empty chain is intact. */
function isMissing(store: string): boolean {
  const [, path] = /^sqlite:(\/.+)$/s.exec(store) ?? []
  return path !== undefined && !existsSync(path)
}

async function verdictOn(store: string): Promise<ChainVerdict> {
  const storage = await openStorage(store, { clock: () => new Date() })
  try {
    return await storage.trail.verify()
  } finally {
    await storage.close()
  }
}
