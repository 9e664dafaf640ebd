import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decideAccess, entitlementsIn, entitlementsOf, selects } from '#domain/access.ts'
import type { AccessPolicy } from '#domain/access-policy.ts'
import type { Principal } from '#domain/principal.ts'
import { accounts, now, person, policyWith, rule } from './policy-fixture.ts'

const prodViewer = { account: 'prod', permissionSet: 'viewer' }
const ada = person({ groups: ['platform'] })
const second = (offset: number) => new Date(now.getTime() + offset * 1_000)

function outcome(policy: AccessPolicy, principal: Principal = ada, wanted = prodViewer, at = now) {
  const decision = decideAccess(policy, principal, wanted, at)
  return decision.outcome === 'granted'
    ? `granted: ${decision.entitlement.assignment}`
    : decision.reason
}

describe('a decision', () => {
  it('names the first assignment in the file that grants it', () => {
    const policy = policyWith([
      rule({ name: 'others', groups: ['others'] }),
      rule({ name: 'first', groups: ['platform'] }),
      rule({ name: 'second', groups: ['platform'] }),
    ])
    assert.equal(outcome(policy), 'granted: first')
  })

  it('passes over an assignment that does not hold now', () => {
    const policy = policyWith([
      rule({ name: 'ended', groups: ['platform'], until: now }),
      rule({ name: 'holds', groups: ['platform'] }),
    ])
    assert.equal(outcome(policy), 'granted: holds')
  })

  it('finds the account by its id too', () => {
    const policy = policyWith([rule({ groups: ['platform'] })])
    assert.equal(
      outcome(policy, ada, { account: '111111111111', permissionSet: 'viewer' }),
      'granted: rule',
    )
  })

  it('denies with the reason', () => {
    const policy = policyWith([rule({ groups: ['platform'] })])
    assert.equal(
      outcome(policy, ada, { account: 'none', permissionSet: 'viewer' }),
      'unknown-account',
    )
    assert.equal(
      outcome(policy, ada, { account: 'prod', permissionSet: 'none' }),
      'unknown-permission-set',
    )
    assert.equal(outcome(policy, ada, { account: 'prod', permissionSet: 'admin' }), 'not-assigned')
    assert.equal(
      outcome(policy, ada, { account: 'bench', permissionSet: 'viewer' }),
      'not-assigned',
    )
    assert.equal(outcome(policy, person({ groups: ['others'] })), 'not-assigned')
  })

  for (const name of ['__proto__', 'constructor', 'toString', '']) {
    it(`knows no account, permission set or group "${name}"`, () => {
      const policy = policyWith([rule({ groups: ['platform'] })])
      assert.equal(
        outcome(policy, ada, { account: name, permissionSet: 'viewer' }),
        'unknown-account',
      )
      assert.equal(
        outcome(policy, ada, { account: 'prod', permissionSet: name }),
        'unknown-permission-set',
      )
      assert.equal(outcome(policy, person({ groups: [name] })), 'not-assigned')
      assert.equal(
        outcome(policy, person({ provider: name, groups: ['platform'] })),
        'not-assigned',
      )
    })
  }
})

describe('an assignment with an end', () => {
  const policy = policyWith([rule({ groups: ['platform'], from: second(-10), until: second(10) })])

  it('holds from its first instant to just before its last', () => {
    assert.equal(outcome(policy, ada, prodViewer, second(-10)), 'granted: rule')
    assert.equal(
      outcome(policy, ada, prodViewer, new Date(second(10).getTime() - 1)),
      'granted: rule',
    )
  })

  it('says when it will begin, and when it ended', () => {
    assert.deepEqual(decideAccess(policy, ada, prodViewer, new Date(second(-10).getTime() - 1)), {
      outcome: 'denied',
      reason: 'not-yet',
      assignment: 'rule',
      startsAt: second(-10),
    })
    assert.deepEqual(decideAccess(policy, ada, prodViewer, second(10)), {
      outcome: 'denied',
      reason: 'ended',
      assignment: 'rule',
      endedAt: second(10),
    })
  })

  it('says that one will begin rather than that another ended', () => {
    const both = policyWith([
      rule({ name: 'ended', groups: ['platform'], until: second(-5) }),
      rule({ name: 'to come', groups: ['platform'], from: second(5) }),
    ])
    assert.equal(outcome(both), 'not-yet')
  })

  it('lasts as long as the last of those that grant', () => {
    const endsAt = (...ends: (Date | null)[]) => {
      const decision = decideAccess(
        policyWith(ends.map((until) => rule({ groups: ['platform'], until }))),
        ada,
        prodViewer,
        now,
      )
      return decision.outcome === 'granted' ? decision.entitlement.endsAt : undefined
    }
    assert.deepEqual(endsAt(second(5)), second(5))
    assert.deepEqual(endsAt(second(5), second(9), second(7)), second(9))
    assert.deepEqual(endsAt(second(5), null), null)
    assert.deepEqual(endsAt(null, second(5)), null)
  })
})

describe('a denial', () => {
  const assignments = [
    rule({ groups: ['platform'], accounts: ['*'], permissionSets: ['admin', 'viewer'] }),
  ]

  it('is stronger than any assignment, and is named', () => {
    const policy = policyWith(assignments, [
      rule({ name: 'on leave', users: [{ provider: 'company', subject: 'u-1' }] }),
    ])
    assert.deepEqual(decideAccess(policy, ada, prodViewer, now), {
      outcome: 'denied',
      reason: 'denied-by-rule',
      denial: 'on leave',
    })
  })

  it('that names no account or permission set denies all', () => {
    const policy = policyWith(assignments, [
      rule({ groups: ['platform'], accounts: [], permissionSets: [] }),
    ])
    assert.equal(outcome(policy), 'denied-by-rule')
    assert.equal(
      outcome(policy, ada, { account: 'bench', permissionSet: 'admin' }),
      'denied-by-rule',
    )
    assert.deepEqual(entitlementsOf(policy, ada, now), [])
  })

  it('reaches no further than it says', () => {
    const policy = policyWith(assignments, [
      rule({ groups: ['platform'], accounts: ['tag:team=web'], permissionSets: ['admin'] }),
    ])
    assert.equal(
      outcome(policy, ada, { account: 'prod', permissionSet: 'admin' }),
      'denied-by-rule',
    )
    assert.equal(
      outcome(policy, ada, { account: 'prod', permissionSet: 'viewer' }),
      'granted: rule',
    )
    assert.equal(
      outcome(policy, ada, { account: 'bench', permissionSet: 'admin' }),
      'granted: rule',
    )
  })

  it('holds only in its time, and only for its people', () => {
    const over = policyWith(assignments, [rule({ groups: ['platform'], until: now })])
    assert.equal(outcome(over), 'granted: rule')
    const others = policyWith(assignments, [
      rule({ providers: ['partners'], groups: ['platform'] }),
    ])
    assert.equal(outcome(others), 'granted: rule')
  })

  it('that names nobody denies everybody of its providers', () => {
    const policy = policyWith(assignments, [
      rule({ name: 'freeze', accounts: [], permissionSets: [] }),
    ])
    assert.equal(outcome(policy), 'denied-by-rule')
  })

  it('of somebody who has nothing says that they have nothing', () => {
    const policy = policyWith([], [rule({ groups: ['platform'] })])
    assert.equal(outcome(policy), 'not-assigned')
  })
})

describe('selectors of accounts', () => {
  const granted = (accountSelectors: readonly string[]) => {
    const policy = policyWith([rule({ groups: ['platform'], accounts: accountSelectors })])
    return entitlementsOf(policy, ada, now).map(({ account }) => account.slug)
  }

  it('mean one account, those of a tag, those of an environment, or all', () => {
    assert.deepEqual(granted(['staging']), ['staging'])
    assert.deepEqual(granted(['tag:team=web']), ['prod', 'staging'])
    assert.deepEqual(granted(['environment:sandbox']), ['bench'])
    assert.deepEqual(granted(['*']), ['prod', 'staging', 'bench'])
  })

  it('mean nothing where they are not exactly right', () => {
    assert.deepEqual(
      granted(['tag:team=We', 'tag:Team=web', 'environment:Sandbox', 'PROD', 'prod ', '**']),
      [],
    )
  })
})

describe('people', () => {
  it('of one provider are never those of another', () => {
    const policy = policyWith([
      rule({ groups: ['platform'] }),
      rule({ emails: ['ada@example.com'] }),
      rule({ users: [{ provider: 'company', subject: 'u-1' }] }),
    ])
    const stranger = person({ provider: 'partners', groups: ['platform'] })
    assert.equal(outcome(policy, stranger), 'not-assigned')
    assert.deepEqual(entitlementsOf(policy, stranger, now), [])
  })

  it('are all meant where a rule names providers only', () => {
    const policy = policyWith([rule({ providers: ['partners'] })])
    assert.equal(outcome(policy, person({ provider: 'partners' })), 'granted: rule')
    assert.equal(outcome(policy, ada), 'not-assigned')
  })

  it('are matched by e-mail only where it is verified, whatever the case of its letters', () => {
    const policy = policyWith([rule({ emails: ['ada@example.com'] })])
    assert.equal(outcome(policy, person({ email: 'ADA@example.com' })), 'granted: rule')
    assert.equal(outcome(policy, person({ emailVerified: false })), 'not-assigned')
    assert.equal(outcome(policy, person({ email: null })), 'not-assigned')
  })

  it('are not matched by an e-mail that only looks like it', () => {
    const policy = policyWith([rule({ emails: ['kim@example.com'] })])
    assert.equal(outcome(policy, person({ email: '\u212Aim@example.com' })), 'not-assigned')
    assert.equal(outcome(policy, person({ email: 'kım@example.com' })), 'not-assigned')
  })

  for (const [what, group] of [
    ['full-width letters', '\uFF50\uFF4C\uFF41\uFF54\uFF46\uFF4F\uFF52\uFF4D'],
    ['a Kelvin sign', 'sec-\u212A'],
    ['a zero-width space', 'plat\u200Bform'],
    ['another composition', 'cafe\u0301'],
    ['a space behind it', 'platform '],
    ['capital letters', 'Platform'],
    ['a part of it', 'plat'],
  ] as const) {
    it(`are not matched by a group that differs in ${what}`, () => {
      const policy = policyWith([rule({ groups: ['platform', 'sec-k', 'sec-K', 'caf\u00E9'] })])
      assert.equal(outcome(policy, person({ groups: [group] })), 'not-assigned')
    })
  }

  it('with many groups and with few get the same', () => {
    const many = Array.from({ length: 500 }, (_, index) => `g${index}`)
    const policy = policyWith([rule({ groups: ['platform'] })])
    assert.equal(outcome(policy, person({ groups: [...many, 'platform'] })), 'granted: rule')
    assert.equal(outcome(policy, person({ groups: many })), 'not-assigned')
  })

  it('are selected for other rights by the same rules', () => {
    const { who } = rule({
      groups: ['platform'],
      users: [{ provider: 'partners', subject: 'p-1' }],
    })
    assert.equal(selects(who, ada), true)
    assert.equal(selects(who, person({})), false)
    assert.equal(selects(who, person({ provider: 'partners', subject: 'p-1' })), true)
    assert.equal(selects(who, person({ provider: 'partners', groups: ['platform'] })), false)
  })
})

describe('what a person may open', () => {
  it('stands in the order of the file, whichever assignment grants it', () => {
    const policy = policyWith([
      rule({ groups: ['platform'], accounts: ['bench'], permissionSets: ['viewer'] }),
      rule({ groups: ['platform'], accounts: ['*'], permissionSets: ['auditor', 'admin'] }),
      rule({ groups: ['platform'], accounts: ['prod'], permissionSets: ['viewer'] }),
    ])
    const held = entitlementsOf(policy, ada, now).map(
      ({ account, permissionSet }) => `${account.slug}/${permissionSet.slug}`,
    )
    assert.deepEqual(held, [
      'prod/admin',
      'prod/viewer',
      'prod/auditor',
      'staging/admin',
      'staging/auditor',
      'bench/admin',
      'bench/viewer',
      'bench/auditor',
    ])
  })

  it('in one account is a part of it', () => {
    const policy = policyWith([rule({ groups: ['platform'], accounts: ['*'] })])
    const [prod] = accounts
    assert.ok(prod)
    assert.deepEqual(
      entitlementsIn(policy, ada, prod, now),
      entitlementsOf(policy, ada, now).filter(({ account }) => account === prod),
    )
  })
})
