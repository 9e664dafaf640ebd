import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { roleNotHeldView } from '#features/console/role-not-held-view.ts'
import { signInView } from '#features/sign-in/sign-in-view.ts'
import { wordsFor } from '../../src/words/words.ts'
import {
  accounts,
  alice,
  roles,
  sampleEntitlement,
  sampleSettings,
} from '../support/sample-roles.ts'

describe('a link to a role that one does not hold', () => {
  const view = roleNotHeldView({
    words: wordsFor('en'),
    principal: alice,
    account: accounts.payments,
    wantedName: 'Administrator',
    held: [sampleEntitlement(accounts.payments, roles.read)],
    contact: 'payments@example.com',
  })

  it('leads to the roles of that account that one does hold', () => {
    assert.deepEqual(view.roles, [
      {
        name: 'ReadOnly',
        href: '/go/payments-prod/ReadOnly',
        isCaution: false,
        meta: 'Look, change nothing · up to 8 h',
      },
    ])
  })

  it('says whom to ask, and gives a text to send', () => {
    assert.equal(
      view.contact?.href,
      'mailto:payments@example.com?subject=Payments%20%2F%20Administrator',
    )
    assert.equal(
      view.message,
      'Please give alice.aoki@example.com the role Administrator in Payments (1111-2222-0101). Reason: ',
    )
  })
})

describe('the choice of a provider', () => {
  it('repeats the address to a stranger, and no name behind it', () => {
    const view = signInView({
      words: wordsFor('en'),
      settings: sampleSettings(),
      target: {
        kind: 'opening',
        account: 'payments-prod',
        permissionSet: 'ReadOnly',
        to: null,
        region: null,
        for: null,
      },
      choices: [{ name: 'Company SSO', href: '/sign-in/company' }],
    })
    assert.equal(view.wayTo, 'payments-prod / ReadOnly')
    assert.deepEqual(view.choices, [
      { text: 'Continue with Company SSO', href: '/sign-in/company' },
    ])
  })
})
