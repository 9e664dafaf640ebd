import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { confirmView, type ConfirmInput } from '#features/console/confirm-view.ts'
import { wordsFor } from '../../src/words/words.ts'
import { accounts, alice, roles, sampleEntitlement, sampleNow } from '../support/sample-roles.ts'

function confirmOf(more: Partial<ConfirmInput> = {}) {
  return confirmView({
    words: wordsFor('en'),
    principal: alice,
    entitlement: sampleEntitlement(accounts.payments, roles.read),
    destination: '/console/home',
    region: null,
    wantedSeconds: 28_800,
    endsAt: new Date(sampleNow.getTime() + 28_800_000),
    continueUrl: '/go/payments-prod/ReadOnly?ok=token',
    cameFrom: 'chat.example.com',
    ...more,
  })
}

describe('the question before an opening', () => {
  it('says who, which account, which role, which page and how long', () => {
    const view = confirmOf()
    assert.equal(view.title, 'Continue as Alice to Payments, Production\u00a0/ ReadOnly?')
    assert.deepEqual(view.account, {
      name: 'Payments',
      number: '1111-2222-0101',
      colour: 'red',
      environment: 'Production',
    })
    assert.equal(view.page.title, 'Console home')
    assert.equal(view.ends.text, '24 November 2026, 12:48 UTC')
    assert.equal(view.ends.lasts, '8 hours, the longest for this role')
    assert.equal(view.continueUrl, '/go/payments-prod/ReadOnly?ok=token')
  })

  it('names the site that the link stood on', () => {
    assert.match(confirmOf().why, /another site, chat\.example\.com/)
  })

  it('does not claim to know where a link without a referrer came from', () => {
    assert.match(confirmOf({ cameFrom: null }).why, /did not come from a page of ours/)
  })

  it('does not warn of ourselves', () => {
    const own = { cameFrom: 'aws.example.com', ownHost: 'aws.example.com' }
    assert.match(confirmOf(own).why, /Check once/)
    const caution = sampleEntitlement(accounts.payments, roles.admin)
    assert.match(confirmOf({ ...own, entitlement: caution }).why, /marked with caution/)
  })

  it('shows host and page of a link apart, and says to read what is there', () => {
    const { page, warning } = confirmOf({
      destination: 'https://eu-west-1.console.aws.amazon.com/cloudformation/home#/stacks/create',
    })
    assert.equal(page.title, 'eu-west-1.console.aws.amazon.com')
    assert.equal(page.address, '/cloudformation/home#/stacks/create')
    assert.match(warning ?? '', /Read it there/)
  })

  it('warns of no page that the role opens at anyway', () => {
    const entitlement = sampleEntitlement(accounts.payments, roles.logs)
    const destination = roles.logs.destination
    assert.ok(destination)
    assert.equal(confirmOf({ entitlement, destination }).warning, null)
  })
})
