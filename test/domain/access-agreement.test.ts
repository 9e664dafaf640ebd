import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decideAccess, entitlementsOf, selects } from '#domain/access.ts'
import { selectorsOf, type Account, type Assignment } from '#domain/access-policy.ts'
import type { Principal } from '#domain/principal.ts'
import { accounts, now, person, policyWith, rule } from './policy-fixture.ts'

const providers = ['company', 'partners']
const groups = ['a', 'b', 'c', '__proto__']
const emails = ['ada@example.com', 'bob@example.com']
const subjects = ['u-1', 'u-2']
const permissionSets = ['admin', 'viewer', 'auditor']
const selectors = [
  'prod',
  'staging',
  'bench',
  'tag:team=web',
  'environment:sandbox',
  '*',
  'tag:team=x',
]
const instant = fc.option(
  fc.integer({ min: -2, max: 2 }).map((hours) => new Date(now.getTime() + hours * 3_600_000)),
)

const ruleParts = {
  providers: fc.subarray(providers, { minLength: 1 }),
  groups: fc.subarray(groups),
  emails: fc.subarray(emails),
  users: fc.array(
    fc.record({ provider: fc.constantFrom(...providers), subject: fc.constantFrom(...subjects) }),
    { maxLength: 1 },
  ),
  from: instant,
  until: instant,
}

const ruleSketch = fc.record({
  ...ruleParts,
  accounts: fc.subarray(selectors, { minLength: 1, maxLength: 2 }),
  permissionSets: fc.subarray(permissionSets, { minLength: 1 }),
})

const denialSketch = fc.record({
  ...ruleParts,
  accounts: fc.subarray(selectors, { maxLength: 1 }),
  permissionSets: fc.subarray(permissionSets, { maxLength: 1 }),
})

const rules = (kind: string, arbitrary: typeof ruleSketch) =>
  fc
    .array(arbitrary, { maxLength: 6 })
    .map((sketches) =>
      sketches.map((sketch, index) => rule({ ...sketch, name: `${kind} ${index}` })),
    )

const principal = fc
  .record({
    provider: fc.constantFrom(...providers),
    subject: fc.constantFrom(...subjects),
    email: fc.constantFrom(null, 'ADA@example.com', ...emails),
    emailVerified: fc.boolean(),
    groups: fc.subarray([...groups, 'x', 'y', 'z']),
  })
  .map(person)

describe('the indexes of the access policy', () => {
  it('give what reading all rules from the first to the last would give', () => {
    fc.assert(
      fc.property(
        rules('assignment', ruleSketch),
        rules('denial', denialSketch),
        principal,
        (assignments, denials, who) => {
          const policy = policyWith(assignments, denials)
          for (const account of accounts) {
            for (const permissionSet of permissionSets) {
              const wanted = { account: account.slug, permissionSet }
              const decision = decideAccess(policy, who, wanted, now)
              const found =
                decision.outcome === 'granted'
                  ? { name: decision.entitlement.assignment, endsAt: decision.entitlement.endsAt }
                  : null
              assert.deepEqual(found, scan(assignments, denials, who, account, permissionSet))
            }
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('give the portal exactly what every single decision would grant', () => {
    fc.assert(
      fc.property(
        rules('assignment', ruleSketch),
        rules('denial', denialSketch),
        principal,
        (assignments, denials, who) => {
          const policy = policyWith(assignments, denials)
          const decided = accounts.flatMap((account) =>
            permissionSets.flatMap((permissionSet) => {
              const decision = decideAccess(
                policy,
                who,
                { account: account.slug, permissionSet },
                now,
              )
              return decision.outcome === 'granted' ? [decision.entitlement] : []
            }),
          )
          assert.deepEqual(entitlementsOf(policy, who, now), decided)
        },
      ),
      { numRuns: 300 },
    )
  })
})

/** The rules as the design says them, without any index. */
function scan(
  assignments: readonly Assignment[],
  denials: readonly Assignment[],
  who: Principal,
  account: Account,
  permissionSet: string,
) {
  const holds = ({ who: selector, from, until }: Assignment) =>
    selects(selector, who) && (!from || from <= now) && (!until || now < until)
  const means = (wanted: readonly string[]) =>
    selectorsOf(account).some((selector) => wanted.includes(selector))

  const granting = assignments.filter(
    (each) => holds(each) && means(each.accounts) && each.permissionSets.includes(permissionSet),
  )
  const isDenied = denials.some(
    (each) =>
      holds(each) &&
      (each.accounts.length === 0 || means(each.accounts)) &&
      (each.permissionSets.length === 0 || each.permissionSets.includes(permissionSet)),
  )
  const [first] = granting
  if (!first || isDenied) return null
  const ends = granting.map(({ until }) => until)
  const last = ends.includes(null)
    ? null
    : new Date(Math.max(...ends.map((end) => end?.getTime() ?? 0)))
  return { name: first.name, endsAt: last }
}
