/** One role as a tile: where it leads, for how long, why, and with what in the drawer. */
import type { Entitlement } from '#domain/access.ts'
import type { Account, PermissionSet } from '#domain/access-policy.ts'
import { defaultDestination } from '#domain/opening-plan.ts'
import type { Words } from '../../words/words.ts'
import type { RoleMarks } from './role-marks.ts'

export interface Tile {
  readonly href: string
  /** `account-slug/permission-set`: what the forms of the page send. */
  readonly role: string
  readonly name: string
  readonly account: string
  readonly environment: string | null
  readonly colour: string
  readonly isCaution: boolean
  readonly meta: string
  /** Where the access itself ends. */
  readonly until: AccessEnd | null
  readonly open: { readonly minutes: number; readonly text: string } | null
  readonly isFavourite: boolean
  /** Why one holds the role, where neither its tools nor its account say it. */
  readonly because: string | null
  /** Null on slim tiles. */
  readonly tools: TileTools | null
}

export interface Instant {
  /** ISO 8601. */
  readonly at: string
  readonly text: string
}

export interface AccessEnd extends Instant {
  /** Counted down in the last days, and all the way on a portal; null where the date says enough. */
  readonly left: string | null
  /** In the last days: marked like a caution. */
  readonly isSoon: boolean
}

export interface TileTools {
  readonly copyLabel: string
  readonly starLabel: string
  readonly moreLabel: string
  /** `/go/…` without options: works for everybody who holds the role. */
  readonly link: string
  /** Where the form of the drawer leads. */
  readonly action: string
  readonly durations: readonly { readonly value: string; readonly text: string }[]
  /** Where the role opens unless something else is asked for. */
  readonly usualPage: string
  readonly because: string
}

export interface TileContext {
  readonly words: Words
  readonly now: Date
  longestSeconds(entitlement: Entitlement): number
  readonly favourites: RoleMarks<true>
  /** The end of what was opened last. */
  readonly openUntil: RoleMarks<Date>
  /** The Region of the person's own settings. */
  readonly region: string | null
  /** On a portal of their own people are for a while, and want to know how long. */
  readonly countsDown: boolean
}

/** The last days of an access: whoever needs it longer has time to ask. */
const lastDaysSeconds = 7 * 86_400

const shorterSpans = [
  ['15m', 900],
  ['30m', 1_800],
  ['1h', 3_600],
  ['2h', 7_200],
  ['4h', 14_400],
  ['8h', 28_800],
] as const

/** `saysWhy`: slim tiles do, unless the account says it for all of its own. */
export type TileMaker = (entitlement: Entitlement, slim: boolean, saysWhy?: boolean) => Tile

/** Makes tiles. There may be 5,000, so what they share is written once. */
export function tileMaker(context: TileContext): TileMaker {
  const { words, now, favourites, openUntil, region } = context
  const query = region === null ? '' : `?region=${encodeURIComponent(region)}`
  const pathOf = remembered(({ slug }: Account | PermissionSet) => `/${encodeURIComponent(slug)}`)
  const spanOf = remembered((seconds: number) => words.time.upTo(seconds))
  const becauseOf = remembered((assignment: string) => words.portal.tile.because(assignment))
  const endOf = remembered((at: number) => accessEnd(context, new Date(at)))

  return (entitlement, slim, saysWhy = slim) => {
    const { account, permissionSet, endsAt } = entitlement
    const seconds = trueSeconds(context, entitlement)
    const link = `/go${pathOf(account)}${pathOf(permissionSet)}`
    const description = slim ? null : permissionSet.description
    return {
      href: link + query,
      role: `${account.slug}/${permissionSet.slug}`,
      name: permissionSet.name,
      account: account.name,
      environment: account.environment?.name ?? null,
      colour: account.environment?.colour ?? 'none',
      isCaution: permissionSet.caution !== null,
      meta: description ? `${description} · ${spanOf(seconds)}` : spanOf(seconds),
      until: endsAt && endOf(endsAt.getTime()),
      open: openOf(words, openUntil.of(entitlement), now),
      isFavourite: favourites.of(entitlement) === true,
      because: saysWhy ? becauseOf(entitlement.assignment) : null,
      tools: slim ? null : toolsOf(words, entitlement, seconds, link),
    }
  }
}

function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}

function accessEnd({ words, now, countsDown }: TileContext, at: Date): AccessEnd {
  const seconds = (at.getTime() - now.getTime()) / 1000
  const isSoon = seconds <= lastDaysSeconds
  const left = countsDown || isSoon ? words.time.countdown(seconds) : null
  return { at: at.toISOString(), text: words.time.day(at), left, isSoon }
}

/** What AWS will give, and no longer than the access itself lasts. */
function trueSeconds(context: TileContext, entitlement: Entitlement): number {
  const { endsAt } = entitlement
  const longest = context.longestSeconds(entitlement)
  if (endsAt === null) return longest
  return Math.max(
    0,
    Math.min(longest, Math.floor((endsAt.getTime() - context.now.getTime()) / 1000)),
  )
}

function openOf(words: Words, endsAt: Date | undefined, now: Date): Tile['open'] {
  if (endsAt === undefined || endsAt <= now) return null
  const seconds = (endsAt.getTime() - now.getTime()) / 1000
  return { minutes: Math.floor(seconds / 60), text: words.time.left(seconds) }
}

function toolsOf(words: Words, entitlement: Entitlement, seconds: number, link: string): TileTools {
  const { account, permissionSet, assignment } = entitlement
  const { tile } = words.portal
  const label = `${account.name} ${permissionSet.name}`
  return {
    copyLabel: tile.copyLink(label),
    starLabel: tile.favourite(label),
    moreLabel: tile.more(label),
    link,
    action: link.replace('/go/', '/open/'),
    durations: [
      { value: '', text: tile.longest(words.time.span(seconds)) },
      ...shorterSpans
        .filter(([, length]) => length < seconds)
        .map(([value, length]) => ({ value, text: words.time.span(length) })),
    ],
    usualPage: permissionSet.destination ?? account.destination ?? defaultDestination,
    because: tile.because(assignment),
  }
}
