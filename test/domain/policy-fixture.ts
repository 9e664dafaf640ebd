import {
  compileAccessPolicy,
  type AccessPolicy,
  type Account,
  type Assignment,
  type Environment,
  type PermissionSet,
  type PrincipalSelector,
} from '#domain/access-policy.ts'
import type { Principal } from '#domain/principal.ts'

export const now = new Date('2026-12-10T12:00:00Z')

const sandbox: Environment = { slug: 'sandbox', name: 'Sandbox', colour: 'green' }

export function account(slug: string, more: Partial<Account> = {}): Account {
  return {
    slug,
    id: '111122223333',
    name: slug,
    environment: null,
    tags: new Map(),
    partition: 'aws',
    region: null,
    destination: null,
    externalId: null,
    contact: null,
    ...more,
  }
}

export function permissionSet(slug: string): PermissionSet {
  return {
    slug,
    name: slug,
    description: null,
    roleName: slug,
    consoleSeconds: 3_600,
    region: null,
    destination: null,
    caution: null,
    sourceIdentity: false,
    sessionTags: new Map(),
    transitiveTags: [],
    sessionPolicy: null,
    sessionPolicyArns: [],
    attribution: 'strict',
  }
}

export interface RuleSketch extends Partial<Omit<Assignment, 'who'>>, Partial<PrincipalSelector> {}

/** A rule about the people of `company`, for the account `prod` and the permission set `viewer`. */
export function rule(sketch: RuleSketch): Assignment {
  const { providers = ['company'], groups = [], emails = [], users = [], ...rest } = sketch
  return {
    name: 'rule',
    accounts: ['prod'],
    permissionSets: ['viewer'],
    from: null,
    until: null,
    ...rest,
    who: { providers, groups, emails, users },
  }
}

/** `prod` and `staging` belong to team web, `bench` is a sandbox. */
export const accounts: readonly Account[] = [
  account('prod', { id: '111111111111', tags: new Map([['team', 'web']]) }),
  account('staging', { id: '222222222222', tags: new Map([['team', 'web']]) }),
  account('bench', { id: '333333333333', environment: sandbox }),
]

export function policyWith(
  assignments: readonly Assignment[],
  denials: readonly Assignment[] = [],
): AccessPolicy {
  const permissionSets = ['admin', 'viewer', 'auditor'].map(permissionSet)
  return compileAccessPolicy({ accounts, permissionSets, assignments, denials })
}

export function person(more: Partial<Omit<Principal, 'groups'>> & { groups?: readonly string[] }) {
  const { groups = [], ...rest } = more
  return {
    provider: 'company',
    issuer: 'https://login.example.com',
    subject: 'u-1',
    displayName: 'Ada',
    username: 'ada',
    email: 'ada@example.com',
    emailVerified: true,
    ...rest,
    groups: new Set(groups),
  } satisfies Principal
}
