/** A guest as AWS's `RoleSessionName` and `SourceIdentity`: which pass, and whose. */
import { createHash } from 'node:crypto'
import type { GuestPass } from './guest-pass.ts'

const longestName = 64
const hashLength = 16

/**
 * `guest-ID-Mei-Lin=HASH`: made legal, and always marked with a hash of pass and name. Names of
 * people that end like this are mapped themselves (role-session-name.ts), so nobody whose provider
 * lets them choose a name can appear as a guest. STS API Reference, AssumeRole: 2 to 64 of `[\w+=,.@-]`.
 */
export function guestSessionName({ id, guestName }: Pick<GuestPass, 'id' | 'guestName'>): string {
  const mark = `=${createHash('sha256').update(`${id} ${guestName}`, 'utf16le').digest('base64url').slice(0, hashLength)}`
  const legal = guestName.normalize('NFKC').replace(/[^A-Za-z0-9_+,.-]+/gu, '-')
  return `${guestSessionPrefix({ id })}${legal}`.slice(0, longestName - mark.length) + mark
}

/** What every session of a pass begins with, and no session of another. */
export function guestSessionPrefix({ id }: Pick<GuestPass, 'id'>): string {
  return `guest-${id}-`
}
