/** HTTP with a deadline and a size: no answer from outside may take our time or memory. */
import {
  Agent as HttpAgent,
  request as requestHttp,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { gunzipSync } from 'node:zlib'

export interface BoundedRequest {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: URLSearchParams
  /** For the whole exchange, body included. */
  readonly timeoutMilliseconds: number
  readonly maxBytes: number
}

export interface BoundedAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

/** Says only what happened: the request and the answer may hold secrets. */
export class ExchangeFailed extends Error {
  override readonly name = 'ExchangeFailed'
  readonly reason: 'timed-out' | 'unreachable' | 'redirected' | 'too-large'

  constructor(reason: ExchangeFailed['reason'], host: string) {
    super(`${host}: ${reason}`)
    this.reason = reason
  }
}

/** Shorter than any server's own: a connection is not taken up again just as it is being closed. */
const keptAlive = { keepAlive: true, timeout: 4_000 }
const plain = new HttpAgent(keptAlive)
const secure = new HttpsAgent(keptAlive)

/**
 * Redirects are an error: an endpoint that moved must be configured or discovered anew. By node:http,
 * since `fetch` takes several times the processor time, and every opening waits for it.
 */
export async function boundedFetch(url: URL, request: BoundedRequest): Promise<BoundedAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  let sent: ClientRequest | null = null
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    sent?.destroy()
  }, request.timeoutMilliseconds)
  try {
    sent = send(url, request).once('response', resolve).on('error', reject)
    // An upgrade that nobody asked for ends the connection without an answer and without an error.
    sent.once('close', () => reject(new ExchangeFailed('unreachable', url.host)))
    const answer = await promise
    const status = answer.statusCode ?? 0
    if (status >= 300 && status < 400) throw new ExchangeFailed('redirected', url.host)
    const text = await readWithin(answer, request.maxBytes, url.host)
    return { status, contentType: answer.headers['content-type'] ?? '', text }
  } catch (error) {
    // Nothing more of it is wanted, nor the connection that it is on.
    sent?.destroy()
    if (error instanceof ExchangeFailed) throw error
    throw new ExchangeFailed(isLate ? 'timed-out' : 'unreachable', url.host)
  } finally {
    clearTimeout(timer)
  }
}

/** Firewalls refuse who does not say what they are. */
const usualHeaders = {
  'user-agent': 'Sekisho',
  accept: '*/*',
  'accept-encoding': 'identity',
} as const

/** Throws for a header that cannot be sent, such as a token with a line break in it. */
function send(url: URL, { method = 'GET', headers, body }: BoundedRequest): ClientRequest {
  const isSecure = url.protocol === 'https:'
  const form = body?.toString()
  const request = (isSecure ? requestHttps : requestHttp)(url, {
    method,
    agent: isSecure ? secure : plain,
    headers: {
      ...usualHeaders,
      ...headers,
      ...(form !== undefined && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(form),
      }),
    },
  })
  return request.end(form)
}

async function readWithin(
  answer: IncomingMessage,
  maxBytes: number,
  host: string,
): Promise<string> {
  const chunks: AsyncIterable<Uint8Array> = answer
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of chunks) {
    size += part.byteLength
    if (size > maxBytes) throw new ExchangeFailed('too-large', host)
    parts.push(part)
  }
  const bytes = Buffer.concat(parts)
  // Some servers compress whatever is asked of them: a file that lies there compressed.
  const isPacked = answer.headers['content-encoding'] === 'gzip'
  return new TextDecoder().decode(
    isPacked ? gunzipSync(bytes, { maxOutputLength: maxBytes }) : bytes,
  )
}
