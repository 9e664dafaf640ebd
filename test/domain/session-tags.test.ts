import fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Account } from '#domain/access-policy.ts'
import {
  accountTagValue,
  tagKeyProblems,
  tagsFor,
  templateProblems,
  type TagContext,
} from '#domain/session-tags.ts'
import { production } from '../support/aws-openings.ts'

const account: Account = {
  ...production,
  environment: { slug: 'live', name: 'Live', colour: 'red' },
  tags: new Map([
    ['team', 'platform'],
    ['braces', '{person.email}'],
  ]),
}

const principal = {
  provider: 'company',
  issuer: 'https://login.example.com',
  subject: 'u-1815',
  displayName: 'Ada Lovelace',
  username: 'ada',
  email: 'Ada@example.org',
  emailVerified: true,
  groups: new Set<string>(),
}

const context = { account, principal, pass: { id: 'pass-1', sponsor: 'grace@example.org' } }

function filled(template: string, changes: Partial<TagContext> = {}): string | undefined {
  return tagsFor({ sessionTags: new Map([['key', template]]) }, { ...context, ...changes }).get(
    'key',
  )
}

describe('session tags', () => {
  const templates: readonly (readonly [string, string])[] = [
    ['{account.tags.team}', 'platform'],
    ['{account.slug}', 'prod'],
    ['{account.id}', '111122223333'],
    ['{account.name}', 'Production'],
    ['{account.environment}', 'live'],
    ['{person.email}', 'ada@example.org'],
    ['{person.username}', 'ada'],
    ['{person.subject}', 'u-1815'],
    ['{person.name}', 'Ada Lovelace'],
    ['{provider}', 'company'],
    ['{pass.id}', 'pass-1'],
    ['{pass.sponsor}', 'grace@example.org'],
    ['team={account.tags.team}/{person.username}', 'team=platform/ada'],
    ['fixed', 'fixed'],
  ]
  for (const [template, value] of templates) {
    it(`fill ${template} with ${value}`, () => {
      assert.equal(templateProblems(template), null)
      assert.equal(filled(template), value)
    })
  }

  it('are left out where there is nothing to say', () => {
    assert.equal(filled('{account.tags.owner}'), undefined)
    assert.equal(filled('{pass.id}', { pass: null }), undefined)
  })

  it('never carry an e-mail that nobody verified: they decide access', () => {
    const unverified = { ...principal, emailVerified: false }
    assert.equal(filled('{person.email}', { principal: unverified }), undefined)
  })

  it('take braces in a value for what they are, and no template', () => {
    assert.equal(filled('{account.tags.braces}'), '_person.email_')
  })

  it('hold only what AWS takes, at most 256 characters', () => {
    const text = fc.string({ unit: 'binary', maxLength: 600 })
    fc.assert(
      fc.property(text, (displayName) => {
        const value = filled('{person.name}', { principal: { ...principal, displayName } }) ?? 'x'
        assert.match(value, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u)
      }),
    )
  })
})

describe('the check of session tags', () => {
  it('names an unknown placeholder, and what there is instead', () => {
    assert.match(templateProblems('{person.phone}') ?? '', /person\.phone.*account\.tags\.KEY/)
    assert.notEqual(templateProblems('{account.tags.}'), null)
  })

  it('refuses half a brace, illegal letters and texts that are too long', () => {
    for (const template of ['{person.email', 'x}', 'a!', 'a\nb', 'x'.repeat(257)]) {
      assert.notEqual(templateProblems(template), null, template)
    }
  })

  it('refuses keys that AWS refuses: twins but for case, reserved, empty, too long, too many', () => {
    const problems = (...keys: string[]) =>
      tagKeyProblems(new Map(keys.map((key) => [key, 'x'])), [])
    assert.deepEqual(problems('team', 'cost-centre'), [])
    assert.match(problems('team', 'Team').join(), /Team stands twice/)
    assert.match(problems('aws:team').join(), /aws:/)
    assert.match(problems('').join(), /no tag key/)
    assert.match(problems('x'.repeat(129)).join(), /no tag key/)
    assert.match(problems(...Array.from({ length: 51 }, (_, n) => `k${n}`)).join(), /at most 50/)
  })

  it('refuses a transitive tag that is not among the tags', () => {
    assert.match(
      tagKeyProblems(new Map([['team', 'x']]), ['Team', 'owner']).join(),
      /^transitive tag owner/,
    )
  })
})

describe('a tag value that the account alone decides', () => {
  it('can be asked for by a trust policy; one of a person cannot', () => {
    assert.equal(accountTagValue('{account.tags.team}-x', account), 'platform-x')
    assert.equal(accountTagValue('{person.email}', account), null)
  })
})
