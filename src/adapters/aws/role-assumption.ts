/**
 * AssumeRole with what may be tried again: a duration that is too long, and attribution that a
 * lenient permission set can do without. Each once, and nothing else: no refusal of AWS is retried.
 */
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts'

import type { AwsRefusal } from '#domain/aws-refusal.ts'
import { roleArn } from '#domain/partition.ts'
import { sessionPolicyFor } from '#domain/session-policy.ts'
import type { ConsoleOpening } from '#ports'
import { failureOf, type AwsFailure } from './aws-failure.ts'
import type { AssumedRole } from './sts-clients.ts'

export interface RoleWish {
  readonly durationSeconds: number
  readonly sourceIdentity: string | null
  readonly tags: ReadonlyMap<string, string>
}

export interface AssumptionOutcome extends AssumedRole {
  readonly durationSeconds: number
  /** What had to be left out or shortened, in the order of refusals. */
  readonly adjustments: readonly AwsFailure[]
}

export async function assumeRoleAdjusting(
  opening: ConsoleOpening,
  durationSeconds: number,
  send: (input: AssumeRoleCommandInput) => Promise<AssumedRole>,
): Promise<AssumptionOutcome> {
  const adjustments: AwsFailure[] = []
  let wish: RoleWish | null = {
    durationSeconds,
    sourceIdentity: opening.sourceIdentity,
    tags: opening.tags,
  }
  for (;;) {
    try {
      const assumed = await send(inputOf(opening, wish))
      return { ...assumed, durationSeconds: wish.durationSeconds, adjustments }
    } catch (error) {
      const failure = failureOf(error)
      const less = withLess(wish, failure.refusal, opening.permissionSet.attribution)
      if (less === null) throw failure
      adjustments.push(failure)
      wish = less
    }
  }
}

/** Strictly less than before, so that this ends; null where nothing can be left out. */
function withLess(
  wish: RoleWish,
  { clampToSeconds, leaveOut }: AwsRefusal,
  attribution: 'strict' | 'lenient',
): RoleWish | null {
  if (clampToSeconds !== null && wish.durationSeconds > clampToSeconds) {
    return { ...wish, durationSeconds: clampToSeconds }
  }
  if (attribution === 'strict') return null
  if (leaveOut === 'source-identity' && wish.sourceIdentity !== null) {
    return { ...wish, sourceIdentity: null }
  }
  return leaveOut === 'tags' && wish.tags.size > 0 ? { ...wish, tags: new Map() } : null
}

function inputOf(opening: ConsoleOpening, wish: RoleWish): AssumeRoleCommandInput {
  const { account, permissionSet } = opening
  const { policy, policyArns } = sessionPolicyFor(permissionSet, opening.deniedAfter)
  const keys = new Set([...wish.tags.keys()].map((key) => key.toLowerCase()))
  // A tag without a value was left out; AWS refuses transitive keys that are not among the tags.
  const transitiveKeys = permissionSet.transitiveTags.filter((key) => keys.has(key.toLowerCase()))
  return {
    RoleArn: roleArnOf(opening),
    RoleSessionName: opening.roleSessionName,
    DurationSeconds: wish.durationSeconds,
    ...(account.externalId === null ? {} : { ExternalId: account.externalId }),
    ...(wish.sourceIdentity === null ? {} : { SourceIdentity: wish.sourceIdentity }),
    ...(wish.tags.size > 0 && { Tags: [...wish.tags].map(([Key, Value]) => ({ Key, Value })) }),
    ...(transitiveKeys.length > 0 && { TransitiveTagKeys: transitiveKeys }),
    ...(policy === null ? {} : { Policy: policy }),
    ...(policyArns.length > 0 && { PolicyArns: policyArns.map((arn) => ({ arn })) }),
  }
}

export function roleArnOf({
  account,
  permissionSet,
}: Pick<ConsoleOpening, 'account' | 'permissionSet'>): string {
  return roleArn(account.partition, account.id, permissionSet.roleName)
}
