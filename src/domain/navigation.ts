/**
 * The rule of safe links: which requests are a navigation that the person made.
 * Source: W3C Fetch Metadata Request Headers; Nav Speculation (`Sec-Purpose`).
 */

export type NavigationJudgement =
  /** The person typed it, bookmarked it, or clicked it on a page of ours. */
  | 'own'
  /** Another site led here, or the browser does not say: ask first. */
  | 'ask'
  /** Nobody looks at the answer yet. */
  | 'prefetch'
  /** An image, frame, script or fetch: never a way to open a console. */
  | 'embedded'

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>

export function judgeNavigation(headers: RequestHeaders): NavigationJudgement {
  const one = (name: string) => {
    const value = headers[name]
    return typeof value === 'string' ? value.toLowerCase() : ''
  }
  const purpose = `${one('sec-purpose')} ${one('purpose')} ${one('x-moz')} ${one('x-purpose')}`
  if (/prefetch|prerender|preview/.test(purpose)) return 'prefetch'

  const mode = one('sec-fetch-mode')
  const destination = one('sec-fetch-dest')
  const isSilent = mode === '' && destination === ''
  if (!isSilent && (mode !== 'navigate' || destination !== 'document')) return 'embedded'

  const site = one('sec-fetch-site')
  return !isSilent && (site === 'none' || site === 'same-origin') ? 'own' : 'ask'
}
