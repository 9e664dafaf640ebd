import type { GuestPass } from '#domain/guest-pass.ts'
import type { AccessPolicy } from '#domain/access-policy.ts'
import type { PassMailFacts } from '../../words/pass-words.ts'
import type { Words } from '../../words/words.ts'
import { placeOf } from './passes-view.ts'

/** What every mail about a pass says of it. */
export function mailFacts(
  words: Words,
  policy: AccessPolicy,
  pass: Pick<GuestPass, 'guestName' | 'sponsor' | 'target' | 'from' | 'until'>,
): PassMailFacts {
  const { account, environment, role } = placeOf(policy, pass.target)
  return {
    guest: pass.guestName,
    sponsor: pass.sponsor.displayName,
    place: words.place(account, environment, role),
    from: words.time.instant(pass.from),
    until: words.time.instant(pass.until),
  }
}
