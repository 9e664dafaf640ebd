/**
 * Where to land in the console. Owns: refusing everything that is not a page of the partition's
 * console, so that no link of ours leads anywhere else (RFC 9700, section 4.11: open redirectors).
 */
import { isRegionName, isRegionOf, urlUnder, type Partition } from './partition.ts'
import { Problem } from './problem.ts'

export type DestinationRefusal =
  'not-a-url' | 'not-https' | 'has-userinfo' | 'has-port' | 'other-site' | 'too-long'

export type DestinationReading =
  | {
      readonly outcome: 'destination'
      /** A path beginning with one slash, or an https URL, as a URL parser prints it. */
      readonly destination: string
      readonly region: string | null
    }
  | {
      readonly outcome: 'refused'
      readonly reason: DestinationRefusal
      /** The host it would have led to, to be shown as text; null where it names none. */
      readonly host: string | null
    }

/** Console pages carry their state in the fragment; beyond this proxies refuse the `Location`. */
const longestDestination = 4096

const nowhere = new URL('https://path.invalid')

export function readDestination(
  to: string,
  partition: Partition,
  consoleOverride: URL | null,
): DestinationReading {
  if (to.length > longestDestination) return refused('too-long')
  // URL parsers drop tabs and newlines, and trim: what was checked would not be what is opened.
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(to) || to.trim() !== to) return refused('not-a-url')
  return to.startsWith('/') ? readPath(to, partition) : readUrl(to, partition, consoleOverride)
}

/**
 * The page's address, on the Region's console where it is a path. Where neither host nor query
 * names a Region one is added: without it the console takes the Region last used in this browser.
 * @throws {Problem} destination-refused for anything that `readDestination` does not give
 */
export function destinationUrl(destination: string, region: string, console: URL): URL {
  if (!destination.startsWith('/')) return withRegion(new URL(destination), region)
  const url = urlUnder(console, destination)
  // A path cannot get away from this origin; if it ever does, nobody is sent there.
  if (url.origin !== console.origin) throw new Problem('destination-refused')
  return withRegion(url, region)
}

/** The account whose session a multi-session host `{12 digits}-{8 characters}.…` names; else null. */
export function multiSessionAccount(host: string): string | null {
  return multiSessionHost.exec(host.toLowerCase())?.[1] ?? null
}

// AWS Management Console Getting Started Guide, "Signing in to multiple accounts".
const multiSessionHost = /^(\d{12})-[a-z0-9]{8}\.(.+)$/

function readPath(to: string, partition: Partition): DestinationReading {
  if (/^\/[/\\]/.test(to)) return refused('other-site', hostOf(`https:${to}`))
  const url = URL.canParse(to, nowhere) ? new URL(to, nowhere) : null
  if (url === null) return refused('not-a-url')
  // Dot segments can leave a path that begins with two slashes: `/x/..//evil.example`.
  if (url.origin !== nowhere.origin || url.pathname.startsWith('//')) {
    return refused('other-site', hostOf(`https:${url.pathname}`))
  }
  const destination = url.href.slice(nowhere.origin.length)
  return { outcome: 'destination', destination, region: regionInQuery(url, partition) }
}

function readUrl(to: string, partition: Partition, override: URL | null): DestinationReading {
  if (!URL.canParse(to)) return refused('not-a-url')
  const url = new URL(to)
  const reason = authorityProblem(to, url, override)
  if (reason) return refused(reason, url.hostname || null)

  const isOverride = url.origin === override?.origin
  const prefixed = multiSessionHost.exec(url.hostname)
  if (!isOverride && prefixed?.[2] !== undefined) url.hostname = prefixed[2]
  if (!isOverride && !isUnder(url.hostname, partition.consoleDomain)) {
    return refused('other-site', url.hostname || null)
  }
  const region = regionInQuery(url, partition) ?? regionInHost(url.hostname, partition)
  return { outcome: 'destination', destination: url.href, region }
}

/** Looks at the text too: a parser hides the default port and an empty user name. */
function authorityProblem(to: string, url: URL, override: URL | null): DestinationRefusal | null {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(to)?.[1]
  if (url.protocol !== 'https:' && url.origin !== override?.origin) return 'not-https'
  if (authority === undefined || authority.includes('\\')) return 'not-a-url'
  if (authority.includes('@') || url.username !== '' || url.password !== '') return 'has-userinfo'
  return authority.includes(':') && url.origin !== override?.origin ? 'has-port' : null
}

function isUnder(hostname: string, domain: string | null): boolean {
  return domain !== null && (hostname === domain || hostname.endsWith(`.${domain}`))
}

function regionInQuery(url: URL, { name }: Partition): string | null {
  const region = url.searchParams.get('region')
  return region !== null && isRegionOf(name, region) ? region : null
}

function regionInHost(hostname: string, { name, consoleDomain }: Partition): string | null {
  if (consoleDomain === null || !isUnder(hostname, consoleDomain)) return null
  const labels = hostname.slice(0, -consoleDomain.length).split('.')
  return labels.find((label) => isRegionOf(name, label)) ?? null
}

function withRegion(url: URL, region: string): URL {
  const hasRegion = url.hostname.split('.').some(isRegionName) || url.searchParams.has('region')
  // By hand: URLSearchParams would encode the rest of the query anew.
  if (!hasRegion) url.search = `${url.search === '' ? '?' : `${url.search}&`}region=${region}`
  return url
}

function refused(reason: DestinationRefusal, host: string | null = null): DestinationReading {
  return { outcome: 'refused', reason, host }
}

function hostOf(text: string): string | null {
  return URL.canParse(text) ? new URL(text).hostname : null
}
