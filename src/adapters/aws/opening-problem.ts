import { callerArnIn } from '#domain/aws-refusal.ts'
import { principalArnOf, trustPolicyFor } from '#domain/iam-text.ts'
import { Problem } from '#domain/problem.ts'
import type { ConsoleOpening } from '#ports'
import type { AwsFailure } from './aws-failure.ts'
import { roleArnOf } from './role-assumption.ts'

/** Stands in a trust policy where nobody could say who the broker is. */
const unknownBroker = 'ARN_OF_THE_BROKERS_ROLE'

/** Long enough for STS's buckets to fill again. */
const busySeconds = 5

export function openingProblem(
  failure: AwsFailure,
  opening: ConsoleOpening,
  ownArn: string | null,
): Problem {
  const { account, permissionSet } = opening
  const { problem, finding } = failure.refusal
  const callerArn = callerArnIn(failure.awsMessage) ?? ownArn
  const brokerArn = callerArn === null ? unknownBroker : principalArnOf(callerArn)
  return new Problem(problem, {
    facts: {
      accountName: account.name,
      permissionSet: permissionSet.name,
      openingId: opening.openingId,
    },
    operatorNote: {
      finding,
      callerArn,
      roleArn: roleArnOf(opening),
      message: failure.awsMessage,
      trustPolicy:
        problem === 'aws-refused'
          ? JSON.stringify(trustPolicyFor(account, permissionSet, brokerArn), null, 2)
          : null,
    },
    cause: failure,
    ...(problem === 'aws-busy' ? { retryAfterSeconds: busySeconds } : {}),
  })
}
