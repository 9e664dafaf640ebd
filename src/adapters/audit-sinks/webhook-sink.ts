/**
 * POSTs records as JSON: `{"records":[…]}`, each as in the export of JSON lines. Any answer of 200 to
 * 299 means that they were taken. At least once: whoever receives them tells repeated ones by
 * `sequence`.
 */
import { recordDocument } from '#domain/audit-lines.ts'
import type { DeliveryLease } from './delivery-lease.ts'
import type { AuditSink } from './sink-worker.ts'
import type { StoredPosition } from './stored-position.ts'

export interface WebhookSinkOptions {
  readonly url: URL
  readonly product: string
  /** One for all replicas, as is the lease. */
  readonly position: StoredPosition
  readonly lease: DeliveryLease
}

/** The URL is in no message: it may hold a token. */
export class DeliveryFailed extends Error {
  override readonly name = 'DeliveryFailed'
}

/** Also the longest that a stop of the broker waits for it. */
const timeoutMilliseconds = 10_000

export function createWebhookSink(options: WebhookSinkOptions): AuditSink {
  const { url, product, position, lease } = options
  return {
    name: 'webhook',
    mayDeliver: () => lease.hold(),
    position: () => position.read(),
    async deliver(records) {
      const last = records.at(-1)
      if (!last) return
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': product },
        body: JSON.stringify({ records: records.map(recordDocument) }),
        // Whoever took the address over is not whom the operator named.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMilliseconds),
      }).catch((error: unknown) => {
        throw new DeliveryFailed(isTimeout(error) ? 'no answer in time' : 'no connection')
      })
      await response.body?.cancel()
      if (!response.ok) throw new DeliveryFailed(`answered with status ${response.status}`)
      await position.write(last.sequence)
    },
    close: async () => {},
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}
