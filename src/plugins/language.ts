/** The language of a request: the visitor's own choice in a cookie, else what the browser prefers. */
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Type } from 'typebox'
import type { RunningConfig } from '#ports'
import { chooseLanguage, languages, readLanguage, type Language } from '../words/language-choice.ts'
import { LocalPath, type TypeBoxProvider } from './typebox-routes.ts'

const oneYearSeconds = 31_536_000

const Params = Type.Object({ language: Type.Union(languages.map((code) => Type.Literal(code))) })
const Query = Type.Object({ back: Type.Optional(LocalPath) })

export const language = fp<{ config: RunningConfig }>(
  async (app, { config }) => {
    const { publicUrl } = config.current().server
    const isHttps = publicUrl.protocol === 'https:'

    app
      .withTypeProvider<TypeBoxProvider>()
      .get(
        '/language/:language',
        { schema: { params: Params, querystring: Query } },
        async (request, reply) => {
          reply.setCookie(languageCookieName(isHttps), request.params.language, {
            path: '/',
            httpOnly: true,
            sameSite: 'lax',
            secure: isHttps,
            maxAge: oneYearSeconds,
          })
          return reply.redirect(localPath(request.query.back ?? '/', publicUrl), 303)
        },
      )
  },
  { name: 'language', dependencies: ['@fastify/cookie'] },
)

export function languageCookieName(isHttps: boolean): string {
  return isHttps ? '__Host-lang' : 'lang'
}

export function languageOf(request: FastifyRequest): Language {
  // A request refused before cookies were read has none.
  const cookies = new Map(Object.entries(request.cookies ?? {}))
  const chosen = [true, false].map((isHttps) => cookies.get(languageCookieName(isHttps)))
  return chooseLanguage(
    chosen.find((value) => readLanguage(value) !== null),
    request.headers['accept-language'],
  )
}

/** Home for whatever a parser reads as another site (CWE-601): `//evil.example`, `/\evil.example`. */
function localPath(back: string, publicUrl: URL): string {
  if (!back.startsWith('/') || !URL.canParse(back, publicUrl)) return '/'
  const url = new URL(back, publicUrl)
  const isOurs = url.origin === publicUrl.origin && !url.pathname.startsWith('//')
  return isOurs ? `${url.pathname}${url.search}` : '/'
}
