import type { STSClient } from '@aws-sdk/client-sts'
import { IncomingMessage } from 'node:http'
import { Readable, Transform } from 'node:stream'

/** Far above any answer of STS, far below what hurts. */
const mostBytes = 262_144

/** The SDK collects whatever comes: an answer without end would take all the memory there is. */
export function capAnswers(client: STSClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const { response } = result
      if (typeof response !== 'object' || response === null) return result
      const body: unknown = Reflect.get(response, 'body')
      if (body instanceof Readable && !saysLittle(body)) {
        Reflect.set(response, 'body', capped(body))
      }
      return result
    },
    { step: 'deserialize', priority: 'low', name: 'capAnswers' },
  )
}

/** Node reads no more of an answer than its Content-Length. */
function saysLittle(body: Readable): boolean {
  return (
    body instanceof IncomingMessage && Number(body.headers['content-length'] ?? NaN) <= mostBytes
  )
}

function capped(body: Readable): Readable {
  let size = 0
  const cap = new Transform({
    transform(part: Buffer, _encoding, done) {
      size += part.byteLength
      if (size <= mostBytes) done(null, part)
      else done(new Error(`an answer of more than ${mostBytes} bytes`))
    },
  })
  body.once('error', (error) => cap.destroy(error))
  cap.once('error', () => body.destroy())
  return body.pipe(cap)
}
