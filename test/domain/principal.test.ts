import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { foldEmail, principalFromClaims, principalKey, type Principal } from '#domain/principal.ts'

const source = { provider: 'company', issuer: 'https://login.example.com', groupsClaim: 'groups' }

function principalOf(claims: Readonly<Record<string, unknown>>, groupsClaim = 'groups'): Principal {
  const reading = principalFromClaims({ ...source, groupsClaim }, { sub: 'u-1', ...claims })
  if (reading.outcome === 'principal') return reading.principal
  throw new Error(reading.reason)
}

const groupsOf = (claims: Readonly<Record<string, unknown>>, groupsClaim?: string) => [
  ...principalOf(claims, groupsClaim).groups,
]

function refusalOf(claims: Readonly<Record<string, unknown>>): string | null {
  const reading = principalFromClaims(source, claims)
  return reading.outcome === 'refused' ? reading.reason : null
}

describe('a subject', () => {
  it('makes the person, together with provider and issuer', () => {
    const { provider, issuer, subject } = principalOf({})
    assert.deepEqual(
      { provider, issuer, subject },
      { provider: 'company', issuer: source.issuer, subject: 'u-1' },
    )
    assert.equal(principalKey(principalOf({})), 'company https://login.example.com u-1')
  })

  for (const [what, sub] of [
    ['is missing', undefined],
    ['is a number', 7],
    ['is empty', ''],
    ['holds a space', 'u 1'],
    ['holds a newline', 'u-1\n'],
    ['is not ASCII', 'ü-1'],
    ['is longer than OpenID allows', 'x'.repeat(256)],
  ] as const) {
    it(`that ${what} refuses the sign-in`, () => {
      assert.equal(refusalOf({ sub }), 'subject-malformed')
    })
  }
})

describe('groups', () => {
  it('are taken as they are, code point by code point', () => {
    const groups = [
      'a',
      'A',
      ' a',
      'a ',
      'a\u200B',
      'cafe\u0301',
      'caf\u00E9',
      '\u212A',
      '\uFF41',
      '__proto__',
      '',
    ]
    assert.deepEqual(groupsOf({ groups }), groups)
  })

  for (const [what, groups] of [
    ['a text', 'platform'],
    ['a map', { platform: true }],
    ['a number', 7],
    ['null', null],
    ['a list with a number in it', ['platform', 7]],
    ['a list of lists', [['platform']]],
    ['a list of maps', [{ name: 'platform' }]],
  ] as const) {
    it(`of a wrong type are none at all: ${what}`, () => {
      assert.deepEqual(groupsOf({ groups }), [])
    })
  }

  for (const marker of [
    { _claim_names: { groups: 'src1' } },
    { _claim_sources: { src1: { endpoint: 'https://graph.example' } } },
    { hasgroups: true },
  ]) {
    it(`that were left out for their number refuse the sign-in: ${Object.keys(marker)[0]}`, () => {
      assert.equal(refusalOf({ sub: 'u-1', groups: ['platform'], ...marker }), 'groups-overage')
    })
  }

  it('are found by a JSON pointer', () => {
    const claims = {
      realm_access: { roles: ['platform'] },
      'a/b': { 'c~d': ['odd'] },
      '': ['empty'],
    }
    assert.deepEqual(groupsOf(claims, '/realm_access/roles'), ['platform'])
    assert.deepEqual(groupsOf(claims, '/a~1b/c~0d'), ['odd'])
    assert.deepEqual(groupsOf(claims, '/'), ['empty'])
  })

  it('are found under a claim name with dots and slashes in it', () => {
    assert.deepEqual(
      groupsOf({ 'https://example.com/groups': ['a'] }, 'https://example.com/groups'),
      ['a'],
    )
    assert.deepEqual(groupsOf({ a: { b: ['x'] } }, 'a.b'), [])
  })

  for (const pointer of [
    '/__proto__/groups',
    '/constructor/name',
    '/groups/length',
    '/groups/0',
    '/none/none',
    'constructor',
    '__proto__',
  ]) {
    it(`are none where the claim is ${pointer}`, () => {
      assert.deepEqual(groupsOf({ groups: ['platform'] }, pointer), [])
    })
  }
})

describe('an e-mail address', () => {
  it('counts as verified only where the claim is true itself', () => {
    const verified = (email_verified: unknown) =>
      principalOf({ email: 'ada@example.com', email_verified }).emailVerified
    assert.equal(verified(true), true)
    for (const claim of [false, 'true', 1, null, undefined, {}])
      assert.equal(verified(claim), false)
    assert.equal(principalOf({ email_verified: true }).emailVerified, false)
  })

  for (const [what, email] of [
    ['a zero-width space', 'ad\u200Ba@example.com'],
    ['a space before it', ' ada@example.com'],
    ['a control character', 'ada\u0000@example.com'],
    ['a direction mark', '\u202Eada@example.com'],
  ] as const) {
    it(`is not verified where cleaning changed it: ${what}`, () => {
      assert.equal(principalOf({ email, email_verified: true }).emailVerified, false)
    })
  }

  it('is folded in ASCII only', () => {
    assert.equal(foldEmail('ADA@Example.COM'), 'ada@example.com')
    assert.equal(foldEmail('\u212A@example.com'), '\u212A@example.com')
    assert.equal(foldEmail('\u0130@example.com'), '\u0130@example.com')
  })
})

describe('a name', () => {
  it('is the name, else the username, else the e-mail, else the subject', () => {
    const all = { name: 'Ada', preferred_username: 'ada', email: 'ada@example.com' }
    assert.equal(principalOf(all).displayName, 'Ada')
    assert.equal(principalOf({ ...all, name: ' ' }).displayName, 'ada')
    assert.equal(principalOf({ email: all.email }).displayName, 'ada@example.com')
    assert.equal(principalOf({ name: 7, preferred_username: [], email: {} }).displayName, 'u-1')
  })

  it('is shown without control characters and marks, and not at any length', () => {
    assert.equal(principalOf({ name: '\u202EAda\u0007 L\n' }).displayName, 'Ada L')
    assert.equal(principalOf({ name: 'x'.repeat(1_000) }).displayName.length, 256)
    assert.equal(principalOf({ name: `x${'😀'.repeat(1_000)}` }).displayName.isWellFormed(), true)
  })

  it('is no username where cleaning changed it, for that would be another person’s', () => {
    assert.equal(principalOf({ preferred_username: 'ada' }).username, 'ada')
    assert.equal(principalOf({ preferred_username: 'a\u200Bda' }).username, null)
  })
})

describe('claims', () => {
  it('of any shape give a person or a refusal', () => {
    const claims = fc.dictionary(
      fc.constantFrom(
        'sub',
        'name',
        'email',
        'email_verified',
        'groups',
        'preferred_username',
        '__proto__',
        'x',
      ),
      fc.jsonValue(),
    )
    const pointers = fc.constantFrom('groups', '/groups', '/x/0/groups', '/__proto__', '')
    fc.assert(
      fc.property(claims, pointers, (claim, groupsClaim) => {
        const reading = principalFromClaims({ ...source, groupsClaim }, claim)
        if (reading.outcome !== 'principal') return
        assert.ok([...reading.principal.groups].every((group) => typeof group === 'string'))
        assert.ok(reading.principal.displayName !== '')
      }),
    )
  })
})
