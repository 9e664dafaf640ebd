import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { AssumeRoleCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts'
import type { AssumeRoleCommandInput, Credentials } from '@aws-sdk/client-sts'

import { startAwsDouble } from '#demo/aws-double.ts'
import type {
  AwsDouble,
  AwsDoubleOptions,
  CallerCredentials,
  DoubleRole,
} from '#demo/aws-double.ts'

export const accountId = '111122223333'
export const otherAccountId = '444455556666'
export const brokerArn = 'arn:aws:iam::999900001111:role/platform/broker'
const brokerSession = 'arn:aws:sts::999900001111:assumed-role/broker/i-0abc'

export const callers = {
  user: caller('AKIAUSER', { arn: 'arn:aws:iam::999900001111:user/broker' }),
  instance: caller('ASIAINSTANCE', { arn: brokerSession, sessionToken: 'instance-token' }),
  chained: caller('ASIACHAINED', { arn: brokerSession, sessionToken: 'task-token', chained: true }),
  expired: caller('ASIAEXPIRED', { sessionToken: 'old-token', expiresAt: new Date(0) }),
  stranger: caller('AKIASTRANGER', { arn: 'arn:aws:iam::999900001111:user/stranger' }),
  named: caller('ASIANAMED', { sessionToken: 'named-token', sourceIdentity: 'deploy' }),
  mayNotAssume: caller('AKIANOASSUME', { allowed: { assumeRole: false } }),
  mayNotName: caller('AKIANONAME', { allowed: { setSourceIdentity: false } }),
  mayNotTag: caller('AKIANOTAG', { allowed: { tagSession: false } }),
} as const

export type CallerName = keyof typeof callers

const trusting = [brokerArn, 'arn:aws:iam::999900001111:user/broker']

export const roles = {
  viewer: role('sekisho/Viewer', { principals: trusting }),
  long: { ...role('sekisho/Long', { principals: trusting }), maxSessionSeconds: 43_200 },
  guarded: role('sekisho/Guarded', { principals: trusting, externalId: 'right-id' }),
  open: role('sekisho/Open', {
    principals: [...trusting, `arn:aws:iam::${accountId}:root`],
    sourceIdentity: 'allowed',
    tagSession: true,
  }),
  attributed: role('sekisho/Attributed', { principals: trusting, sourceIdentity: 'required' }),
  tagged: role('Tagged', { principals: trusting, tagSession: true, requiredTags: ['team'] }),
  regional: { ...role('Regional', { principals: trusting }), regionsDisabled: ['eu-south-1'] },
} as const

export type RoleName = keyof typeof roles

export const defaults = {
  callers: Object.values(callers),
  roles: [
    ...Object.values(roles),
    { ...roles.viewer, arn: roles.viewer.arn.replace(accountId, otherAccountId) },
  ],
} satisfies AwsDoubleOptions

/** A double on free ports, closed with the test, whose clock can be put forward. */
export async function startDouble(
  t: Pick<TestContext, 'after'>,
  options: Partial<AwsDoubleOptions> = {},
): Promise<AwsDouble & { passTime: (seconds: number) => void }> {
  let aheadMs = 0
  const clock = (): Date => new Date(Date.now() + aheadMs)
  const double = await startAwsDouble({ ...defaults, clock, ...options })
  t.after(() => double.stop())
  const passTime = (seconds: number): void => {
    aheadMs += seconds * 1000
  }
  return { ...double, passTime }
}

export type Caller = CallerName | Credentials

export function stsClient(
  { stsUrl }: AwsDouble,
  as: Caller = 'user',
  options: ConstructorParameters<typeof STSClient>[0] = {},
): STSClient {
  const { accessKeyId, secretAccessKey, sessionToken } = credentialsOf(as)
  return new STSClient({
    region: 'us-east-1',
    endpoint: stsUrl,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    ...options,
  })
}

/** AssumeRole by the SDK itself: the viewer's role as Ada, unless said otherwise. */
export async function assume(
  double: AwsDouble,
  input: Partial<AssumeRoleCommandInput> = {},
  as: Caller = 'user',
  region = 'us-east-1',
): Promise<Credentials> {
  const wanted = { RoleArn: roles.viewer.arn, RoleSessionName: 'ada@example.com', ...input }
  const client = stsClient(double, as, { region })
  const { Credentials: credentials } = await client.send(new AssumeRoleCommand(wanted))
  assert.ok(credentials)
  return credentials
}

/** The refusal that the SDK reports, as `{ code, status, message }`. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ code: string; status: number | undefined; message: string }> {
  const error = await call.then(
    () => assert.fail('STS did not refuse'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof STSServiceException, String(error))
  return { code: error.name, status: error.$metadata.httpStatusCode, message: error.message }
}

export function sessionJson(credentials: Credentials): string {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials
  return JSON.stringify({
    sessionId: AccessKeyId,
    sessionKey: SecretAccessKey,
    sessionToken: SessionToken,
  })
}

/** Asks for a sign-in token with these fields, by POST. */
export function askForToken(
  { signInUrl }: AwsDouble,
  fields: Record<string, string>,
  prefix = '',
): Promise<Response> {
  const body = new URLSearchParams({ Action: 'getSigninToken', ...fields })
  return fetch(`${signInUrl}${prefix}/federation`, { method: 'POST', body })
}

/** AssumeRole and getSigninToken in one: a token that login takes. */
export async function signinToken(
  double: AwsDouble,
  input: Partial<AssumeRoleCommandInput> = {},
  { fields = {}, prefix = '' }: { fields?: Record<string, string>; prefix?: string } = {},
): Promise<string> {
  const Session = sessionJson(await assume(double, input))
  const response = await askForToken(double, { Session, ...fields }, prefix)
  const answer: unknown = await response.json()
  assert.ok(answer && typeof answer === 'object' && 'SigninToken' in answer)
  assert.ok(typeof answer.SigninToken === 'string')
  return answer.SigninToken
}

export function loginUrl(
  { consoleUrl, signInUrl }: AwsDouble,
  fields: Record<string, string>,
  prefix = '',
): string {
  const query = new URLSearchParams({
    Action: 'login',
    Issuer: 'http://127.0.0.1:8080/go/prod/viewer',
    Destination: `${consoleUrl}/console/home`,
    ...fields,
  })
  return `${signInUrl}${prefix}/federation?${query.toString()}`
}

/** As much of a browser as cookies need: it follows no redirect by itself. */
export function newBrowser(): (url: string) => Promise<Response> {
  let cookie = ''
  return async (url) => {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return response
  }
}

/** Why login refused, out of the record: its page must not say. */
export async function causeOf(double: AwsDouble, response: Response): Promise<string> {
  assert.equal(response.status, 400)
  assert.match(await response.text(), /^<!doctype html>/)
  return double.requests.at(-1)?.cause ?? ''
}

/** A session policy that denies everything after a moment. */
export const denyAfter = (at: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { DateGreaterThan: { 'aws:CurrentTime': at } },
      },
    ],
  })

export const tag = (Key: string, Value = 'x'): { Key: string; Value: string } => ({ Key, Value })

function caller(accessKeyId: string, rest: Partial<CallerCredentials>): CallerCredentials {
  const arn = 'arn:aws:iam::999900001111:user/broker'
  return { accessKeyId, secretAccessKey: `secret-of-${accessKeyId}`, arn, chained: false, ...rest }
}

function role(name: string, trust: DoubleRole['trust']): DoubleRole {
  return { arn: `arn:aws:iam::${accountId}:role/${name}`, trust }
}

function credentialsOf(as: Caller): CallerCredentials {
  if (typeof as === 'string') return callers[as]
  return caller(as.AccessKeyId ?? '', {
    secretAccessKey: as.SecretAccessKey ?? '',
    sessionToken: as.SessionToken ?? '',
  })
}
