/** Warns of permission sets whose policies and tags may be more than AWS packs into a session. */
import { estimatedPackedPercent, worryingPercent } from '#domain/packed-size.ts'
import { policyProblems } from '#domain/session-policy.ts'
import type { CheckContext } from './check-context.ts'
import { pointerTo } from './config-problem.ts'
import type { FileConfig } from './schema.ts'
import { policyText } from './session-policy-text.ts'

export function checkPackedSizes({ file, log }: CheckContext): void {
  const accountPartLength = accountPartLengths(file)
  for (const [slug, set] of Object.entries(file.permissionSets)) {
    const { sessionPolicyArns, sessionTags = {} } = set
    const sessionPolicy = set.sessionPolicy === undefined ? null : policyText(set.sessionPolicy)
    // What AWS refuses for sure has been said already.
    if (policyProblems(sessionPolicy, sessionPolicyArns).length > 0) continue
    const percent = estimatedPackedPercent(
      { sessionPolicy, sessionPolicyArns, sessionTags: new Map(Object.entries(sessionTags)) },
      accountPartLength,
    )
    if (percent < worryingPercent) continue
    const fullest =
      sessionPolicy !== null
        ? 'sessionPolicy'
        : sessionPolicyArns.length > 0
          ? 'sessionPolicyArns'
          : 'sessionTags'
    log.warning(
      pointerTo('permissionSets', slug, fullest),
      `policies and tags may fill ${percent}% of what AWS packs into a session, with an exact end: ` +
        'an estimate, since AWS does not publish how it packs. Try an opening, or shorten them',
    )
  }
}

/** The longest text that any account has for a placeholder, by the placeholder's name. */
function accountPartLengths(file: FileConfig): (name: string) => number | null {
  const longest = new Map<string, number>()
  const note = (name: string, text = '') =>
    void longest.set(name, Math.max(longest.get(name) ?? 0, text.length))
  for (const [slug, { id, name, environment, tags = {} }] of Object.entries(file.accounts)) {
    note('account.slug', slug)
    note('account.id', id)
    note('account.name', name ?? slug)
    note('account.environment', environment)
    for (const [key, value] of Object.entries(tags)) note(`account.tags.${key}`, value)
  }
  return (name) => longest.get(name) ?? (name.startsWith('account.') ? 0 : null)
}
