/**
 * Pages: `reply.page(name, view)` prints a template of views/ inside the frame. Templates print and
 * view models decide; everything is escaped but the layout's body.
 */
import view from '@fastify/view'
import { Eta } from 'eta'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Clock, RunningConfig } from '#ports'
import { wordsFor, type Words } from '../words/words.ts'
import { branding } from './branding.ts'
import { languageOf } from './language.ts'
import { frameOf } from './page-frame.ts'
import type { Visitor } from './visitor.ts'

/**
 * Each page's view by the page's name; features add theirs, so that a wrong view does not compile. A
 * view with a `title` names its page; one with `dismissedAnnouncement` (a hash, or null) shows the
 * announcement to people who are signed in.
 */
export interface Pages {
  'signed-out': { readonly signInHref: string }
}

export interface ViewOptions {
  readonly config: RunningConfig
  readonly clock: Clock
  visitorOf(request: FastifyRequest): Visitor | null
  /** Asked only for people who are signed in: their frame holds a form. */
  csrfToken(reply: FastifyReply): string | Promise<string>
}

export interface PageOptions {
  /** 200 unless said. */
  readonly status?: number
}

declare module 'fastify' {
  interface FastifyReply {
    page<Name extends keyof Pages>(
      name: Name,
      view: Pages[Name],
      options?: PageOptions,
    ): FastifyReply
  }
}

const templates = folder('../../views')

export const views = fp<ViewOptions>(
  async (app, options) => {
    const assets = await assetAddresses()
    await app.register(view, {
      engine: { eta: new Eta({ views: templates, cache: true, autoEscape: true }) },
      root: templates,
      layout: 'layout.eta',
      production: true,
    })
    app.decorateReply('page', function (name, pageView, { status = 200 } = {}) {
      this.code(status)
      print(this, name, pageView).catch((error: unknown) => this.send(error))
      return this
    })
    app.register(branding, { config: options.config })

    async function print(reply: FastifyReply, name: string, pageView: object): Promise<void> {
      const { request } = reply
      const visitor = options.visitorOf(request)
      const words = wordsFor(languageOf(request))
      const frame = frameOf({
        request,
        page: name,
        title: titleOf(name, pageView, words),
        words,
        settings: options.config.current(),
        visitor,
        csrfToken: visitor ? await options.csrfToken(reply) : '',
        dismissed: dismissedIn(pageView),
      })
      reply.header('content-language', words.language)
      await reply.view(`${name}.eta`, { ...pageView, frame, words, assets })
    }
  },
  { name: 'views', dependencies: ['language'] },
)

function titleOf(name: string, pageView: object, words: Words): string {
  const title: unknown = Reflect.get(pageView, 'title')
  if (typeof title === 'string') return title
  return name === 'signed-out' ? words.signedOut.title : words.portal.title
}

function dismissedIn(pageView: object): string | null | undefined {
  const hash: unknown = Reflect.get(pageView, 'dismissedAnnouncement')
  return hash === null || typeof hash === 'string' ? hash : undefined
}

/** The content's hash is part of the address, so that no browser mixes two versions. */
async function assetAddresses(): Promise<
  Readonly<Record<'style' | 'script' | 'filter' | 'icon', string>>
> {
  const address = async (file: string) => {
    const content = await readFile(`${folder('../../public')}/${file}`)
    const version = createHash('sha256').update(content).digest('hex').slice(0, 8)
    return `/static/${file}?v=${version}`
  }
  return {
    style: await address('style.css'),
    script: await address('app.js'),
    filter: await address('tile-filter.js'),
    icon: await address('icon.svg'),
  }
}

function folder(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url))
}
