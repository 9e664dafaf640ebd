import type { Answer } from './double-listener.ts'
import { pageAnswer } from './double-page.ts'
import { html } from './markup.ts'

const bar = html`<strong>Pretend sign-in</strong>`

/** AWS's refusal: a 400 page that never says why. The cause goes into the record alone. */
export function badRequestPage(cause: string): Answer {
  return pageAnswer({
    status: 400,
    title: 'Something went wrong',
    bar,
    main: html`<div class="paper">
      <h1>Something went wrong</h1>
      <p>We could not process this request. Please go back and try again.</p>
    </div>`,
    cause,
  })
}

export function notFoundPage(): Answer {
  return pageAnswer({
    status: 404,
    title: 'Not found',
    bar,
    main: html`<div class="paper"><h1>There is no such page</h1></div>`,
    cause: 'the sign-in host has no such path',
  })
}

/** What a browser without multi-session meets that is signed in to another account. */
export function mustSignOutPage(logoutUrl: string): Answer {
  return pageAnswer({
    status: 400,
    title: 'You must first log out',
    bar,
    main: html`<div class="paper" data-testid="must-log-out">
      <h1>You must first log out before logging into a different AWS account</h1>
      <p>To log out, <a href="${logoutUrl}">click here</a>.</p>
    </div>`,
    cause: 'the browser is signed in to another account',
  })
}

export function tooManySessionsPage(logoutUrl: string): Answer {
  return pageAnswer({
    status: 400,
    title: 'Too many sessions',
    bar,
    main: html`<div class="paper" data-testid="too-many-sessions">
      <h1>You already have five sessions</h1>
      <p>
        Sign out of one of them before you open another, or
        <a href="${logoutUrl}">sign out of all sessions</a>.
      </p>
    </div>`,
    cause: 'the browser has five sessions open',
  })
}

/** Neutral: where a sign-out lands whose redirect_uri was not followed. */
export function signedOutPage(): Answer {
  return pageAnswer({
    status: 200,
    title: 'Signed out',
    bar,
    main: html`<div class="paper" data-testid="signed-out">
      <h1>You have been signed out</h1>
      <p>All console sessions of this browser have ended.</p>
    </div>`,
  })
}
