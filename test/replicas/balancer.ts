import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

export interface Balancer {
  /** Sends new connections to these in turn, past those that refuse. */
  to(...origins: readonly string[]): void
}

/** A load balancer that only passes bytes on, as one for TCP does. */
export async function startBalancer(
  t: Pick<TestContext, 'after'>,
  port: number,
): Promise<Balancer> {
  let targets: readonly string[] = []
  let turn = 0
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket)).on('error', () => {})
  }

  const server = createServer((visitor) => {
    keep(visitor)
    turn += 1
    forward(visitor, [...targets.slice(turn % targets.length), ...targets])
  })
  function forward(visitor: Socket, [origin, ...others]: readonly string[]): void {
    if (origin === undefined) return void visitor.destroy()
    const replica = connect(Number(new URL(origin).port), '127.0.0.1')
    keep(replica)
    const tryNext = () => forward(visitor, others)
    replica.once('error', tryNext)
    replica.once('connect', () => {
      replica.off('error', tryNext).once('close', () => visitor.destroy())
      visitor.once('close', () => replica.destroy())
      visitor.pipe(replica).pipe(visitor)
    })
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  })
  return { to: (...origins) => void (targets = origins) }
}
