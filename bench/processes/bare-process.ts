/**
 * The yardstick of an opening: nothing but the two calls, by the SDK or by hand. No request comes in,
 * nothing is decided, written, limited or logged.
 */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { demoCaller } from '#demo/demo-aws.ts'
import type { DemoPorts } from '#demo/demo-config.ts'
import { assumeRoleByHand, post, type Credentials } from '../bare-calls.ts'
import { accountId, setSlug } from '../bench-config.ts'
import { answerParent, cpuMilliseconds, inputOf } from '../child-side.ts'

export interface BareWish {
  readonly by: 'sdk' | 'hand'
  readonly atOnce: number
  readonly seconds: number
  readonly staggerMilliseconds?: number
}

export interface BareResult {
  readonly times: readonly number[]
  readonly perSecond: number
  readonly cpuMillisecondsEach: number
}

const { ports } = inputOf<{ readonly ports: DemoPorts }>()
const region = 'ap-northeast-1'
const sts = `http://127.0.0.1:${ports.sts}/${region}`
const federation = new URL(`http://127.0.0.1:${ports.signIn}/${region}/federation`)
const role = {
  RoleArn: `arn:aws:iam::${accountId(0)}:role/sekisho/${setSlug(0)}`,
  RoleSessionName: 'person-1@example.com',
  DurationSeconds: 3600,
}
const agent = new Agent({ keepAlive: true, maxSockets: 1000, timeout: 4_000 })
// The settings of src/adapters/aws/sts-clients.ts, as far as they cost or save time.
const client = new STSClient({
  region,
  endpoint: sts,
  credentials: demoCaller,
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, httpAgent: agent },
})

async function open(by: BareWish['by']): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } =
    by === 'sdk'
      ? await assumeRoleBySdk()
      : await assumeRoleByHand({ endpoint: new URL(sts), region, agent, caller: demoCaller }, role)
  const form = new URLSearchParams({
    Action: 'getSigninToken',
    SessionDuration: '3600',
    Session: JSON.stringify({ sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken }),
  }).toString()
  const answer =
    by === 'sdk'
      ? await (await fetch(federation, { method: 'POST', body: new URLSearchParams(form) })).text()
      : await post(federation, form, {}, agent)
  const { SigninToken: token } = JSON.parse(answer) as { readonly SigninToken: string }
  return `${federation.href}?${new URLSearchParams({ Action: 'login', SigninToken: token }).toString()}`
}

async function assumeRoleBySdk(): Promise<Credentials> {
  const { Credentials: given } = await client.send(new AssumeRoleCommand(role))
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  }
}

async function run(wish: BareWish): Promise<BareResult> {
  const { by, atOnce, seconds, staggerMilliseconds = 0 } = wish
  const times: number[] = []
  const cpu = cpuMilliseconds()
  const began = performance.now()
  const ends = began + seconds * 1000
  const openInTurn = async (_: unknown, index: number) => {
    await pause(index * staggerMilliseconds)
    while (performance.now() < ends) {
      const before = performance.now()
      await open(by)
      times.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, openInTurn))
  return {
    times,
    perSecond: (times.length * 1000) / (performance.now() - began),
    cpuMillisecondsEach: (cpuMilliseconds() - cpu) / times.length,
  }
}

answerParent({}, { run }, async () => client.destroy())
