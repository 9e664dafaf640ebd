import { browserCookieName, browserOf } from './console-sessions.ts'
import type { ConsoleSession, ConsoleSessions } from './console-sessions.ts'
import type { Answer, Call, DoubleSite } from './double-listener.ts'
import { pageAnswer } from './double-page.ts'
import { html } from './markup.ts'
import type { Html } from './markup.ts'
import { policyEndsAt } from './session-policy.ts'

export interface ConsoleWorld {
  readonly clock: () => Date
  readonly signInOrigin: string
  readonly accountAliases: Readonly<Record<string, string>>
  readonly consoleSessions: ConsoleSessions
}

/** The console itself: one page for every path, which says who arrived where, and for how long. */
export function consoleDouble(world: ConsoleWorld): DoubleSite {
  return {
    at: () => 'console',
    regionOf: ({ region }) => region,
    answer: (call) => answer(call, world),
  }
}

function answer(call: Call, world: ConsoleWorld): Answer {
  const now = world.clock()
  const browser = browserOf(call, browserCookieName(world.signInOrigin))
  const open = world.consoleSessions.openIn(browser, now)
  const [latest] = open
  if (!latest) return expiredPage(world.consoleSessions.lastIssuerIn(browser))

  const { accountId, roleName } = latest
  const alias = world.accountAliases[accountId]
  return pageAnswer({
    status: 200,
    title: `${roleName} in ${alias ?? accountId} · pretend console`,
    bar: html`<strong>Pretend console</strong> <span>${roleName} @ ${alias ?? accountId}</span>`,
    main: html`<div class="paper">
        <h1>You are in the console as ${roleName}</h1>
        <dl>${facts(latest, call, alias, now)}</dl>
        ${policyNotice(latest, now)}
      </div>
      ${sessionList(open, now)}
      <p>
        <a href="${world.signInOrigin}/oauth?Action=logout" data-testid="sign-out"
          >Sign out of all sessions</a
        >
      </p>`,
  })
}

function facts(
  session: ConsoleSession,
  call: Call,
  alias: string | undefined,
  now: Date,
): readonly Html[] {
  const { role, expiresAt } = session
  const tags = Object.entries(role.tags).map(([key, value]) => `${key}=${value}`)
  const search = /\?.*/.exec(call.url)?.[0] ?? ''
  return [
    fact('Account', 'account', session.accountId),
    ...(alias === undefined ? [] : [fact('Account alias', 'account-alias', alias)]),
    fact('Role', 'role', session.roleName),
    fact('Role ARN', 'role-arn', role.roleArn),
    fact('Session name', 'session-name', role.sessionName),
    fact('Source identity', 'source-identity', role.sourceIdentity ?? 'none'),
    fact('Session tags', 'tags', tags.length > 0 ? tags.join(', ') : 'none'),
    fact('Region', 'region', call.region ?? call.query.get('region') ?? session.region ?? 'none'),
    fact(
      'Destination',
      'destination',
      html`<code>${call.path}${search}<span id="hash"></span></code>`,
    ),
    fact('Session length', 'duration', spanInWords(session.startedAt, expiresAt)),
    fact('Time left', 'time-left', spanInWords(now, expiresAt)),
    fact('Ends at', 'expires-at', timeElement(expiresAt)),
    fact('Session policy', 'session-policy', policyInWords(session)),
    fact('Issued by', 'issuer', issuerLink(session.issuer)),
  ]
}

function fact(name: string, testId: string, value: string | Html): Html {
  return html`<dt>${name}</dt>
    <dd data-testid="${testId}">${value}</dd>`
}

/** What the session policies are, without a word of what they allow. */
function policyInWords({ role: { policy, policyArns } }: ConsoleSession): string | Html {
  const ends = policy === undefined ? null : policyEndsAt(policy)
  const inline = policy === undefined ? [] : [html`inline`]
  const expiry = ends ? [html`everything denied after ${timeElement(ends)}`] : []
  const parts = [...inline, ...policyArns.map((arn) => html`${arn}`), ...expiry]
  if (parts.length === 0) return 'none'
  return html`${parts.map((part, index) => (index > 0 ? html`; ${part}` : part))}`
}

/** The console stays open when its policy denies everything: only each call fails. */
function policyNotice({ role: { policy } }: ConsoleSession, now: Date): Html {
  const ends = policy === undefined ? null : policyEndsAt(policy)
  if (!ends || ends > now) return html``
  return html`<p class="notice" data-testid="denied-by-policy">
    The session policy now denies everything: its time was up at ${timeElement(ends)}.
  </p>`
}

function sessionList(open: readonly ConsoleSession[], now: Date): Html {
  const items = open.map(
    ({ accountId, roleName, role, expiresAt }) =>
      html`<li data-testid="open-session">
        ${roleName} in ${accountId} as ${role.sessionName}, ${spanInWords(now, expiresAt)} left
      </li>`,
  )
  return html`<h2>Open sessions in this browser</h2>
    <ul data-testid="sessions">
      ${items}
    </ul>`
}

/** What AWS shows, in essence, when a session has ended: a way back to whoever issued it. */
function expiredPage(issuer: string | null): Answer {
  return pageAnswer({
    status: 200,
    title: 'Your session has ended',
    bar: html`<strong>Pretend console</strong>`,
    main: html`<div class="paper" data-testid="expired">
      <h1>You are not signed in, or your session has ended</h1>
      <p data-testid="issuer">${issuerLink(issuer)}</p>
    </div>`,
    cause: 'no console session is open in this browser',
  })
}

function issuerLink(issuer: string | null): Html {
  if (issuer === null) return html`The sign-in named no issuer.`
  return html`<a href="${issuer}">Sign in again</a> at ${new URL(issuer).host}`
}

function timeElement(at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${at.toISOString().replace('.000Z', 'Z')}</time>`
}

function spanInWords(from: Date, to: Date): string {
  const minutes = Math.round((to.getTime() - from.getTime()) / 60_000)
  if (minutes < 1) return 'under a minute'
  const hours = Math.floor(minutes / 60)
  const parts = [hours > 0 ? `${hours} h` : '', minutes % 60 > 0 ? `${minutes % 60} min` : '']
  return parts.filter(Boolean).join(' ')
}
