import fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Principal } from '#domain/principal.ts'
import { roleSessionName, sourceIdentityOf } from '#domain/role-session-name.ts'

const ada: Principal = {
  provider: 'company',
  issuer: 'https://login.example.com',
  subject: 'u-1815',
  displayName: 'Ada Lovelace',
  username: 'ada',
  email: 'ada@example.org',
  emailVerified: true,
  groups: new Set(),
}

function named(changes: Partial<Principal>): string {
  return roleSessionName({ ...ada, ...changes })
}

const withEmail = (email: string) => named({ email, emailVerified: true })
const withUsername = (username: string) => named({ email: null, emailVerified: false, username })
const withSubject = (subject: string) =>
  named({ email: null, emailVerified: false, username: null, subject })

describe('the role session name', () => {
  it('is the verified e-mail, so that CloudTrail reads like a staff list', () => {
    assert.equal(roleSessionName(ada), 'ada@example.org')
  })

  it('is the username where nobody verified the e-mail, and the subject where there is neither', () => {
    assert.equal(named({ emailVerified: false }), 'ada')
    assert.equal(withSubject('u-1815'), 'u-1815')
  })

  it('keeps every character that AWS takes', () => {
    assert.equal(withEmail('A.d_a+x=,-1@example.org'), 'A.d_a+x=,-1@example.org')
  })

  it('keeps the domain of an illegal or long e-mail, because trust policies match *@example.org', () => {
    assert.match(withEmail("o'neil@example.org"), /^o-neil=[\w-]{16}@example\.org$/)
    const long = withEmail(`${'a'.repeat(60)}@example.org`)
    assert.match(long, /^a+=[\w-]{16}@example\.org$/)
    assert.equal(long.length, 64)
  })

  it('gives up a domain that does not fit or is not ASCII, rather than name another one', () => {
    assert.doesNotMatch(withEmail(`ada.lovelace@${'a'.repeat(50)}.example`), /@/)
    assert.doesNotMatch(withEmail('ada@exämple.org'), /@/)
  })

  it('never shows an @ that was not verified: a username could pass for an e-mail', () => {
    assert.doesNotMatch(withUsername('ceo@example.org'), /@/)
    assert.doesNotMatch(withSubject('ceo@example.org'), /@/)
    assert.doesNotMatch(
      named({ email: 'ceo@example.org', emailVerified: false, username: 'ceo@example.org' }),
      /@/,
    )
  })

  it('does not take a claim without, or with two, at signs for an e-mail', () => {
    assert.equal(withEmail('root'), 'ada')
    assert.equal(withEmail('ceo@example.org@evil.example'), 'ada')
  })

  it('maps a name that was chosen to look like the mapped name of somebody else', () => {
    const mapped = withUsername('zoë')
    assert.notEqual(withUsername(mapped), mapped)
    const mappedEmail = withEmail("o'neil@example.org")
    assert.notEqual(withEmail(mappedEmail), mappedEmail)
  })

  it('makes something legal of one letter, of spaces and of half a surrogate pair', () => {
    for (const text of ['a', ' ', '\ud800', '関所', 'aws:root']) assertLegal(withUsername(text))
  })

  it('keeps two texts apart that differ in half a surrogate pair only', () => {
    assert.notEqual(withUsername('ada\ud800'), withUsername('ada\ud801'))
  })

  it('is legal for AWS whatever the claims say', () => {
    fc.assert(fc.property(anyText, (text) => assertLegal(withEmail(text))))
    fc.assert(fc.property(anyText, (text) => assertLegal(withUsername(text))))
    fc.assert(fc.property(anyText, (text) => assertLegal(withSubject(text))))
  })

  it('never gives one name to two texts, mapped names themselves included', () => {
    const texts = fc.uniqueArray(nastyText, { minLength: 2, maxLength: 20 })
    fc.assert(
      fc.property(texts, (originals) => {
        const all = new Set([...originals, ...originals.map(withUsername)])
        assert.equal(new Set([...all].map(withUsername)).size, all.size)
      }),
    )
  })

  it('never gives one name to two e-mails', () => {
    const emails = fc.uniqueArray(
      fc.tuple(nastyText, fc.constantFrom('example.org', 'exämple.org', `${'d'.repeat(60)}.org`)),
      { minLength: 2, maxLength: 20, selector: ([local, domain]) => `${local}@${domain}` },
    )
    fc.assert(
      fc.property(emails, (parts) => {
        const all = parts
          .map(([local, domain]) => `${local.replaceAll('@', '')}@${domain}`)
          .filter((email) => !email.startsWith('@'))
        assert.equal(new Set(all.map(withEmail)).size, new Set(all).size)
      }),
    )
  })

  it('ends in a verified domain only for e-mails of that domain', () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        assert.doesNotMatch(withUsername(`${text}@example.org`), /@example\.org$/)
        assert.doesNotMatch(withEmail(`${text}@exämple.org`), /@/)
      }),
    )
  })
})

describe('the source identity', () => {
  it('is the same name, and never begins with the reserved aws:', () => {
    assert.equal(sourceIdentityOf(ada), 'ada@example.org')
    fc.assert(
      fc.property(anyText, (text) => {
        const identity = sourceIdentityOf({ ...ada, email: null, username: `aws:${text}` })
        assertLegal(identity)
        assert.doesNotMatch(identity, /^aws:/)
      }),
    )
  })
})

const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 })

/** Few characters, so that near misses are common. */
const nastyText = fc.string({
  unit: fc.constantFrom('a', 'A', '-', '=', '@', '.', "'", 'ä', '\ud800', '\udc00', '\u2028'),
  minLength: 1,
  maxLength: 80,
})

function assertLegal(name: string): void {
  assert.match(name, /^[\w+=,.@-]{2,64}$/)
}
