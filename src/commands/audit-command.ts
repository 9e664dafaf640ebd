import { openStorage } from '#adapters/storage/open-storage.ts'
import { loadOrReport, type Command } from './command.ts'

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
    const storage = await openStorage(settings.server.store, { clock: () => new Date() })
    try {
      const verdict = await storage.trail.verify()
      if (verdict.outcome === 'intact') {
        input.out(`intact: ${verdict.records} records, the last one ${verdict.lastHash}\n`)
        return 0
      }
      input.out(`broken at record ${verdict.sequence}: ${verdict.problem}\n`)
      return 1
    } finally {
      await storage.close()
    }
  },
}
