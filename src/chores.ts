/** What a broker does that nobody asked for by a request: pruning, reminders, second sinks of the trail. */
import type { Logger } from 'pino'
import { openAuditSinks } from '#adapters/audit-sinks/open-audit-sinks.ts'
import { sendDueMail } from '#features/guest-passes/pass-reminders.ts'
import type { Metrics } from '#plugins/metrics.ts'
import type { Clock, Mailer, RunningConfig, Storage } from '#ports'

export interface ChoreOptions {
  readonly config: RunningConfig
  readonly clock: Clock
  readonly logger: Logger
  readonly storage: Storage
  readonly metrics: Metrics
  readonly mailer: Mailer | null
  readonly product: string
}

const pruneMilliseconds = 300_000
const mailMilliseconds = 900_000

/** Starts at once. `close` comes before the store's. A chore that fails is logged, and tried again. */
export function startChores(options: ChoreOptions): { close(): Promise<void> } {
  const { config, clock, logger, storage, metrics, mailer, product } = options
  const { auditFile, auditWebhook } = config.current()
  const sinks = openAuditSinks({
    file: auditFile,
    webhook: auditWebhook,
    storage,
    clock,
    product,
    log: logger,
    onFailure: (sink) => metrics.sinkFailures.inc({ sink }),
  })
  const timers = [
    every(pruneMilliseconds, () => storage.prune(clock()), 'expired rows could not be pruned'),
  ]
  if (mailer) {
    const onOutcome = (outcome: string) => metrics.mails.inc({ outcome })
    const due = () => sendDueMail({ ...storage, config, clock, mailer, log: logger, onOutcome })
    timers.push(every(mailMilliseconds, due, 'reminders could not be sent'))
  }

  function every(milliseconds: number, work: () => Promise<unknown>, failure: string) {
    return setInterval(() => {
      work().catch((error: unknown) => logger.warn({ err: error }, failure))
    }, milliseconds).unref()
  }

  return {
    async close() {
      for (const timer of timers) clearInterval(timer)
      await sinks.close()
    },
  }
}
