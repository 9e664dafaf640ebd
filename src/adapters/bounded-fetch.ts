/** HTTP with a deadline and a size: no answer from outside may take our time or memory. */

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

/** Redirects are an error: an endpoint that moved must be configured or discovered anew. */
export async function boundedFetch(url: URL, request: BoundedRequest): Promise<BoundedAnswer> {
  const signal = AbortSignal.timeout(request.timeoutMilliseconds)
  const failed = (error: unknown): never => {
    if (error instanceof ExchangeFailed) throw error
    throw new ExchangeFailed(signal.aborted ? 'timed-out' : 'unreachable', url.host)
  }
  const response = await fetch(url, {
    method: request.method ?? 'GET',
    headers: { ...request.headers },
    body: request.body ?? null,
    redirect: 'manual',
    signal,
  }).catch(failed)
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel()
    throw new ExchangeFailed('redirected', url.host)
  }
  const text = await readWithin(response, request.maxBytes, url.host).catch(failed)
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    text,
  }
}

async function readWithin(response: Response, maxBytes: number, host: string): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.byteLength
    if (size > maxBytes) throw new ExchangeFailed('too-large', host)
    parts.push(part)
  }
  return new TextDecoder().decode(Buffer.concat(parts))
}
