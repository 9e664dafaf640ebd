import { text } from 'node:stream/consumers'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'

import type { DemoPerson } from '../identity-provider.ts'
import { loginPage, providerErrorPage, showPage, styleSheet } from './interaction-pages.ts'
import type { LoginForm } from './interaction-pages.ts'

interface Surroundings {
  title: string
  people: () => readonly DemoPerson[]
}

type Context = Parameters<Parameters<Provider['use']>[0]>[0]

/** The pages a person sees on the way from the authorization request to the callback. */
export function serveInteractions(provider: Provider, { title, people }: Surroundings): void {
  provider.use(async (context, next) => {
    if (context.path === '/style.css') {
      context.type = 'css'
      context.body = styleSheet
    } else if (context.path === '/auth') {
      consentToRefreshing(context)
      await next()
    } else if (context.path.startsWith('/interaction/')) {
      await interact(context).catch((error: unknown) => {
        if (!(error instanceof errors.SessionNotFound)) throw error
        context.status = 400
        showPage(context, providerErrorPage(title, 'This sign-in took too long', startAgain))
      })
    } else {
      await next()
    }
  })

  async function interact(context: Context): Promise<void> {
    const { prompt } = await provider.interactionDetails(context.req, context.res)
    if (prompt.name === 'consent') return finish(context, { consent: {} })
    if (context.method !== 'POST') return showLogin(context, prefilled(context.query['as']))

    const form = new URLSearchParams(await text(context.req))
    if (form.has('cancel')) return finish(context, { error: 'access_denied' })
    const username = form.get('username') ?? ''
    const person = people().find((candidate) => candidate.username === username)
    if (person && person.password === form.get('password')) {
      return finish(context, { login: { accountId: person.subject } })
    }
    context.status = 401
    showLogin(context, { username, password: '', refused: true })
  }

  function finish(context: Context, result: Record<string, unknown>): Promise<void> {
    context.respond = false
    return provider.interactionFinished(context.req, context.res, result)
  }

  function showLogin(context: Context, form: LoginForm): void {
    showPage(context, loginPage(title, people(), form))
  }

  function prefilled(username: unknown): LoginForm {
    const person = people().find((candidate) => candidate.username === username)
    const { username: known = '', password = '' } = person ?? {}
    return { username: known, password, refused: false }
  }
}

const startAgain = 'Go back to the application and sign in again.'

/**
 * oidc-provider drops `offline_access` unless consent is asked for (OpenID Connect Core, 11).
 * Like most providers of companies this one takes consent as given, also by clients that do
 * not ask.
 */
function consentToRefreshing(context: Context): void {
  const { scope = '', prompt = '' } = context.query
  if (![scope].flat().join(' ').split(' ').includes('offline_access')) return
  if (typeof prompt !== 'string' || prompt === 'none' || prompt.includes('consent')) return
  context.query = { ...context.query, prompt: `${prompt} consent`.trim() }
}
