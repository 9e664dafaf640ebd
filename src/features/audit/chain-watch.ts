/**
 * What is known of the trail's chain. Verifying reads every record, so nobody waits for it: a page
 * shows the last verdict and, where that is old, has the next one made behind it.
 */
import type { FastifyBaseLogger } from 'fastify'
import type { AuditTrail, ChainVerdict, Clock } from '#ports'

export interface ChainFinding {
  readonly verdict: ChainVerdict
  readonly verifiedAt: Date
}

export interface ChainWatch {
  /** Null until the first verification of this process has ended. */
  latest(): ChainFinding | null
  /** Begins a verification unless one is under way or the last began lately. Never throws. */
  refresh(): void
}

const pauseMilliseconds = 300_000

export function createChainWatch(
  trail: Pick<AuditTrail, 'verify'>,
  clock: Clock,
  log: Pick<FastifyBaseLogger, 'error' | 'warn'>,
): ChainWatch {
  let finding: ChainFinding | null = null
  let begunAt: Date | null = null
  let isUnderWay = false

  async function verify(verifiedAt: Date): Promise<void> {
    try {
      const verdict = await trail.verify()
      finding = { verdict, verifiedAt }
      if (verdict.outcome === 'broken') log.error({ verdict }, 'the audit trail is broken')
    } catch (error) {
      log.warn({ err: error }, 'the audit trail could not be verified')
    } finally {
      isUnderWay = false
    }
  }

  return {
    latest: () => finding,
    refresh() {
      const now = clock()
      const isRecent = begunAt !== null && now.getTime() - begunAt.getTime() < pauseMilliseconds
      if (isUnderWay || isRecent) return
      isUnderWay = true
      begunAt = now
      void verify(now)
    },
  }
}
