/**
 * The IAM policy that cuts AWS sessions which are open already: ending somebody's way in ends nothing
 * that AWS gave before. Source: IAM User Guide, "Disabling permissions for temporary security
 * credentials"; `aws:userid` of an assumed role is `ROLE-ID:ROLE-SESSION-NAME`.
 *
 * It names sessions and no time: `aws:TokenIssueTime` would spare later ones, but nobody says whether
 * a long console session keeps the time of its first token.
 */
import type { GuestPass } from './guest-pass.ts'
import { guestSessionPrefix } from './guest-session-name.ts'

/**
 * Indented JSON. `names` are session names, in which a `*` at the end stands for any rest: no legal
 * name holds one. With `hasSourceIdentity` it also reaches roles assumed on from this one.
 */
export function sessionCutPolicy(
  names: readonly string[],
  { hasSourceIdentity }: { readonly hasSourceIdentity: boolean },
): string {
  const deny = (sid: string, key: string, values: readonly string[]) => ({
    Sid: sid,
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { StringLike: { [key]: values } },
  })
  const userIds = names.map((name) => `*:${name}`)
  const policy = {
    Version: '2012-10-17',
    Statement: [
      deny('CutBySessionName', 'aws:userid', userIds),
      // Two statements, since two keys in one condition would both have to match.
      ...(hasSourceIdentity ? [deny('CutBySourceIdentity', 'aws:SourceIdentity', names)] : []),
    ],
  }
  return JSON.stringify(policy, null, 2)
}

/** Every session of a pass, and of no other. */
export function sessionNamesOf(pass: Pick<GuestPass, 'id'>): readonly string[] {
  return [`${guestSessionPrefix(pass)}*`]
}
