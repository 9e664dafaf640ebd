/** The second places of the trail that the config names, each with its own worker. */
import type { Clock, Storage } from '#ports'
import { createDeliveryLease } from './delivery-lease.ts'
import { createFileSink } from './file-sink.ts'
import {
  startSinkWorker,
  type AuditSink,
  type SinkWorker,
  type SinkWorkerOptions,
} from './sink-worker.ts'
import { storedPosition } from './stored-position.ts'
import { createWebhookSink } from './webhook-sink.ts'

export interface AuditSinksOptions extends Omit<SinkWorkerOptions, 'trail'> {
  /** Absolute path; null: none. */
  readonly file: string | null
  /** URL; null: none. */
  readonly webhook: string | null
  readonly storage: Pick<Storage, 'trail' | 'onceOnly' | 'preferences'>
  readonly clock: Clock
  /** Name and version, as the webhook sees them. */
  readonly product: string
}

/** Starts at once. `close` comes before the store's. */
export function openAuditSinks(options: AuditSinksOptions): SinkWorker {
  const { file, webhook, storage } = options
  const sinks: AuditSink[] = []
  if (file !== null) sinks.push(createFileSink(file))
  if (webhook !== null) sinks.push(webhookSink(webhook, options))
  const workers = sinks.map((sink) => startSinkWorker(sink, { ...options, trail: storage.trail }))
  return {
    async close() {
      await Promise.all(workers.map((worker) => worker.close()))
    },
  }
}

function webhookSink(address: string, { storage, clock, product }: AuditSinksOptions): AuditSink {
  return createWebhookSink({
    url: new URL(address),
    product,
    position: storedPosition(storage.preferences, 'webhook'),
    lease: createDeliveryLease(storage.onceOnly, 'webhook', clock),
  })
}
