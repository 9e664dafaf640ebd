import { createHash } from 'node:crypto'

import type { Answer } from './double-listener.ts'
import { html, Html } from './markup.ts'

const style = `
:root { color-scheme: light dark; --ground: #f4f5f7; --paper: #fff; --ink: #16191f; --quiet: #4d5666;
  --line: #d5dbe3; --bar: #1f2a3a; --on-bar: #fff; --link: #0a58b0; --mark: #8a4b00; --mark-ground: #fff4e0 }
@media (prefers-color-scheme: dark) { :root { --ground: #12161d; --paper: #1b212b; --ink: #eceff4;
  --quiet: #b3bccb; --line: #364152; --bar: #0b0f15; --link: #8ab8ff; --mark: #ffc46b; --mark-ground: #33270f } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
header { background: var(--bar); color: var(--on-bar); padding: .75rem 1.5rem }
header p { margin: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; justify-content: space-between }
main { max-width: 60rem; margin: 2rem auto; padding: 0 1.5rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
.paper { background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; padding: 1.5rem }
.pretend { color: var(--quiet); margin: 1.5rem 0 0 }
.notice { background: var(--mark-ground); color: var(--mark); border-radius: .5rem; padding: .75rem 1rem; margin: 1rem 0 0 }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .4rem 1.5rem; margin: 0 }
dt { color: var(--quiet) } dd { margin: 0; overflow-wrap: anywhere }
a { color: var(--link) } code { font: .95em ui-monospace, monospace; overflow-wrap: anywhere }
ul { margin: 0; padding-left: 1.25rem }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .6rem } }
`

/**
 * The hash never reaches a server, so only the page itself can show it. Printed without any space
 * around it: the policy below names the digest of exactly this text.
 */
const hashScript = `document.querySelector('#hash')?.append(location.hash)`

export interface DoublePage {
  readonly status: number
  readonly title: string
  /** What the bar at the top says; AWS's own name is kept out of it, lest it be taken for AWS. */
  readonly bar: Html
  readonly main: Html
  readonly cause?: string
}

/** Every page of the double: plain, readable in light and dark, and never mistaken for AWS's own. */
export function pageAnswer({ status, title, bar, main, cause }: DoublePage): Answer {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <header><p>${bar}</p></header>
        <main>
          ${main}
          <p class="pretend">
            This is a pretend page of the AWS double. There is no AWS account behind it.
          </p>
        </main>
        ${new Html(`<script>${hashScript}</script>`)}
      </body>
    </html>`
  return { status, headers: pageHeaders, body: page.text, cause }
}

/** Inline style as it pleases, but no script other than the one above. */
const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': [
    "default-src 'none'",
    'img-src data:',
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${createHash('sha256').update(hashScript).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
}
