/**
 * How full a permission set makes a session. AWS packs policies and tags into a binary form that it
 * does not publish, and tells a percentage afterwards (STS API Reference, AssumeRole,
 * `PackedPolicySize`). So this is an estimate: it says when to worry, and refuses nothing.
 */
import type { PermissionSet } from './access-policy.ts'
import { sessionPolicyFor } from './session-policy.ts'
import { tagCharacters } from './session-tags.ts'

/** From here on a longer name or tag than usual may be one too many. */
export const worryingPercent = 80

/** Few e-mail addresses and names are longer; AWS itself takes tag values of 256. */
const longPersonPart = 64

type Sized = Pick<PermissionSet, 'sessionPolicy' | 'sessionPolicyArns' | 'sessionTags'>

/**
 * Percent of what AWS allows, may be over 100, for the fullest session that the permission set can
 * give: with the statement that ends it at an instant. `accountPartLength` is the longest text of an
 * account for a placeholder such as `account.tags.team`; null where it speaks of no account.
 * @throws {Problem} aws-misconfigured where the inline policy is no JSON object
 */
export function estimatedPackedPercent(
  permissionSet: Sized,
  accountPartLength: (name: string) => number | null,
): number {
  const { policy, policyArns } = sessionPolicyFor(permissionSet, new Date(0))
  const policies = [policy ?? '', ...policyArns].reduce((sum, text) => sum + text.length, 0)
  const tags = tagCharacters(
    permissionSet.sessionTags,
    (name) => accountPartLength(name) ?? longPersonPart,
  )
  return packedPercent(policies + tags)
}

/**
 * A line through the two figures that are public: one short statement takes 16 %, and 1,690
 * characters with 42 actions 157 %. Repeated words pack better, so most policies take less.
 */
function packedPercent(characters: number): number {
  return Math.round(7 + characters * 0.0888)
}
