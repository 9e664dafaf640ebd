import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { inspect } from 'node:util'

import { createConsoleFederation } from '#adapters/aws/console-federation.ts'
import type { ConsoleFederationOptions } from '#adapters/aws/console-federation.ts'
import { startAwsDouble } from '#demo/aws-double.ts'
import type { AwsDouble, AwsDoubleOptions, CallerCredentials, RoleTrust } from '#demo/aws-double.ts'
import type { Account, PermissionSet } from '#domain/access-policy.ts'
import type { Problem } from '#domain/problem.ts'
import type { AwsSettings } from '#domain/settings.ts'
import type { ConsoleFederation, ConsoleOpening } from '#ports'

export const brokerArn = 'arn:aws:iam::999988887777:user/console-broker'
export const chainedBrokerArn = 'arn:aws:sts::999988887777:assumed-role/console-broker/task-1'

export const longTerm: CallerCredentials = {
  accessKeyId: 'AKIABROKERLONGTERM00',
  secretAccessKey: 'a-secret-of-the-broker/long-term',
  arn: brokerArn,
  chained: false,
}

export const chained: CallerCredentials = {
  accessKeyId: 'ASIABROKERCHAINED000',
  secretAccessKey: 'a-secret-of-the-broker/chained',
  sessionToken: 'session-token-of-the-broker',
  arn: chainedBrokerArn,
  chained: true,
}

export const production: Account = {
  slug: 'prod',
  id: '111122223333',
  name: 'Production',
  environment: null,
  tags: new Map([['team', 'platform']]),
  partition: 'aws',
  region: null,
  destination: null,
  externalId: 'sekisho-prod-4711',
  contact: null,
}

export const viewer: PermissionSet = {
  slug: 'viewer',
  name: 'Viewer',
  description: null,
  roleName: 'sekisho/ViewOnlyAccess',
  consoleSeconds: 28_800,
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

export const trustOfBroker: RoleTrust = {
  principals: [brokerArn, chainedBrokerArn],
  externalId: 'sekisho-prod-4711',
}

export function anOpening(changes: Partial<ConsoleOpening> = {}): ConsoleOpening {
  return {
    openingId: 'opening-1',
    account: production,
    permissionSet: viewer,
    roleSessionName: 'ada@example.org',
    sourceIdentity: null,
    tags: new Map(),
    wantedSeconds: 28_800,
    deniedAfter: null,
    destination: '/s3/home#buckets',
    region: null,
    signInPage: new URL('https://broker.example/go/prod/viewer'),
    signOutFirst: false,
    ...changes,
  }
}

export interface AwsSetUp {
  readonly aws: AwsDouble
  readonly federation: ConsoleFederation
  /** Read at each opening, so that a test can change it. */
  readonly settings: { -readonly [Key in keyof AwsSettings]: AwsSettings[Key] }
  /** Everything logged, as one text. */
  readonly logged: () => string
}

export interface SetUpOptions {
  readonly caller?: CallerCredentials
  readonly trust?: Partial<RoleTrust>
  readonly maxSessionSeconds?: number
  readonly regionsDisabled?: readonly string[]
  readonly account?: Account
  readonly settings?: Partial<AwsSettings>
  readonly double?: Partial<AwsDoubleOptions>
  readonly federation?: Partial<ConsoleFederationOptions>
}

/** Enough for a busy machine, where nothing is meant to be late. */
const patience = {
  connectMilliseconds: 2_000,
  requestMilliseconds: 3_000,
  openingMilliseconds: 12_000,
}

/** For answers that never come. */
export const haste = {
  connectMilliseconds: 200,
  requestMilliseconds: 300,
  openingMilliseconds: 1_500,
}

/** The real adapter before the AWS double, with a home Region and one to fail over to. */
export async function setUpAws(t: TestContext, options: SetUpOptions = {}): Promise<AwsSetUp> {
  const { caller = longTerm, account = production } = options
  const aws = await startAwsDouble({
    callers: [longTerm, chained, caller],
    roles: [
      {
        arn: `arn:${account.partition}:iam::${account.id}:role/${viewer.roleName}`,
        maxSessionSeconds: options.maxSessionSeconds ?? 43_200,
        trust: { ...trustOfBroker, ...options.trust },
        ...(options.regionsDisabled ? { regionsDisabled: options.regionsDisabled } : {}),
      },
    ],
    partition: account.partition,
    ...options.double,
  })
  t.after(() => aws.stop())

  const settings: AwsSetUp['settings'] = {
    region: 'eu-west-1',
    failoverRegions: ['us-west-2'],
    consoleSessionDuration: 'auto',
    endpoints: {
      sts: `${aws.stsUrl}/{region}`,
      signIn: `${aws.signInUrl}/{region}`,
      console: aws.consoleUrl,
    },
    federationMethod: 'POST',
    ...options.settings,
  }
  const lines: string[] = []
  const log = (details: object, message: string) =>
    void lines.push(`${message} ${JSON.stringify(details)}`)
  const federation = createConsoleFederation({
    settings: () => settings,
    clock: () => new Date(),
    product: 'Sekisho/0.1.0',
    credentials: {
      accessKeyId: caller.accessKeyId,
      secretAccessKey: caller.secretAccessKey,
      ...(caller.sessionToken ? { sessionToken: caller.sessionToken } : {}),
    },
    log: { info: log, warn: log },
    timeouts: patience,
    ...options.federation,
  })
  t.after(() => federation.close())
  return { aws, federation, settings, logged: () => lines.join('\n') }
}

/** The rejection of a promise that must not be kept. */
export async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  return promise.then(
    () => {
      throw new Error('nothing was refused')
    },
    (problem: Problem) => problem,
  )
}

/** `inspect` shows what a logger might: hidden properties and the cause's own cause included. */
export function assertNoSecrets(problem: Error, logged = '', ...more: readonly string[]): void {
  const seen = inspect(problem, { depth: 12, showHidden: true }) + logged
  for (const text of [
    longTerm.secretAccessKey,
    chained.secretAccessKey,
    chained.sessionToken ?? '',
    ...more,
  ]) {
    assert.equal(seen.includes(text), false)
  }
  assert.doesNotMatch(seen, /\$response|\$metadata|STSServiceException/)
}
