import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { createSeal } from '#plugins/seal.ts'

const [older, newer, foreign] = [randomBytes(32), randomBytes(32), randomBytes(32)]

describe('a seal', () => {
  it('opens what it sealed, for the same purpose only', async () => {
    const seal = createSeal([newer])
    const sealed = await seal.encrypt('sign-in', 'state and nonce')
    assert.equal(await seal.decrypt('sign-in', sealed), 'state and nonce')
    assert.equal(await seal.decrypt('id token', sealed), null)
  })

  it('still opens what the key before sealed, so that a rotation signs nobody out', async () => {
    const sealed = await createSeal([older]).encrypt('sign-in', 'text')
    assert.equal(await createSeal([newer, older]).decrypt('sign-in', sealed), 'text')
    assert.equal(await createSeal([newer]).decrypt('sign-in', sealed), null)
  })

  it('uses a fresh IV each time', async () => {
    const seal = createSeal([newer])
    assert.notEqual(await seal.encrypt('sign-in', 'text'), await seal.encrypt('sign-in', 'text'))
  })

  it('opens nothing that was changed, foreign, or no JWE at all', async () => {
    const seal = createSeal([newer])
    const sealed = await seal.encrypt('sign-in', 'text')
    const changed = `${sealed.slice(0, -4)}AAAA`
    const others = [
      changed,
      await createSeal([foreign]).encrypt('sign-in', 'text'),
      '',
      'a.b.c',
      '....',
    ]
    for (const text of others) assert.equal(await seal.decrypt('sign-in', text), null)
  })

  it('takes a signature of any of its keys, for exactly that text and purpose', () => {
    const seal = createSeal([newer, older])
    const signature = createSeal([older]).sign('opening', 'a')
    assert.equal(seal.verify('opening', 'a', signature), true)
    assert.equal(seal.verify('opening', 'b', signature), false)
    assert.equal(seal.verify('other', 'a', signature), false)
    assert.equal(seal.verify('opening', 'a', ''), false)
    assert.equal(createSeal([foreign]).verify('opening', 'a', signature), false)
  })
})
