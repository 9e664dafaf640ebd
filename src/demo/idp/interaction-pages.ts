import { Html, html } from '../aws/markup.ts'
import type { DemoPerson } from '../identity-provider.ts'

export interface LoginForm {
  username: string
  password: string
  /** Whether the last try had the wrong name or password. */
  refused: boolean
}

/** What is needed of Koa's context to answer with a page. */
interface PageContext {
  type: string
  body: unknown
  set(field: string, value: string): void
}

/**
 * No `form-action`: Chromium applies it to every redirect after a form, and this form's lead
 * through the client to wherever that sends people.
 */
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"

export function showPage(context: PageContext, page: Html): void {
  context.type = 'text/html; charset=utf-8'
  context.set('content-security-policy', contentSecurityPolicy)
  context.set('cache-control', 'no-store')
  context.body = page.text
}

export function loginPage(title: string, people: readonly DemoPerson[], form: LoginForm): Html {
  const notice = form.refused
    ? html`<p class="refused" role="alert" id="refused">
        There is no such user name and password.
      </p>`
    : html``
  const described = form.refused ? html` aria-describedby="refused"` : html``
  return layout(
    title,
    'Sign in',
    html`${notice}
      <form method="post">
        <label for="username">User name</label>
        <input
          id="username"
          name="username"
          value="${form.username}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          autofocus
          required${described}
        />
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          value="${form.password}"
          autocomplete="current-password"
          required${described}
        />
        <button type="submit">Sign in</button>
        <button type="submit" name="cancel" value="yes" class="quiet" formnovalidate>Cancel</button>
      </form>
      <section aria-labelledby="people">
        <h2 id="people">Who can sign in</h2>
        <p>
          This is a demo: these people and their passwords are no secret. A name fills in the form.
        </p>
        <ul>
          ${people.map(personItem)}
        </ul>
      </section>`,
  )
}

function personItem({ username, password, name, groups }: DemoPerson): Html {
  const groupNames = Array.isArray(groups) ? groups.map(String) : []
  const membership = groupNames.length > 0 ? `in ${groupNames.join(', ')}` : 'in no group'
  return html`<li>
    <a href="?as=${encodeURIComponent(username)}">${username}</a>, password <code>${password}</code>
    <span>${name}, ${membership}</span>
  </li>`
}

/** @param form oidc-provider's own, with its hidden fields and without a button */
export function logoutPage(title: string, form: string): Html {
  const withButtons = form.replace(
    '</form>',
    `<button type="submit" name="logout" value="yes" autofocus>Sign out</button>
     <button type="submit" class="quiet">Stay signed in here</button></form>`,
  )
  return layout(
    title,
    'Sign out?',
    html`<p>The application asks to sign you out at ${title} as well.</p>
      ${new Html(withButtons)}`,
  )
}

export function loggedOutPage(title: string): Html {
  return layout(title, 'Signed out', html`<p>You are signed out. You can close this page.</p>`)
}

export function providerErrorPage(title: string, error: string, description = ''): Html {
  return layout(
    title,
    'This did not work',
    html`<p>${error}</p>
      <p>${description}</p>`,
  )
}

function layout(title: string, heading: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${heading} · ${title}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>${title}</header>
        <main>
          <h1>${heading}</h1>
          ${content}
        </main>
      </body>
    </html>`
}

/** Plain on purpose: nobody should take the provider for a part of the broker. */
export const styleSheet = `
:root { color-scheme: light dark; --ink: light-dark(#1d2430, #e8eaee); --ground: light-dark(#eef1f4, #14181f);
  --card: light-dark(#fff, #1e242e); --edge: light-dark(#6c7684, #8a94a3); --act: light-dark(#0b5d57, #7fd6cd);
  --bad: light-dark(#a1260d, #ff9d85) }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
header, main { max-width: 27rem; margin: 1.5rem auto; padding: 0 1.5rem }
header { font-weight: 700 }
main { padding-block: 1.5rem; background: var(--card); border-radius: 8px; overflow-wrap: anywhere }
h1 { margin: 0 0 1rem; font-size: 1.5rem }
h2 { margin: 2rem 0 .5rem; font-size: 1rem }
label { display: block; margin: .75rem 0 .25rem; font-weight: 600 }
input, button { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--edge); border-radius: 4px }
button { margin-top: 1rem; background: var(--act); border-color: var(--act); color: var(--card); font-weight: 600; cursor: pointer }
button.quiet { margin-top: .5rem; background: none; color: var(--act) }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
a { color: var(--act) }
ul { padding: 0; list-style: none }
li { padding: .5rem 0; border-top: 1px solid var(--edge) }
li a { display: inline-block; min-height: 1.5rem }
li span { display: block; font-size: .875rem }
.refused { color: var(--bad); font-weight: 600 }
`
