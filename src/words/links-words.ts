/** The words of the page that makes permanent links. */
import type { ConsolePage, ConsolePageKind } from '../domain/console-page.ts'
import type { DestinationRefusal } from '../domain/destination.ts'
import { enLinks } from './en-links.ts'
import { jaLinks } from './ja-links.ts'
import type { Language } from './language-choice.ts'

export interface LinksWords {
  readonly title: string
  readonly heading: string
  readonly explanation: string
  readonly paste: string
  readonly address: string
  readonly account: string
  readonly accountInAddress: string
  readonly role: string
  readonly firstRole: string
  readonly make: string
  readonly made: string
  readonly link: string
  readonly copy: string
  readonly tryIt: string
  readonly page: string
  readonly region: string
  readonly usualRegion: string
  readonly caution: string
  found(number: string): string
  notHeld(number: string): string
  otherAccount(number: string, place: string): string
  roleNotThere(role: string, place: string): string
  readonly chooseAccount: string
  readonly noRoles: string
  readonly refusals: Readonly<Record<DestinationRefusal, (host: string | null) => string>>
  readonly otherPartition: string
  leftOutSession(part: string): string
  readonly leftOutSignIn: string
  readonly named: string
  readonly namedColumns: { readonly link: string; readonly opens: string; readonly page: string }
  copyNamed(name: string): string
  /** `CloudWatch log group` */
  pageName(page: ConsolePage): string
}

export type PageKindWords = Readonly<Record<Exclude<ConsolePageKind, 'home'>, string>>

const byLanguage: Readonly<Record<Language, LinksWords>> = { en: enLinks, ja: jaLinks }

export function linksWordsFor(language: Language): LinksWords {
  return byLanguage[language]
}
