import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { formIn } from './html-form.ts'
import { VisitorCookies } from './visitor-cookies.ts'

/** What a navigation ended at. */
export interface Answer {
  status: number
  /** The address in the address bar. */
  url: string
  headers: IncomingHttpHeaders
  body: string
  /** Every redirect on the way, and every one before it, in order. */
  hops: readonly Hop[]
}

export interface Hop {
  status: number
  url: string
  location: string
}

export interface Navigation {
  method?: string
  /** Sent as a form. */
  fields?: Readonly<Record<string, string>>
  /** The page that holds the link or form; none for a typed address or a bookmark. */
  from?: string
  headers?: Readonly<Record<string, string>>
  /** Follow redirects (default). Redirects that leave loopback are never followed. */
  follow?: boolean
}

export interface Visitor {
  cookies: VisitorCookies
  /** Opens an address, relative to the base, as a top-level navigation of a browser would. */
  open(url: string, navigation?: Navigation): Promise<Answer>
  /** Follows a link of a page. */
  click(page: Answer, href: string, navigation?: Navigation): Promise<Answer>
  /** Fills and sends the first form of a page that has all these fields; hidden ones are kept. */
  submit(
    page: Answer,
    fields: Readonly<Record<string, string>>,
    navigation?: Navigation,
  ): Promise<Answer>
  /** Opens an address that leads to the provider's form, fills that in, and goes on to the end. */
  signIn(url: string, username: string, password: string): Promise<Answer>
}

export interface VisitorOptions {
  now?: () => Date
  /** Sent with every request, such as `accept-language` or `x-forwarded-for`. */
  headers?: Readonly<Record<string, string>>
  /** Origins and the loopback origins that answer for them, for a broker with a public name. */
  servedBy?: Readonly<Record<string, string>>
}

/** A browser without a screen: cookies, redirects, forms and Fetch Metadata, on loopback only. */
export function createVisitor(baseUrl: string, options: VisitorOptions = {}): Visitor {
  const cookies = new VisitorCookies()
  const now = options.now ?? (() => new Date())

  async function open(address: string, navigation: Navigation = {}): Promise<Answer> {
    const { from, follow = true } = navigation
    let { method = navigation.fields ? 'POST' : 'GET', fields } = navigation
    let url = new URL(address, baseUrl)
    const chain: URL[] = []
    const hops: Hop[] = []
    for (;;) {
      chain.push(url)
      const site = fetchSite(from, chain)
      const cookie = cookies.headerFor(url, now(), {
        crossSite: site === 'cross-site',
        safeMethod: method === 'GET' || method === 'HEAD',
      })
      const answer = await send(served(url), method, fields, {
        host: url.host,
        ...browserHeaders(site),
        ...(cookie && { cookie }),
        ...(method === 'POST' && from && { origin: new URL(from).origin }),
        ...options.headers,
        ...navigation.headers,
      })
      cookies.store(answer.headers['set-cookie'] ?? [], url, now())

      const { status, headers } = answer
      const next = follow && status >= 300 && headers.location && new URL(headers.location, url)
      if (!next) return { ...answer, url: url.href, hops }
      hops.push({ status, url: url.href, location: next.href })
      if (!isReachable(next)) return { ...answer, url: url.href, hops }
      assert.ok(hops.length < 20, `too many redirects: ${hops.map((hop) => hop.url).join(' -> ')}`)
      // Fetch: 307 and 308 keep method and body, every other redirect becomes a GET.
      if (status < 307 && method !== 'HEAD') [method, fields] = ['GET', undefined]
      url = next
    }
  }

  function served(url: URL): URL {
    const origin = options.servedBy?.[url.origin]
    return origin ? new URL(url.pathname + url.search, origin) : url
  }

  function isReachable(url: URL): boolean {
    return isLoopback(served(url).hostname)
  }

  async function submit(
    page: Answer,
    fields: Readonly<Record<string, string>>,
    navigation: Navigation = {},
  ): Promise<Answer> {
    const form = formIn(page.body, Object.keys(fields))
    assert.ok(form, `no form with ${Object.keys(fields).join(', ')} at ${page.url}:\n${page.body}`)
    // Without a referrer browsers do not tell where a form came from either: Origin is "null".
    const hidesOrigin = page.headers['referrer-policy'] === 'no-referrer'
    return open(new URL(form.action, page.url).href, {
      method: 'POST',
      fields: { ...form.fields, ...fields },
      from: page.url,
      ...navigation,
      headers: { ...(hidesOrigin && { origin: 'null' }), ...navigation.headers },
    })
  }

  return {
    cookies,
    open,
    click: (page, href, navigation) =>
      open(new URL(href, page.url).href, { from: page.url, ...navigation }),
    submit,
    async signIn(url, username, password) {
      const page = await open(url)
      const answer = await submit(page, { username, password })
      return { ...answer, hops: [...page.hops, ...answer.hops] }
    },
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]'
}

/**
 * W3C Fetch Metadata, `Sec-Fetch-Site`: `none` for what a person typed, through all redirects;
 * otherwise the worst relation between the page that started it and any address of the chain.
 */
function fetchSite(from: string | undefined, chain: readonly URL[]): string {
  if (from === undefined) return 'none'
  const origin = new URL(from)
  if (chain.every((url) => url.origin === origin.origin)) return 'same-origin'
  return chain.every((url) => isSameSite(url, origin)) ? 'same-site' : 'cross-site'
}

/** Ports do not count. Tests use no two hosts under one registrable domain. */
function isSameSite(a: URL, b: URL): boolean {
  return a.protocol === b.protocol && a.hostname === b.hostname
}

function browserHeaders(site: string): Record<string, string> {
  return {
    accept: 'text/html,application/xhtml+xml',
    'accept-language': 'en',
    'user-agent': 'Mozilla/5.0 (a test visitor)',
    'sec-fetch-site': site,
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    'sec-fetch-user': '?1',
  }
}

/** By node:http, because Node's fetch overwrites `Sec-Fetch-Mode` and `Host`. */
async function send(
  url: URL,
  method: string,
  fields: Readonly<Record<string, string>> | undefined,
  headers: Record<string, string>,
): Promise<Pick<Answer, 'status' | 'headers' | 'body'>> {
  const body = fields && new URLSearchParams(fields).toString()
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  const { promise, resolve, reject } =
    Promise.withResolvers<Pick<Answer, 'status' | 'headers' | 'body'>>()
  // No kept-alive connections: they would hold up the closing of a test's servers.
  request(url, { method, agent: false, headers: { ...type, ...headers } })
    .once('error', reject)
    .once('response', (response) => {
      const { statusCode: status = 0, headers: answered } = response
      text(response).then((body) => resolve({ status, headers: answered, body }), reject)
    })
    .end(body)
  return promise
}
