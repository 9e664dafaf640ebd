/** A pass to test with: given by Ada, for one role, good all day. */
import type { GuestPass } from '#domain/guest-pass.ts'
import type { Principal } from '#domain/principal.ts'

export const sponsor: Principal = {
  provider: 'company',
  issuer: 'https://login.example.com',
  subject: 'u-ada',
  displayName: 'Ada Adams',
  username: null,
  email: 'ada@example.com',
  emailVerified: true,
  groups: new Set(['platform']),
}

export function passOf(more: Partial<GuestPass> = {}): GuestPass {
  return {
    id: '0123456789ab',
    kind: 'link-and-pin',
    guestName: 'Mei Lin',
    guestEmail: null,
    sponsor,
    sponsorSeenAt: new Date('2026-11-25T00:00:00Z'),
    target: { account: 'staging', permissionSet: 'Viewer' },
    destination: null,
    reason: 'T-1',
    from: new Date('2026-11-25T00:00:00Z'),
    until: new Date('2026-11-26T00:00:00Z'),
    openings: 1,
    openingsUsed: 0,
    wrongPins: 0,
    termsAcceptedAt: null,
    revokedAt: null,
    givenAt: new Date('2026-11-25T00:00:00Z'),
    ...more,
  }
}
