import fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { consoleDuration, type DurationLimits } from '#domain/console-duration.ts'

const now = new Date('2026-11-25T09:00:00Z')
const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1000)

function duration(changes: Partial<DurationLimits>) {
  const limits = { permissionSetSeconds: 28_800, askedSeconds: null, accessEndsAt: null, now }
  return consoleDuration({ ...limits, ...changes })
}

describe('how long a console session may last', () => {
  it('is what the permission set says, where nothing is shorter', () => {
    assert.deepEqual(duration({}), { wantedSeconds: 28_800, deniedAfter: null })
  })

  it('is shorter where the person asks for less, and never longer where they ask for more', () => {
    assert.equal(duration({ askedSeconds: 3600 }).wantedSeconds, 3600)
    assert.equal(duration({ askedSeconds: 43_200 }).wantedSeconds, 28_800)
  })

  it('ends with the access, to the instant, even in the middle of a second', () => {
    const accessEndsAt = new Date(inSeconds(7200).getTime() + 250)
    assert.deepEqual(duration({ accessEndsAt }), { wantedSeconds: 7200, deniedAfter: accessEndsAt })
  })

  it('needs no policy where the access ends long after the session', () => {
    assert.equal(duration({ accessEndsAt: inSeconds(100_000) }).deniedAfter, null)
  })

  it('ends with the access too where a sign-in URL used late would let it last longer', () => {
    const accessEndsAt = inSeconds(28_800 + 600)
    assert.deepEqual(duration({ accessEndsAt }), {
      wantedSeconds: 28_800,
      deniedAfter: accessEndsAt,
    })
  })

  it('is cut by a policy below the 15 minutes that AWS gives at least', () => {
    assert.deepEqual(duration({ askedSeconds: 300 }), {
      wantedSeconds: 300,
      deniedAfter: inSeconds(300),
    })
    assert.deepEqual(duration({ accessEndsAt: inSeconds(60) }), {
      wantedSeconds: 60,
      deniedAfter: inSeconds(60),
    })
    assert.deepEqual(duration({ askedSeconds: 300, accessEndsAt: inSeconds(600) }), {
      wantedSeconds: 300,
      deniedAfter: inSeconds(300),
    })
  })

  it('is nothing at all once access has ended', () => {
    const accessEndsAt = inSeconds(-5)
    assert.deepEqual(duration({ accessEndsAt }), { wantedSeconds: 0, deniedAfter: accessEndsAt })
  })

  it('never outlasts the permission set, the wish or the access, whatever they are', () => {
    const seconds = fc.integer({ min: 1, max: 100_000 })
    const limits = fc.record({
      permissionSetSeconds: fc.integer({ min: 1, max: 43_200 }),
      askedSeconds: fc.option(seconds),
      accessEndsAt: fc.option(
        fc.integer({ min: 1, max: 200_000_000 }).map((ms) => new Date(now.getTime() + ms)),
      ),
    })
    fc.assert(
      fc.property(limits, (given) => {
        const { wantedSeconds, deniedAfter } = duration(given)
        assert.ok(wantedSeconds <= given.permissionSetSeconds)
        assert.ok(wantedSeconds <= (given.askedSeconds ?? Infinity))
        const end = given.accessEndsAt?.getTime() ?? Infinity
        assert.ok(now.getTime() + wantedSeconds * 1000 <= end)
        assert.ok((deniedAfter?.getTime() ?? 0) <= end)
        assert.ok(wantedSeconds >= 900 || deniedAfter !== null)
        assert.equal(
          deniedAfter === null && now.getTime() + (wantedSeconds + 900) * 1000 > end,
          false,
        )
      }),
    )
  })
})
