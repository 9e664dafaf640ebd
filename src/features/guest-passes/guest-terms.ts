/** The terms as a guest sees them, and a mark of that text: the config may say something else tomorrow. */
import { createHash } from 'node:crypto'
import type { LocalisedText } from '#domain/settings.ts'
import { passWordsFor } from '../../words/pass-words.ts'
import type { Words } from '../../words/words.ts'

export interface GuestTerms {
  readonly lines: readonly string[]
  /** Language and the first 16 hex digits of SHA-256 of the lines, joined by newlines: `en 1a2b…`. */
  readonly mark: string
}

/** `configured`: null for the usual ones, which name the sponsor. */
export function guestTerms(
  { language }: Words,
  configured: LocalisedText | null,
  sponsor: string,
): GuestTerms {
  const lines =
    configured === null
      ? passWordsFor(language).guest.usualTerms(sponsor)
      : configured[language].trim().split(/\n+/)
  const hash = createHash('sha256').update(lines.join('\n')).digest('hex')
  return { lines, mark: `${language} ${hash.slice(0, 16)}` }
}
