/** What stands above all roles: favourites, what is open now, what was opened last. */
import type { Entitlement } from '#domain/access.ts'
import type { PersonPreferences, RecentOpening } from '#ports'
import type { Words } from '../../words/words.ts'
import { roleKey, roleMarks } from './role-marks.ts'
import type { Instant, Tile } from './tile-view.ts'

export interface OpenTile extends Tile {
  /** Hundredths of the session that are left. */
  readonly ring: number
  readonly minutesLeft: number
  readonly left: string
  readonly ends: Instant
}

export interface RecentTile extends Tile {
  readonly used: string
}

export interface Shelves {
  readonly favourites: readonly Tile[]
  readonly open: readonly OpenTile[]
  readonly openHint: string
  readonly recents: readonly RecentTile[]
  readonly recentsTitle: string
  /** The other order, as value of the setting `order`. */
  readonly otherOrder: { readonly value: 'used' | 'latest'; readonly text: string }
}

export interface ShelvesInput {
  readonly words: Words
  readonly now: Date
  readonly preferences: PersonPreferences
  /** What is held and not hidden; favourites and recents may name more. */
  readonly shown: readonly Entitlement[]
  readonly makeTile: (entitlement: Entitlement, slim: boolean) => Tile
}

const mostRecents = 5

export function shelvesView(input: ShelvesInput): Shelves {
  const { words, preferences, now } = input
  const isByUse = preferences.settings.get('order') === 'used'
  const held = heldAmong(input)
  const known = preferences.recents.flatMap((opening) => {
    const entitlement = held.get(roleKey(opening))
    return entitlement ? [{ opening, entitlement }] : []
  })
  const ordered = isByUse ? known.toSorted((a, b) => b.opening.times - a.opening.times) : known
  const open = known.filter(({ opening }) => opening.endsAt > now)
  return {
    favourites: preferences.favourites.flatMap((role) => {
      const entitlement = held.get(roleKey(role))
      return entitlement ? [input.makeTile(entitlement, false)] : []
    }),
    open: open.map(({ opening, entitlement }) => openTile(input, opening, entitlement)),
    openHint: words.portal.fiveSessions(open.length),
    recents: ordered.slice(0, mostRecents).map(({ opening, entitlement }) => ({
      ...input.makeTile(entitlement, true),
      used: isByUse
        ? words.portal.opened(opening.times)
        : words.time.ago(secondsBetween(opening.openedAt, now)),
    })),
    recentsTitle: isByUse ? words.portal.mostUsed : words.portal.recent,
    otherOrder: isByUse
      ? { value: 'latest', text: words.portal.latestFirst }
      : { value: 'used', text: words.portal.mostUsedFirst },
  }
}

function heldAmong({ preferences, shown }: ShelvesInput): ReadonlyMap<string, Entitlement> {
  const wanted = roleMarks([...preferences.favourites, ...preferences.recents], roleKey)
  return new Map(
    shown.flatMap((entitlement) => {
      const key = wanted.of(entitlement)
      return key === undefined ? [] : [[key, entitlement] as const]
    }),
  )
}

function openTile(
  { words, now, makeTile }: ShelvesInput,
  { openedAt, endsAt }: RecentOpening,
  entitlement: Entitlement,
): OpenTile {
  const left = secondsBetween(now, endsAt)
  const whole = Math.max(1, secondsBetween(openedAt, endsAt))
  return {
    ...makeTile(entitlement, true),
    ring: Math.min(100, Math.round((100 * left) / whole)),
    minutesLeft: Math.floor(left / 60),
    left: words.time.left(left),
    ends: { at: endsAt.toISOString(), text: words.time.instant(endsAt) },
  }
}

function secondsBetween(from: Date, until: Date): number {
  return (until.getTime() - from.getTime()) / 1000
}
