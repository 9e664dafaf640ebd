import type { ServerResponse } from 'node:http'

/** How a request is answered, well or badly. */
export type Reply = (response: ServerResponse) => void

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return content(JSON.stringify(body), 'application/json', status, headers)
}

export function content(
  body: string,
  type: string,
  status = 200,
  headers: Record<string, string> = {},
): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': type, ...headers }).end(body)
  }
}

export function redirect(location: string, status = 302): Reply {
  return (response) => {
    response.writeHead(status, { location }).end()
  }
}

/** Takes the request and never answers. */
export const hang: Reply = () => {}

/** Closes the connection without a word. */
export const cut: Reply = (response) => {
  response.destroy()
}

/** One byte of an endless JSON text every 50 ms: each read succeeds, the whole never does. */
export const drip: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{"issuer":"')
  const timer = setInterval(() => response.write('a'), 50)
  response.once('close', () => clearInterval(timer))
}

/** Valid JSON of at least that size, sent as fast as the other side reads it. */
export function huge(bytes: number, body: Readonly<Record<string, unknown>> = {}): Reply {
  return (response) => {
    const block = 'a'.repeat(64 * 1024)
    let left = bytes
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write(
      `${JSON.stringify(body).slice(0, -1)}${Object.keys(body).length ? ',' : ''}"padding":"`,
    )
    const pour = (): void => {
      while (left > 0) {
        left -= block.length
        if (!response.write(block)) return void response.once('drain', pour)
      }
      response.end('"}')
    }
    pour()
  }
}
