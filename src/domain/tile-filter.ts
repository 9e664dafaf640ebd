/**
 * The filter over tiles: every word must be found, in any order, with gaps allowed inside a word
 * ("prd adm" finds Production Administrator). Best match first. public/tile-filter.js is the same
 * rule for the browser; a test holds the two together.
 */

/** Normalised: words with one space between them, and a space at each end. */
export interface TileText {
  /** Role, account and environment as people call them. */
  readonly names: string
  /** Slugs, numbers, tags. */
  readonly rest: string
}

export interface FilterRow {
  /**
   * What a tile says, in parts that many tiles share, such as its account's: each part is looked
   * through once for all of them. No word of a query spans two parts, so the sum says the same.
   */
  readonly texts: readonly TileText[]
  /** Decides between equal matches, such as 0.5 for a favourite. */
  readonly boost: number
}

interface Term {
  readonly word: string
  readonly withGaps: RegExp
}

/** How well each word of the query is found in one text. */
type Levels = readonly { readonly inNames: number; readonly inRest: number }[]

const longestQuery = 100
const mostTerms = 8

export function tileText(names: readonly string[], rest: readonly string[]): TileText {
  return { names: ` ${normal(names.join(' '))} `, rest: ` ${normal(rest.join(' '))} ` }
}

/** Rows that match, best first; all of them, in their order, where the query says nothing. */
export function rankTiles<Row extends FilterRow>(
  rows: readonly Row[],
  query: string,
): readonly Row[] {
  const terms = termsOf(query)
  if (terms.length === 0) return rows
  const known = new Map<TileText, Levels>()
  const levelsOf = (text: TileText): Levels => {
    const levels = known.get(text) ?? levelsIn(text, terms)
    known.set(text, levels)
    return levels
  }
  const hits = rows.flatMap((row) => {
    const match = matchOf(row.texts.map(levelsOf), terms.length)
    return match === null ? [] : [{ row, ...match, score: match.score + row.boost }]
  })
  // A word with gaps is a guess: "prod" must not bring "playground" where something says prod.
  const hasPlain = hits.some(({ isGuess }) => !isGuess)
  return hits
    .filter(({ isGuess }) => !hasPlain || !isGuess)
    .sort((a, b) => b.score - a.score)
    .map(({ row }) => row)
}

function normal(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()
}

/** `[^ x]*x` can match in one way only, so that no query makes the pattern slow (CWE-1333). */
function termsOf(query: string): readonly Term[] {
  const words = normal(query.slice(0, longestQuery)).split(' ').filter(Boolean)
  return words.slice(0, mostTerms).map((word) => {
    const [first = '', ...others] = word
    const gaps = others.map((letter) => `[^ ${letter}]*${letter}`).join('')
    return { word, withGaps: new RegExp(` ${first}${gaps}`, 'u') }
  })
}

function levelsIn({ names, rest }: TileText, terms: readonly Term[]): Levels {
  return terms.map((term) => ({ inNames: levelOf(names, term), inRest: levelOf(rest, term) }))
}

function matchOf(
  levels: readonly Levels[],
  words: number,
): { readonly score: number; readonly isGuess: boolean } | null {
  let score = 0
  let isGuess = false
  for (let word = 0; word < words; word += 1) {
    const inNames = Math.max(...levels.map((text) => text[word]?.inNames ?? 0))
    const inRest = Math.max(...levels.map((text) => text[word]?.inRest ?? 0))
    const best = Math.max(inNames, inRest)
    if (best === 0) return null
    isGuess ||= best === 1
    score += Math.max(inNames === 0 ? 0 : inNames + 2, inRest)
  }
  return { score, isGuess }
}

/** A whole word 4, its beginning 3, anywhere 2, with gaps from its first letter on 1, else 0. */
function levelOf(text: string, { word, withGaps }: Term): number {
  if (text.includes(` ${word}`)) return text.includes(` ${word} `) ? 4 : 3
  if (text.includes(word)) return 2
  return withGaps.test(text) ? 1 : 0
}
