import type { AccessPolicy, Account, PermissionSet } from '#domain/access-policy.ts'
import { roleArn } from '#domain/partition.ts'
import {
  startAwsDouble,
  type AwsDouble,
  type CallerCredentials,
  type DoubleRole,
} from './aws-double.ts'

/** What the broker signs with: like an EC2 instance profile, which AWS does not count as chained. */
export const demoCaller: CallerCredentials = {
  accessKeyId: 'AKIADEMO000000000001',
  secretAccessKey: 'demo/secret/protects/nothing/000000000001',
  arn: 'arn:aws:iam::111122220000:role/sekisho-broker',
  chained: false,
}

/** No account of the demo has it: opening it shows what a refusal of AWS looks like. */
const missingRole = 'sekisho/NetworkAdmin'

export function startDemoAws(
  policy: AccessPolicy,
  ports: { readonly sts: number; readonly signIn: number; readonly console: number },
  bindAddress = '127.0.0.1',
): Promise<AwsDouble> {
  const sets = [...policy.permissionSets.values()].filter(
    ({ roleName }) => roleName !== missingRole,
  )
  const roles = [...policy.accounts.values()].flatMap((account) =>
    sets.map((permissionSet) => roleIn(account, permissionSet)),
  )
  const accountAliases = Object.fromEntries(
    [...policy.accounts.values()].map(({ id, slug }) => [id, slug]),
  )
  return startAwsDouble({ callers: [demoCaller], roles, ports, accountAliases, bindAddress })
}

function roleIn(account: Account, permissionSet: PermissionSet): DoubleRole {
  return {
    arn: roleArn(account.partition, account.id, permissionSet.roleName),
    maxSessionSeconds: 3_600,
    trust: {
      principals: [demoCaller.arn],
      ...(account.externalId === null ? {} : { externalId: account.externalId }),
      sourceIdentity: permissionSet.sourceIdentity ? 'required' : 'refused',
      tagSession: permissionSet.sessionTags.size > 0,
    },
  }
}
