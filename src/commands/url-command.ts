import { userInfo } from 'node:os'
import pino from 'pino'
import { createConsoleFederation } from '#adapters/aws/console-federation.ts'
import { findAccount } from '#domain/access.ts'
import { consoleOverrideOf } from '#domain/console-override.ts'
import { planOpening } from '#domain/opening-plan.ts'
import { Problem } from '#domain/problem.ts'
import type { Principal } from '#domain/principal.ts'
import { openingPath } from '#domain/return-target.ts'
import { roleSessionName, sourceIdentityOf } from '#domain/role-session-name.ts'
import { tagsFor } from '#domain/session-tags.ts'
import { loggerOptions } from '#plugins/logging.ts'
import { product } from '../broker.ts'
import { wordsFor } from '../words/words.ts'
import { loadOrReport, type Command } from './command.ts'

/** The smallest form of the broker, for whoever holds AWS credentials at a shell: no trail, no sign-in. */
export const url: Command = {
  synopsis: 'ACCOUNT/PERMISSION_SET',
  summary: 'prints a console sign-in URL made with your own AWS credentials',
  async run(input) {
    const settings = await loadOrReport(input)
    if (!settings) return 1
    const [account = '', permissionSet = ''] = (input.arguments[0] ?? '').split('/')
    const found = findAccount(settings.policy, account)
    const set = settings.policy.permissionSets.get(permissionSet)
    if (!found || !set) {
      input.err('url: the config has no such ACCOUNT/PERMISSION_SET\n')
      return 1
    }
    const wish = { to: null, region: null, for: null }
    const override = consoleOverrideOf(settings.aws)
    const entitlement = { account: found, permissionSet: set, assignment: 'shell', endsAt: null }
    const planning = planOpening(entitlement, wish, override, new Date())
    if (planning.outcome === 'refused') {
      input.err(`url: the configured destination is refused: ${planning.reason}\n`)
      return 1
    }
    const federation = createConsoleFederation({
      settings: () => settings.aws,
      clock: () => new Date(),
      product,
      log: pino(loggerOptions('warn'), pino.destination(2)),
    })
    const principal = operator()
    try {
      const opened = await federation.openConsole({
        ...planning.plan,
        openingId: crypto.randomUUID(),
        account: found,
        permissionSet: set,
        roleSessionName: roleSessionName(principal),
        sourceIdentity: set.sourceIdentity ? sourceIdentityOf(principal) : null,
        tags: tagsFor(set, { account: found, principal, pass: null }),
        signInPage: new URL(
          openingPath({ account: found.slug, permissionSet: set.slug, ...wish }, {}),
          settings.server.publicUrl,
        ),
        signOutFirst: false,
      })
      input.out(`${opened.signInUrl.href}\n`)
      for (const notice of opened.notices) input.err(`url: ${notice}\n`)
      return 0
    } catch (error) {
      input.err(`url: ${explained(error)}\n`)
      return 1
    } finally {
      federation.close()
    }
  },
}

function operator(): Principal {
  const { username } = userInfo()
  return {
    provider: 'shell',
    issuer: 'shell',
    subject: username,
    displayName: username,
    username,
    email: null,
    emailVerified: false,
    groups: new Set(),
  }
}

/** As an operator reads it on the page: whoever stands at the shell is one. */
function explained(error: unknown): string {
  if (!(error instanceof Problem)) return 'failed'
  const words = wordsFor('en')
  const note = error.operatorNote
  if (note === null) return `${words.problem(error.code, error.facts).what}`
  return [
    `${error.code}: ${note.finding}: ${words.finding(note.finding)}`,
    ...(note.message === null ? [] : [`  AWS said: ${note.message}`]),
    ...(note.roleArn === null ? [] : [`  role: ${note.roleArn}`]),
    ...(note.callerArn === null ? [] : [`  called as: ${note.callerArn}`]),
  ].join('\n')
}
