import { createHash } from 'node:crypto'

/** An ARN's parts. A role's `resource` is `role/path/Name`. */
export interface ArnParts {
  readonly partition: string
  readonly service: string
  readonly accountId: string
  readonly resource: string
}

/** Null for what STS calls invalid: parts missing, or no partition, service or resource. */
export function parseArn(arn: string): ArnParts | null {
  const [prefix, partition, service, , accountId, ...rest] = arn.split(':')
  const resource = rest.join(':')
  if (prefix !== 'arn' || !partition || !service || !resource) return null
  return { partition, service, accountId: accountId ?? '', resource }
}

/** The name alone: assumed-role ARNs leave the path out. */
export function roleNameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1)
}

export function assumedRoleArn(roleArn: string, sessionName: string): string {
  const { partition = 'aws', accountId = '' } = parseArn(roleArn) ?? {}
  return `arn:${partition}:sts::${accountId}:assumed-role/${roleNameOf(roleArn)}/${sessionName}`
}

/** A role's unique id, from what both its own ARN and its sessions' ARNs still tell. */
export function roleIdOf(accountId: string, roleName: string): string {
  return uniqueIdOf('AROA', `${accountId}/${roleName}`)
}

/** Stable for a name, unlike AWS's, which change when something is deleted and made again. */
export function uniqueIdOf(prefix: 'AROA' | 'AIDA', name: string): string {
  const digest = createHash('sha256').update(name).digest()
  return prefix + alphanumeric(digest.subarray(0, 17))
}

/** One of 32 capitals and digits for each byte, as in AWS's key and unique ids. */
export function alphanumeric(bytes: Uint8Array): string {
  return [...bytes].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')
}
