import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { playFault } from './double-faults.ts'
import type { FaultPlan, FaultTarget } from './double-faults.ts'

/** STS answers an empty 413 to anything longer; in bytes. */
const bodyLimit = 10_000_000

/** A request as it came, taken apart once. */
export interface Call {
  readonly method: string
  /** As sent: path and query, Region prefix and all. This is what was signed. */
  readonly url: string
  /** Without the Region prefix. */
  readonly path: string
  /** From a first path segment such as `us-west-2`: it plays a Region's own host. */
  readonly region: string | undefined
  readonly query: URLSearchParams
  /** The body's fields, empty unless it is form-urlencoded. */
  readonly form: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Why it was refused, for the record only. */
  readonly cause?: string | undefined
  readonly dateShiftSeconds?: number
  /** Set when more of the body is to follow. */
  readonly unfinished?: boolean
}

export interface RecordedRequest {
  readonly at: 'sts' | 'federation' | 'login' | 'logout' | 'console'
  /** STS: from the signature's scope. Elsewhere: from the Region prefix, absent without one. */
  readonly region?: string
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** 0 until answered, and for ever where a fault leaves the request without an answer. */
  status: number
  /** Why the double refused, which AWS would not say. */
  cause?: string
}

/** What one listener stands for. */
export interface DoubleSite {
  readonly at: (call: Call) => RecordedRequest['at']
  readonly regionOf: (call: Call) => string | undefined
  readonly answer: (call: Call) => Answer
}

export interface Surroundings {
  readonly clock: () => Date
  readonly faults: FaultPlan
  readonly record: (request: RecordedRequest) => void
}

export interface DoubleListener {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** Starts to answer. Until then the port is held, so that sites can be told each other's. */
  serve(site: DoubleSite, surroundings: Surroundings): void
  /** Cuts off every connection, hanging ones too. */
  close(): Promise<void>
}

/** @throws {Error} EADDRINUSE and its like */
export async function openListener(port: number, bindAddress: string): Promise<DoubleListener> {
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(port, bindAddress, resolve)
  await promise

  const address = server.address()
  const boundPort = address && typeof address === 'object' ? address.port : port
  return {
    origin: `http://127.0.0.1:${boundPort}`,
    serve(site, surroundings) {
      server.on('request', (request, response) => {
        readBody(request).then(
          (body) => serve(callOf(request, body), body === null, site, surroundings, response),
          () => response.destroy(),
        )
      })
    },
    async close() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

function serve(
  call: Call,
  tooLarge: boolean,
  site: DoubleSite,
  { clock, faults, record }: Surroundings,
  response: ServerResponse,
): void {
  const region = site.regionOf(call)
  const request = recordOf(call, site.at(call), region)
  record(request)

  const send = (answer: Answer): void => {
    request.status = answer.status
    if (answer.cause !== undefined) request.cause = answer.cause
    write(response, answer, clock())
  }
  if (tooLarge) return send({ status: 413, cause: 'the body is over 10,000,000 bytes' })

  const trueAnswer = (): Answer => site.answer(call)
  const target = faultTargetOf(request)
  const fault = target && faults.take(target, region)
  if (target && fault) playFault(fault, { target, response, trueAnswer, send })
  else send(trueAnswer())
}

function faultTargetOf({ at }: RecordedRequest): FaultTarget | null {
  return at === 'sts' || at === 'federation' ? at : null
}

function recordOf(
  call: Call,
  at: RecordedRequest['at'],
  region: string | undefined,
): RecordedRequest {
  const { method, url, headers } = call
  const body = call.body.toString('utf8')
  return { at, ...(region ? { region } : {}), method, url, headers, body, status: 0 }
}

/** The Date must be the double's: an SDK that finds another one moves its clock and tries again. */
function write(response: ServerResponse, answer: Answer, now: Date): void {
  const date = new Date(now.getTime() + (answer.dateShiftSeconds ?? 0) * 1000).toUTCString()
  const { status, headers, body = '', unfinished = false } = answer
  const length = unfinished ? {} : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { date, ...length, ...headers })
  if (unfinished) response.write(body)
  else response.end(body)
}

/** Null for a body over the limit, which is read to its end so that the client hears the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue
    size += chunk.length
    if (size <= bodyLimit) chunks.push(chunk)
  }
  return size > bodyLimit ? null : Buffer.concat(chunks)
}

function callOf(request: IncomingMessage, body: Buffer | null): Call {
  const url = request.url ?? '/'
  const [fullPath = '/', search = ''] = splitOnce(url, '?')
  const { region, path } = splitRegion(fullPath)
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [
      name,
      values?.join(',') ?? '',
    ]),
  )
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  return {
    method: request.method ?? 'GET',
    url,
    path,
    region,
    query: new URLSearchParams(search),
    form: new URLSearchParams(isForm ? body?.toString('utf8') : ''),
    headers,
    body: body ?? Buffer.alloc(0),
  }
}

/** `/us-west-2/federation` is `/federation` on the host of us-west-2. */
export function splitRegion(path: string): { region: string | undefined; path: string } {
  const region = /^\/([a-z]{2,4}(?:-[a-z]+)+-\d+)(?=\/|$)/.exec(path)?.[1]
  return region ? { region, path: path.slice(region.length + 1) || '/' } : { region, path }
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
