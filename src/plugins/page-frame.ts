/**
 * What stands around every page: title, navigation, who is signed in, language, announcement, footer.
 * Owns: which of it this visitor sees. Leaves to others: the words (src/words) and the page itself.
 */
import type { FastifyRequest } from 'fastify'
import { createHash } from 'node:crypto'
import { readReturnTarget, openingPath } from '#domain/return-target.ts'
import type { LocalisedText, Settings } from '#domain/settings.ts'
import type { Words } from '../words/words.ts'
import { accentPath, logoPath } from './branding.ts'
import { contactLink, type ContactLink } from './contact-link.ts'
import type { Visitor } from './visitor.ts'

export interface Frame {
  readonly language: string
  readonly title: string
  readonly brand: {
    readonly name: string
    readonly logoHref: string | null
    /** `関所` beside our own name only. */
    readonly isOurs: boolean
  }
  readonly nav: readonly NavItem[]
  readonly me: Me | null
  /** Empty for strangers. */
  readonly csrfToken: string
  readonly languageSwitch: { readonly href: string; readonly language: string }
  readonly announcement: Announcement | null
  readonly contact: ContactLink | null
  readonly help: ContactLink | null
  readonly requestId: string
  /** This page, as an address that changes nothing and opens nothing at once. */
  readonly here: string
  readonly accentHref: string | null
}

interface NavItem {
  readonly href: string
  readonly text: string
  readonly isCurrent: boolean
}

interface Me {
  readonly name: string
  readonly email: string | null
  readonly provider: string
  readonly signInEndsAt: string
  readonly signInEnds: string
}

interface Announcement {
  readonly text: string
  /** Of the text in all languages: what a dismissal remembers. */
  readonly hash: string
  readonly mayDismiss: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Pages of this route, problems included, show guests from outside nothing of the company. */
    isBare?: boolean
  }
}

export function isBare(request: FastifyRequest): boolean {
  return request.routeOptions.config.isBare === true
}

export interface FrameContext {
  readonly request: FastifyRequest
  readonly page: string
  readonly title: string
  readonly words: Words
  readonly settings: Settings
  readonly visitor: Visitor | null
  readonly csrfToken: string
  /** Hash of the announcement that this person dismissed; undefined where the page does not know. */
  readonly dismissed: string | null | undefined
}

export function frameOf(context: FrameContext): Frame {
  const { request, title, words, settings, visitor, csrfToken } = context
  const { name, logoFile, accent, help, contact } = settings.branding
  const here = herePath(request)
  const bare = isBare(request)
  const other = words.language === 'en' ? 'ja' : 'en'
  const back = new URLSearchParams({ back: here }).toString()
  return {
    language: words.language,
    title: `${title} · ${name}`,
    brand: {
      name,
      // Browsers keep the picture for an hour: another file must have another address.
      logoHref: logoFile === null ? null : `${logoPath}?v=${shortHash(logoFile)}`,
      isOurs: logoFile === null && name === 'Sekisho',
    },
    nav: visitor && !bare ? navigation(context, visitor) : [],
    me: visitor && !bare ? meOf(visitor, words) : null,
    csrfToken,
    languageSwitch: { href: `/language/${other}?${back}`, language: other },
    announcement: bare ? null : announcementFor(context),
    contact: bare ? null : contactLink(contact, null),
    help: bare ? null : contactLink(help, null),
    requestId: request.id,
    here,
    accentHref: accent === null ? null : `${accentPath}?v=${accent.slice(1)}`,
  }
}

function navigation({ page, words }: FrameContext, { may }: Visitor): NavItem[] {
  const { roles, links, passes, audit } = words.frame
  const item = (href: string, text: string, pageOfItem: string) => ({
    href,
    text,
    isCurrent: page === pageOfItem,
  })
  return [
    item('/', roles, 'portal'),
    item('/links', links, 'links'),
    ...(may.givePasses ? [item('/passes', passes, 'passes')] : []),
    ...(may.readAudit ? [item('/audit', audit, 'audit')] : []),
  ]
}

function meOf({ principal, providerName, signInEndsAt }: Visitor, words: Words): Me {
  return {
    name: principal.displayName,
    email: principal.email,
    provider: providerName,
    signInEndsAt: signInEndsAt.toISOString(),
    signInEnds: words.time.instant(signInEndsAt),
  }
}

/** Strangers read it before they sign in; people read it where they can also put it away. */
function announcementFor({ settings, visitor, words, dismissed }: FrameContext) {
  const { announcement } = settings
  if (announcement === null || (visitor && dismissed === undefined)) return null
  const hash = announcementHash(announcement)
  return hash === dismissed
    ? null
    : { text: announcement[words.language], hash, mayDismiss: visitor !== null }
}

export function announcementHash({ en, ja }: LocalisedText): string {
  return shortHash(`${en}\0${ja}`)
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/**
 * Where the language switch and "Try again" lead. Never `/go/…`: our own link there would open a role
 * that another site asked for, without the question. Nor a callback, whose answer counts once.
 */
function herePath({ method, url }: FastifyRequest): string {
  if (method !== 'GET') return '/'
  const signIn = /^\/sign-in\?(.*)$/s.exec(url)?.[1]
  if (signIn !== undefined) return signInPath(new URLSearchParams(signIn))
  const target = readReturnTarget(url.replace(/^\/open\//, '/go/'))
  if (target === null) return '/'
  switch (target.kind) {
    case 'opening':
      return openingPath(target, {}).replace(/^\/go\//, '/open/')
    case 'portal':
    case 'page':
    case 'pass':
      return url
    case 'link':
      return '/'
    default:
      return target satisfies never
  }
}

/** A foreign link stays a foreign one: the click on our switch must not make it the person's own. */
function signInPath(given: URLSearchParams): string {
  const query = new URLSearchParams({ intent: 'ask' })
  const to = given.get('to')
  if (to !== null) query.set('to', to)
  return `/sign-in?${query.toString()}`
}
