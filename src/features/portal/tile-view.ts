/** One role as a tile: where it leads, for how long, why, and with what in the drawer. */
import type { Entitlement } from '#domain/access.ts'
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
  readonly until: Instant | null
  readonly open: { readonly minutes: number; readonly text: string } | null
  readonly isFavourite: boolean
  /** Null on slim tiles. */
  readonly tools: TileTools | null
}

export interface Instant {
  /** ISO 8601. */
  readonly at: string
  readonly text: string
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
}

const shorterSpans = [
  ['15m', 900],
  ['30m', 1_800],
  ['1h', 3_600],
  ['2h', 7_200],
  ['4h', 14_400],
  ['8h', 28_800],
] as const

/** Makes tiles, with words shared between tiles of the same permission set: there may be 5,000. */
export function tileMaker(context: TileContext): (entitlement: Entitlement, slim: boolean) => Tile {
  const { words, now, favourites, openUntil, region } = context
  const query = region === null ? '' : `?region=${encodeURIComponent(region)}`
  const metaOf = remembered<string>()
  const untilOf = remembered<Instant>()

  return (entitlement, slim) => {
    const { account, permissionSet, endsAt } = entitlement
    const seconds = trueSeconds(context, entitlement)
    return {
      href: addressOf(entitlement) + query,
      role: `${account.slug}/${permissionSet.slug}`,
      name: permissionSet.name,
      account: account.name,
      environment: account.environment?.name ?? null,
      colour: account.environment?.colour ?? 'none',
      isCaution: permissionSet.caution !== null,
      meta: metaOf(`${permissionSet.slug} ${seconds} ${slim}`, () =>
        [slim ? null : permissionSet.description, words.time.upTo(seconds)]
          .filter(Boolean)
          .join(' · '),
      ),
      until:
        endsAt &&
        untilOf(String(endsAt.getTime()), () => ({
          at: endsAt.toISOString(),
          text: words.time.day(endsAt),
        })),
      open: openOf(words, openUntil.of(entitlement), now),
      isFavourite: favourites.of(entitlement) === true,
      tools: slim ? null : toolsOf(words, entitlement, seconds),
    }
  }
}

function remembered<Value>(): (key: string, make: () => Value) => Value {
  const known = new Map<string, Value>()
  return (key, make) => {
    const value = known.get(key) ?? make()
    known.set(key, value)
    return value
  }
}

/** As `openingPath` prints it, without its cost: there may be 5,000 on a page. */
function addressOf({ account, permissionSet }: Entitlement): string {
  return `/go/${encodeURIComponent(account.slug)}/${encodeURIComponent(permissionSet.slug)}`
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

function toolsOf(words: Words, entitlement: Entitlement, seconds: number): TileTools {
  const { account, permissionSet, assignment } = entitlement
  const { tile } = words.portal
  const label = `${account.name} ${permissionSet.name}`
  const link = addressOf(entitlement)
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
