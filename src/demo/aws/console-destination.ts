import { splitRegion } from './double-listener.ts'

/**
 * The real console's domains. Written down here and not taken from the broker: a double that shares
 * a table with what it tests would share its mistakes.
 */
const consoleDomains: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
}

export interface ConsoleDestination {
  /** On the pretend console, with the path, query and hash that were asked for. */
  readonly url: string
  /** Which Region's console it names, by a real host's prefix or our path's. */
  readonly region: string | null
}

/** Null for every place that is not the console: the sign-in host, other AWS hosts, other sites. */
export function consoleDestination(
  destination: string,
  { consoleOrigin, partition }: { readonly consoleOrigin: string; readonly partition: string },
): ConsoleDestination | null {
  const url = URL.parse(destination)
  if (!url) return null
  if (url.origin === consoleOrigin && !url.username && !url.password) {
    return { url: url.href, region: splitRegion(url.pathname).region ?? null }
  }

  const domain = consoleDomains[partition]
  const isPlain = url.protocol === 'https:' && !url.port && !url.username && !url.password
  const isConsole = url.hostname === domain || url.hostname.endsWith(`.${domain}`)
  if (!domain || !isPlain || !isConsole) return null
  return {
    url: `${consoleOrigin}${url.pathname}${url.search}${url.hash}`,
    region: /(?:^|\.)([a-z]{2,4}(?:-[a-z]+)+-\d+)\./.exec(url.hostname)?.[1] ?? null,
  }
}
