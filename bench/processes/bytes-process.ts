/** The yardstick of a page: bytes from memory, by node:http alone. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent, inputOf } from '../child-side.ts'

const { headers } = inputOf<{ readonly headers: Readonly<Record<string, string>> }>()
let bytes = Buffer.alloc(0)
const server = createServer((_request, response) => {
  response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
answerParent(
  { url: `http://127.0.0.1:${port}/` },
  {
    serve(base64: string) {
      bytes = Buffer.from(base64, 'base64')
    },
  },
  async () => server.close(),
)
