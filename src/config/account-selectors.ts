/** What may stand where accounts are named, and how an id becomes a name. */
import type { FileConfig } from './schema.ts'

/** Every selector that means at least one account: names, ids, `tag:…`, `environment:…`. */
export function selectorsIn({ accounts }: FileConfig): ReadonlySet<string> {
  const selectors = new Set<string>()
  for (const [slug, { id, environment, tags }] of Object.entries(accounts)) {
    selectors.add(slug).add(id)
    if (environment !== undefined) selectors.add(`environment:${environment}`)
    for (const [key, value] of Object.entries(tags ?? {})) selectors.add(`tag:${key}=${value}`)
  }
  return selectors
}

/** The same selectors, ids turned into names, each once. */
export function slugsByIdIn({ accounts }: FileConfig): ReadonlyMap<string, string> {
  return new Map(Object.entries(accounts).map(([slug, { id }]) => [id, slug]))
}
