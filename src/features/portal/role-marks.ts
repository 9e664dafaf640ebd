/** What is known of single roles, found without making a key for each of 5,000 tiles. */
import type { AccessRequest, Entitlement } from '#domain/access.ts'

export interface RoleMarks<Mark> {
  of(entitlement: Entitlement): Mark | undefined
}

export function roleMarks<Role extends AccessRequest, Mark>(
  roles: readonly Role[],
  markOf: (role: Role) => Mark,
): RoleMarks<Mark> {
  const byAccount = new Map<string, Map<string, Mark>>()
  for (const role of roles) {
    const marks = byAccount.get(role.account) ?? new Map<string, Mark>()
    byAccount.set(role.account, marks.set(role.permissionSet, markOf(role)))
  }
  if (byAccount.size === 0) return { of: () => undefined }
  return {
    of: ({ account, permissionSet }) => byAccount.get(account.slug)?.get(permissionSet.slug),
  }
}

/** `account-slug/permission-set`: what the forms of the page send. */
export function roleKey({ account, permissionSet }: AccessRequest): string {
  return `${account}/${permissionSet}`
}
