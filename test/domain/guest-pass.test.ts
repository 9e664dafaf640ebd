import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { standingOf, type GuestPass } from '#domain/guest-pass.ts'
import { guestSessionName, guestSessionPrefix } from '#domain/guest-session-name.ts'
import { roleSessionName } from '#domain/role-session-name.ts'
import { sessionCutPolicy, sessionNamesOf } from '#domain/session-cut.ts'
import { passOf, sponsor } from '../support/passes.ts'

const noon = new Date('2026-11-25T12:00:00Z')
const before = (milliseconds: number) => new Date(noon.getTime() - milliseconds)
const after = (milliseconds: number) => new Date(noon.getTime() + milliseconds)

describe('the standing of a pass', () => {
  const cases: readonly [string, Partial<GuestPass>, string][] = [
    ['is usable from its first instant', { from: noon }, 'usable'],
    ['has not begun an instant before', { from: after(1) }, 'not-yet'],
    ['is usable until the last instant', { until: after(1) }, 'usable'],
    ['has ended at its end', { until: noon }, 'ended'],
    ['is used up after its openings', { openings: 2, openingsUsed: 2 }, 'used-up'],
    ['is usable while one is left', { openings: 2, openingsUsed: 1 }, 'usable'],
    ['is never used up without a number', { openings: null, openingsUsed: 900 }, 'usable'],
    ['is locked after five wrong PINs', { wrongPins: 5 }, 'locked'],
    ['is usable after four', { wrongPins: 4 }, 'usable'],
    [
      'is revoked, whatever else it is',
      { revokedAt: before(1), wrongPins: 5, until: before(1) },
      'revoked',
    ],
  ]
  for (const [name, more, standing] of cases) {
    it(name, () => assert.equal(standingOf(passOf(more), noon), standing))
  }
})

describe('the session name of a guest', () => {
  it('says which pass and whose', () => {
    assert.match(
      guestSessionName({ id: '0123456789ab', guestName: 'Mei Lin' }),
      /^guest-0123456789ab-Mei-Lin=[A-Za-z0-9_-]{16}$/,
    )
  })

  it('is legal for AWS and keeps its prefix, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (guestName) => {
        const name = guestSessionName({ id: '0123456789ab', guestName })
        assert.match(name, /^[\w+=,.@-]{2,64}$/)
        assert.ok(name.startsWith(guestSessionPrefix({ id: '0123456789ab' })))
      }),
    )
  })

  it('tells names apart that become the same letters', () => {
    const name = (guestName: string) => guestSessionName({ id: '0123456789ab', guestName })
    assert.notEqual(name('Mei Lin'), name('Mei-Lin'))
    assert.notEqual(name('千佳'), name('陽菜'))
  })

  it('cannot be chosen by a person whose provider lets them choose a username', () => {
    const username = guestSessionName({ id: '0123456789ab', guestName: 'Mei Lin' })
    assert.notEqual(roleSessionName({ ...sponsor, emailVerified: false, username }), username)
  })
})

describe('the policy that cuts live sessions', () => {
  const names = sessionNamesOf({ id: '0123456789ab' })
  const statements = (hasSourceIdentity: boolean): unknown =>
    JSON.parse(sessionCutPolicy(names, { hasSourceIdentity }))

  it('denies everything to the sessions of this pass, by name', () => {
    assert.deepEqual(statements(false), {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'CutBySessionName',
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { StringLike: { 'aws:userid': ['*:guest-0123456789ab-*'] } },
        },
      ],
    })
  })

  it('names the source identity in a statement of its own where the role is given one', () => {
    const text = sessionCutPolicy(names, { hasSourceIdentity: true })
    assert.equal(text.match(/"Effect": "Deny"/g)?.length, 2)
    assert.match(text, /"aws:SourceIdentity": \[\s*"guest-0123456789ab-\*"/)
  })
})
