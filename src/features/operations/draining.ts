import type { Server, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Draining {
  /**
   * Ends a server without a visitor noticing. For `drainSeconds` it goes on as before, so that load
   * balancers see the readiness change first, but keeps no connection alive. Then nothing new is
   * accepted, and what is in flight gets its answer. Resolves when all connections are closed.
   */
  stop(drainSeconds: number): Promise<void>
}

/** A request may be half received: the rest of it gets this long. */
const arrivalMilliseconds = 1_000
/** Longer than any opening; only a large export can be cut off. */
const longestMilliseconds = 30_000

/** Called before the server listens. */
export function watchConnections(server: Server): Draining {
  const unanswered = new Set<ServerResponse>()
  const allAnswered = Promise.withResolvers<void>()
  let isDraining = false
  let isClosing = false

  // First in line, since a handler may answer at once.
  server.prependListener('request', (_request, response) => {
    unanswered.add(response)
    if (isDraining) response.shouldKeepAlive = false
    response.once('close', () => {
      unanswered.delete(response)
      if (isClosing && unanswered.size === 0) allAnswered.resolve()
    })
  })

  return {
    async stop(drainSeconds) {
      isDraining = true
      for (const response of unanswered) response.shouldKeepAlive = false
      await sleep(drainSeconds * 1_000)

      // Not by Fastify's own close(): it answers 503 to whatever is half received.
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      await Promise.race([closed.promise, atMost(arrivalMilliseconds)])
      isClosing = true
      if (unanswered.size === 0) allAnswered.resolve()
      await Promise.race([allAnswered.promise, atMost(longestMilliseconds)])
      server.closeAllConnections()
      await closed.promise
    },
  }
}

/** Must not keep a process alive that has nothing left to do. */
function atMost(milliseconds: number): Promise<void> {
  return sleep(milliseconds, undefined, { ref: false })
}
