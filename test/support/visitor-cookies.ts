/** A cookie as a browser keeps it. `sameSite` is `lax` where the server said nothing. */
export interface Cookie {
  name: string
  value: string
  /** `host:port` of the server. Browsers ignore the port; tests keep servers on loopback apart. */
  host: string
  path: string
  expiresAt: Date | null
  secure: boolean
  httpOnly: boolean
  sameSite: 'strict' | 'lax' | 'none'
}

/** Where a request comes from, which decides on SameSite cookies. */
export interface Origination {
  crossSite: boolean
  safeMethod: boolean
}

/** What a browser would keep, send back and refuse (RFC 6265, and 6265bis for the prefixes). */
export class VisitorCookies {
  #cookies: Cookie[] = []

  get all(): readonly Cookie[] {
    return this.#cookies
  }

  store(setCookies: readonly string[], url: URL, now: Date): void {
    for (const line of setCookies) {
      const cookie = parseSetCookie(line, url, now)
      if (!cookie) continue
      this.#cookies = this.#cookies.filter((kept) => !isSameCookie(kept, cookie))
      this.#cookies.push(cookie)
    }
    this.#forgetExpired(now)
  }

  /** The `Cookie` header for a request, empty where there is nothing to send. */
  headerFor(url: URL, now: Date, { crossSite, safeMethod }: Origination): string {
    this.#forgetExpired(now)
    return this.#cookies
      .filter(({ host, path }) => host === url.host && isUnder(url.pathname, path))
      .filter(
        ({ sameSite }) => !crossSite || sameSite === 'none' || (sameSite === 'lax' && safeMethod),
      )
      .toSorted((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }

  /** Puts a cookie in by hand: planted by an attacker, or taken from another visitor. */
  plant(cookie: Pick<Cookie, 'name' | 'value' | 'host'> & Partial<Cookie>): void {
    const complete: Cookie = {
      path: '/',
      expiresAt: null,
      secure: false,
      httpOnly: false,
      sameSite: 'lax',
      ...cookie,
    }
    this.#cookies = this.#cookies.filter((kept) => !isSameCookie(kept, complete))
    this.#cookies.push(complete)
  }

  #forgetExpired(now: Date): void {
    this.#cookies = this.#cookies.filter(({ expiresAt }) => !expiresAt || expiresAt > now)
  }
}

function isSameCookie(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.host === b.host && a.path === b.path
}

function isUnder(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}

function parseSetCookie(line: string, url: URL, now: Date): Cookie | null {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim())
  const attributes = new Map(
    rest.map((part) => splitOnce(part)).map(([k, v]) => [k.toLowerCase(), v]),
  )
  const [name, value] = splitOnce(pair)
  const secure = attributes.has('secure')
  const declaredPath = attributes.get('path')
  if (name.startsWith('__Secure-') && !secure) return null
  const fitsHostPrefix = secure && declaredPath === '/' && !attributes.has('domain')
  if (name.startsWith('__Host-') && !fitsHostPrefix) return null

  return {
    name,
    value,
    host: url.host,
    path: declaredPath?.startsWith('/') ? declaredPath : folderOf(url.pathname),
    expiresAt: expiryOf(attributes, now),
    secure,
    httpOnly: attributes.has('httponly'),
    sameSite: sameSiteOf(attributes.get('samesite')),
  }
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('=')
  return at === -1 ? [text, ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

/** RFC 6265, 5.1.4: without Path, a cookie is scoped to the folder of the page that set it. */
function folderOf(pathname: string): string {
  return pathname.slice(0, pathname.lastIndexOf('/')) || '/'
}

/** `Max-Age` beats `Expires`; null for a cookie that lasts as long as the browser. */
function expiryOf(attributes: ReadonlyMap<string, string>, now: Date): Date | null {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) {
    return new Date(now.getTime() + Number(maxAge) * 1000)
  }
  const expires = new Date(attributes.get('expires') ?? '')
  return Number.isNaN(expires.getTime()) ? null : expires
}

function sameSiteOf(declared: string | undefined): Cookie['sameSite'] {
  const value = declared?.toLowerCase()
  return value === 'strict' || value === 'none' ? value : 'lax'
}
