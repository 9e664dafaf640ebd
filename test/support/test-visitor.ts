/** A browser without pages: keeps cookies and says of itself what a browser says of a navigation. */
import assert from 'node:assert/strict'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'

export type Site = 'none' | 'same-origin' | 'same-site' | 'cross-site'

export interface Visit {
  readonly method?: 'GET' | 'POST' | 'HEAD'
  /** Who made the browser come: default a typed address. */
  readonly site?: Site
  readonly headers?: Readonly<Record<string, string>>
  /** Posted as a form; `_csrf` is added from the last page seen unless given. */
  readonly form?: Readonly<Record<string, string>>
}

export interface TestVisitor {
  readonly cookies: Map<string, string>
  visit(path: string, visit?: Visit): Promise<LightMyRequestResponse>
  /** Posts a form of ours, with the token of the portal page. */
  submit(path: string, form: Readonly<Record<string, string>>): Promise<LightMyRequestResponse>
  signIn(person: string, provider?: string, to?: string): Promise<LightMyRequestResponse>
}

export function createTestVisitor(app: FastifyInstance): TestVisitor {
  const cookies = new Map<string, string>()

  async function visit(path: string, options: Visit = {}): Promise<LightMyRequestResponse> {
    const { method = options.form ? 'POST' : 'GET', site = 'none', headers = {}, form } = options
    const response = await app.inject({
      method,
      url: path,
      headers: {
        accept: 'text/html',
        'accept-language': 'en',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
        'sec-fetch-site': site,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...headers,
      },
      ...(form ? { payload: new URLSearchParams(form).toString() } : {}),
    })
    for (const { name, value, maxAge, expires } of response.cookies) {
      const isGone = maxAge === 0 || (expires !== undefined && expires.getTime() <= 0)
      if (isGone) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  return {
    cookies,
    visit,
    async submit(path, form) {
      const page = await visit('/')
      const token = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1]
      assert.ok(token, 'the portal page has a form with a token')
      return visit(path, { site: 'same-origin', form: { _csrf: token, ...form } })
    },
    async signIn(person, provider = 'company', to = '/') {
      const query = new URLSearchParams({ to })
      const start = await visit(`/sign-in/${provider}?${query.toString()}`)
      const state = new URL(start.headers.location ?? '').searchParams.get('state') ?? ''
      const answer = new URLSearchParams({ code: person, state })
      return visit(`/sign-in/${provider}/callback?${answer.toString()}`, { site: 'cross-site' })
    },
  }
}
