/**
 * The IAM policy that cuts AWS sessions of one guest pass which are open already: revoking a pass
 * ends nothing that AWS gave before. Source: IAM User Guide, "Disabling permissions for temporary
 * security credentials"; `aws:userid` of an assumed role is `ROLE-ID:ROLE-SESSION-NAME`.
 */
import type { GuestPass } from './guest-pass.ts'
import { guestSessionPrefix } from './guest-session-name.ts'

/** Indented JSON. With `hasSourceIdentity` it also reaches roles assumed on from this one. */
export function sessionCutPolicy(
  pass: Pick<GuestPass, 'id'>,
  { hasSourceIdentity }: { readonly hasSourceIdentity: boolean },
): string {
  const name = `${guestSessionPrefix(pass)}*`
  const deny = (sid: string, key: string, value: string) => ({
    Sid: sid,
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { StringLike: { [key]: value } },
  })
  const policy = {
    Version: '2012-10-17',
    Statement: [
      deny('CutGuestBySessionName', 'aws:userid', `*:${name}`),
      // Two statements, since two keys in one condition would both have to match.
      ...(hasSourceIdentity ? [deny('CutGuestBySourceIdentity', 'aws:SourceIdentity', name)] : []),
    ],
  }
  return JSON.stringify(policy, null, 2)
}
