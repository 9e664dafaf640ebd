/** Decisions over generated policies, in a heap of their own. */
import { readFile } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parse } from 'yaml'
import { loadSettings } from '#config/load.ts'
import { watchConfig } from '#config/running-config.ts'
import { decideAccess, entitlementsOf } from '#domain/access.ts'
import { compileAccessPolicy, type AccessPolicy, type PolicySource } from '#domain/access-policy.ts'
import type { Principal } from '#domain/principal.ts'
import { accountId, accountSlug, groupName, setSlug } from '../bench-config.ts'
import { answerParent } from '../child-side.ts'

export interface PolicySize {
  readonly assignments: number
  readonly accounts: number
  readonly permissionSets: number
  readonly groups: number
}

export interface DecisionTimes {
  /** Microseconds each. */
  readonly granted: number
  readonly denied: number
  readonly everything: number
  readonly lookUps: number
}

const now = new Date()
const policies = new Map<string, AccessPolicy>()

function policyOf(size: PolicySize): AccessPolicy {
  const key = JSON.stringify(size)
  const policy = policies.get(key) ?? compileAccessPolicy(sourceOf(size))
  policies.set(key, policy)
  return policy
}

function sourceOf({ assignments, accounts, permissionSets, groups }: PolicySize): PolicySource {
  const list = <Item>(count: number, make: (index: number) => Item) =>
    Array.from({ length: count }, (_, index) => make(index))
  return {
    accounts: list(accounts, (index) => ({
      slug: accountSlug(index),
      id: accountId(index),
      name: `Account ${index}`,
      environment: null,
      tags: new Map([['team', `t${index % 50}`]]),
      partition: 'aws' as const,
      region: null,
      destination: null,
      externalId: null,
      contact: null,
    })),
    permissionSets: list(permissionSets, (index) => ({
      slug: setSlug(index),
      name: `Role ${index}`,
      description: null,
      roleName: `sekisho/${setSlug(index)}`,
      consoleSeconds: 3600,
      region: null,
      destination: null,
      caution: null,
      sourceIdentity: false,
      sessionTags: new Map<string, string>(),
      transitiveTags: [],
      sessionPolicy: null,
      sessionPolicyArns: [],
      attribution: 'strict' as const,
    })),
    assignments: list(assignments, (index) => ({
      name: `rule ${index}`,
      who: { providers: ['company'], groups: [groupName(index % groups)], emails: [], users: [] },
      accounts: [accountSlug((index * 7) % accounts)],
      permissionSets: [setSlug((index * 3) % permissionSets)],
      from: null,
      until: null,
    })),
    denials: [],
  }
}

function personIn(held: number): Principal {
  return {
    provider: 'company',
    issuer: 'http://127.0.0.1',
    subject: 'u-1',
    displayName: 'Person 1',
    username: null,
    email: 'person-1@example.com',
    emailVerified: true,
    groups: new Set(Array.from({ length: held }, (_, index) => groupName(index))),
  }
}

/** The person is in the first groups of the file, so that rules of all of them count. */
function decide({
  size,
  held,
}: {
  readonly size: PolicySize
  readonly held: number
}): DecisionTimes {
  const policy = policyOf(size)
  const person = personIn(held)
  const everything = entitlementsOf(policy, person, now)
  const granted = everything.slice(0, 500).map(({ account, permissionSet }) => ({
    account: account.slug,
    permissionSet: permissionSet.slug,
  }))
  const denied = Array.from({ length: 500 }, (_, index) => ({
    account: accountSlug((index * 13) % size.accounts),
    permissionSet: setSlug((index * 11) % size.permissionSets),
  })).filter((wanted) => decideAccess(policy, person, wanted, now).outcome === 'denied')
  const groups = new Map(Array.from({ length: 5_000 }, (_, index) => [groupName(index), index]))
  return {
    granted: each(granted, (wanted) => decideAccess(policy, person, wanted, now).outcome),
    denied: each(denied, (wanted) => decideAccess(policy, person, wanted, now).outcome),
    everything: each([person], (one) => entitlementsOf(policy, one, now).length),
    lookUps: each([person], (one) => [...one.groups].filter((group) => groups.has(group)).length),
  }
}

/** Microseconds for one, over at least 60 ms. */
function each<Item>(items: readonly Item[], use: (item: Item) => unknown): number {
  let count = 0
  const began = performance.now()
  let last = began
  do {
    for (const item of items) use(item)
    count += items.length
    last = performance.now()
  } while (last - began < 60 && count > 0)
  return ((last - began) * 1000) / count
}

async function load(path: string) {
  const text = await readFile(path, 'utf8')
  const parsing = await timed(async () => parse(text))
  const loading = await timed(() => loadSettings({ path, environment: {} }))
  const loaded = loading.result
  if (loaded.outcome === 'refused') throw new Error(JSON.stringify(loaded.problems.slice(0, 3)))
  const watched = watchConfig({
    path,
    environment: {},
    initial: loaded.settings,
    onChange: () => undefined,
  })
  const stall = monitorEventLoopDelay({ resolution: 1 })
  stall.enable()
  const swapping = await timed(() => watched.reload())
  await new Promise((resolve) => setTimeout(resolve, 5))
  stall.disable()
  watched.close()
  return {
    parse: parsing.milliseconds,
    load: loading.milliseconds,
    swap: swapping.milliseconds,
    stall: stall.max / 1e6,
  }
}

async function timed<Result>(work: () => Promise<Result>) {
  const began = performance.now()
  const result = await work()
  return { result, milliseconds: performance.now() - began }
}

answerParent({}, { decide, load }, async () => undefined)
