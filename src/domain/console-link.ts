/**
 * A console address out of somebody's browser becomes what a permanent link needs. Owns: what is
 * kept, and what belonged to that one browser. Leaves to others: which addresses are the console's
 * (destination.ts), and who may open what (access.ts).
 */
import { consolePageOf, type ConsolePage } from './console-page.ts'
import { multiSessionAccount, readDestination, type DestinationRefusal } from './destination.ts'
import { isRegionName, partitionOf, type PartitionName } from './partition.ts'
import { longestDestination } from './return-target.ts'

export interface ConsoleAddress {
  readonly outcome: 'console-page'
  /** Null for the stand-in of an override: it serves accounts of any partition. */
  readonly partition: PartitionName | null
  /** Twelve digits, where a multi-session host names them. */
  readonly accountId: string | null
  readonly region: string | null
  /** A path where the host names no more than a Region; else an https URL. */
  readonly to: string
  readonly page: ConsolePage
  /** What was left out, as it stood in the address: it works in one browser only. */
  readonly sessionPart: string | null
  /** Parameters that a sign-in left behind were taken out. */
  readonly hadSignInTraces: boolean
}

export type ConsoleUrlReading =
  | ConsoleAddress
  | {
      readonly outcome: 'refused'
      readonly reason: DestinationRefusal
      /** The host it leads to, to be shown as text; null where it names none. */
      readonly host: string | null
    }

/** `partitions` are those of the accounts in question; the first that the address fits wins. */
export function readConsoleUrl(
  text: string,
  partitions: readonly PartitionName[],
  consoleOverride: URL | null,
): ConsoleUrlReading {
  const address = withScheme(text.trim())
  if (!URL.canParse(address)) return { outcome: 'refused', reason: 'not-a-url', host: null }
  const readings = partitions.map((name) => ({
    name,
    reading: readDestination(address, partitionOf(name), consoleOverride),
  }))
  for (const { name, reading } of readings) {
    if (reading.outcome !== 'destination') continue
    return consoleAddress(new URL(address), new URL(reading.destination), {
      partition: reading.destination.startsWith(`${consoleOverride?.origin}/`) ? null : name,
      region: reading.region,
    })
  }
  const refusals = readings.flatMap(({ reading }) => (reading.outcome === 'refused' ? reading : []))
  // One partition calls another's console a foreign site; whatever else is wrong is the better word.
  const refusal = refusals.find(({ reason }) => reason !== 'other-site') ?? refusals[0]
  return refusal ?? { outcome: 'refused', reason: 'other-site', host: new URL(address).hostname }
}

function consoleAddress(
  given: URL,
  read: URL,
  found: { readonly partition: PartitionName | null; readonly region: string | null },
): ConsoleUrlReading {
  const accountId = found.partition === null ? null : multiSessionAccount(given.hostname)
  const search = withoutSignInTraces(read.search)
  const path = `${read.pathname}${search}${read.hash}`
  const isAnyHost = found.partition !== null && isPlainHost(read.hostname, found.partition)
  // Two slashes at the start of a path would be read as a host.
  const to = isAnyHost && !path.startsWith('//') ? path : `${read.origin}${path}`
  if (to.length > longestDestination) {
    return { outcome: 'refused', reason: 'too-long', host: read.hostname }
  }
  return {
    outcome: 'console-page',
    ...found,
    accountId,
    to,
    page: consolePageOf(to),
    sessionPart: accountId === null ? null : sessionPartOf(given.hostname),
    hadSignInTraces: search !== read.search,
  }
}

/** The console's own host, with no more than a Region before it. */
function isPlainHost(hostname: string, partition: PartitionName): boolean {
  const domain = partitionOf(partition).consoleDomain ?? ''
  return hostname === domain || isRegionName(hostname.slice(0, -domain.length - 1))
}

/** Browsers hide the scheme, and some copy what they show. */
function withScheme(text: string): string {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+(\/|$)/i.test(text) ? `https://${text}` : text
}

function sessionPartOf(hostname: string): string | null {
  return /^\d{12}-([a-z0-9]{8})\./.exec(hostname)?.[1] ?? null
}

/** By hand: URLSearchParams would encode the rest of the query anew. */
function withoutSignInTraces(search: string): string {
  const kept = search.slice(1).split('&').filter(isOfThePage).join('&')
  return kept === '' ? '' : `?${kept}`
}

/** What the console adds to the first address after a sign-in, and does not need again. */
function isOfThePage(parameter: string): boolean {
  return !/^(hashArgs|isauthcode|oauthStart)=|^state=hashArgsFrom/.test(parameter)
}
