/**
 * The portal as words: what one person may open, found in seconds. Owns: what is shown, in which
 * order, and how. Leaves to others: what may be opened (domain) and the page (views/portal.eta).
 */
import type { Entitlement } from '#domain/access.ts'
import type { Principal } from '#domain/principal.ts'
import type { NamedLink, PortalSettings } from '#domain/settings.ts'
import { rankTiles } from '#domain/tile-filter.ts'
import type { PersonPreferences } from '#ports'
import type { Words } from '../../words/words.ts'
import { environmentRows, type EnvironmentRows } from './account-rows-view.ts'
import { filterRow, filterTexts, type FilterTexts } from './filter-texts.ts'
import { accountsOf, rolesByEnvironment } from './role-groups.ts'
import { settingsView, type SettingsView } from './settings-view.ts'
import { shelvesView, type Shelves } from './shelves-view.ts'
import { roleMarks, type RoleMarks } from './role-marks.ts'
import { tileMaker, type Tile } from './tile-view.ts'

export interface PortalInput {
  readonly words: Words
  readonly principal: Principal
  readonly entitlements: readonly Entitlement[]
  readonly preferences: PersonPreferences
  /** Longest console session that AWS will give now. */
  longestSeconds(entitlement: Entitlement): number
  readonly now: Date
  /** `?q=`: the filter without script. */
  readonly query: string
  /** `?account=`: slug of the one account that `entitlements` were narrowed to. */
  readonly account: string | null
  readonly showHidden: boolean
  readonly csrfToken: string
  readonly portal: PortalSettings | null
  /** Named links that this person may open. */
  readonly links: readonly NamedLink[]
  /** Regions to suggest beside those of the roles themselves. */
  readonly regions?: readonly string[]
}

export interface PortalView {
  readonly title: string
  readonly heading: string
  readonly message: string | null
  readonly dismissedAnnouncement: string | null
  readonly csrfToken: string
  /** This portal, where its forms lead back to. */
  readonly path: string
  readonly query: string
  readonly count: string
  readonly countOfAll: string
  /** Null without `?q=`. */
  readonly results: readonly Tile[] | null
  readonly shelves: Shelves | null
  readonly environments: readonly EnvironmentRows[]
  /** For the page's script; null where one account stands alone. */
  readonly filter: FilterTexts | null
  /** The best so many are drawn by the page's script: a frame's worth. */
  readonly mostScripted: number
  readonly isSlim: boolean
  /** So long that rows out of sight need not be drawn. */
  readonly isLong: boolean
  readonly isOneAccount: boolean
  readonly isEmpty: boolean
  readonly hidden: {
    readonly text: string
    readonly href: string
    readonly tiles: readonly Tile[]
  } | null
  readonly regions: readonly string[]
  readonly newTab: boolean
  readonly settings: SettingsView
}

declare module '#plugins/views.ts' {
  interface Pages {
    portal: PortalView
  }
}

/** Beyond this a drawer for every tile makes the page heavy: they are on the account's own page. */
const mostFullTiles = 300
const mostFullResults = 60
const mostDrawnTiles = 100
const mostScripted = 24

export function portalView(input: PortalInput): PortalView {
  const { words, preferences, now, portal, entitlements } = input
  const path = portal === null ? '/' : `/portal/${portal.slug}`
  const favourites = roleMarks(preferences.favourites, () => true as const)
  const hides = roleMarks(preferences.hidden, () => true as const)
  const environments = rolesByEnvironment(
    entitlements.filter((entitlement) => !hides.of(entitlement)),
  )
  const accounts = accountsOf(environments)
  const shown = accounts.flatMap(({ held }) => held)
  const hidden = entitlements.filter((entitlement) => hides.of(entitlement))
  const makeTile = tileMaker({
    words,
    now,
    favourites,
    longestSeconds: (entitlement) => input.longestSeconds(entitlement),
    openUntil: roleMarks(preferences.recents, ({ endsAt }) => endsAt),
    region: preferences.settings.get('region') || null,
    countsDown: input.portal !== null,
  })
  const isSlim = shown.length > mostFullTiles
  const results = resultsOf(input, shown, favourites, makeTile)
  const countOfAll = words.portal.rolesInAccounts(shown.length, accounts.length)

  return {
    title: portal?.title[words.language] ?? words.portal.title,
    heading: headingOf(input),
    message: portal?.message?.[words.language] ?? null,
    dismissedAnnouncement: preferences.settings.get('dismissed') ?? null,
    csrfToken: input.csrfToken,
    path,
    query: input.query.trim(),
    count: results === null ? countOfAll : words.portal.roles(results.length),
    countOfAll,
    results,
    shelves:
      input.account === null ? shelvesView({ words, now, preferences, shown, makeTile }) : null,
    environments: environmentRows({
      words,
      environments,
      makeTile,
      isSlim,
      links: Map.groupBy(input.links, ({ target }) => target.account),
      path,
    }),
    filter: input.account === null ? filterTexts(environments, favourites) : null,
    mostScripted,
    isSlim,
    isLong: shown.length > mostDrawnTiles,
    isOneAccount: input.account !== null,
    isEmpty: entitlements.length === 0,
    hidden: hiddenOf(input, hidden, path, makeTile),
    regions: regionsOf(input),
    newTab: preferences.settings.get('newTab') === 'true',
    settings: settingsView(words, preferences.settings),
  }
}

function headingOf({ words, principal, account, entitlements, portal }: PortalInput): string {
  const first = account === null ? undefined : entitlements[0]
  const greeting = () => words.portal.greeting(words.firstName(principal.displayName))
  return first?.account.name ?? portal?.title[words.language] ?? greeting()
}

type MakeTile = ReturnType<typeof tileMaker>

function resultsOf(
  { query }: PortalInput,
  shown: readonly Entitlement[],
  favourites: RoleMarks<true>,
  makeTile: MakeTile,
): readonly Tile[] | null {
  if (query.trim() === '') return null
  const rows = shown.map((entitlement) => filterRow(entitlement, favourites))
  const ranked = rankTiles(rows, query)
  const isSlim = ranked.length > mostFullResults
  return ranked.map(({ entitlement }) => makeTile(entitlement, isSlim))
}

function hiddenOf(
  { words, showHidden }: PortalInput,
  hidden: readonly Entitlement[],
  path: string,
  makeTile: MakeTile,
): PortalView['hidden'] {
  if (hidden.length === 0) return null
  return {
    text: words.portal.hidden(hidden.length),
    href: `${path}?hidden=1#hidden`,
    tiles: showHidden ? hidden.map((entitlement) => makeTile(entitlement, true)) : [],
  }
}

function regionsOf({ entitlements, regions = [] }: PortalInput): readonly string[] {
  const found = new Set(regions)
  for (const { account, permissionSet } of entitlements) {
    if (account.region !== null) found.add(account.region)
    if (permissionSet.region !== null) found.add(permissionSet.region)
  }
  return [...found].sort()
}
