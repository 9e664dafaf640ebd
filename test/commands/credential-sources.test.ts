/** Where the broker's own credentials may come from: each by the SDK's real chain, in a real process. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { startAwsDouble, type AwsDouble } from '#demo/aws-double.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const arn = 'arn:aws:iam::111122220000:role/sekisho-broker'
const keys = { accessKeyId: 'AKIASOURCE0000000001', secretAccessKey: 'source/secret/0001' }
const role = 'arn:aws:iam::111122223333:role/sekisho/ViewOnlyAccess'
/** As the metadata services write it. */
const document = JSON.stringify({
  Code: 'Success',
  Type: 'AWS-HMAC',
  AccessKeyId: keys.accessKeyId,
  SecretAccessKey: keys.secretAccessKey,
  Token: 'session token',
  Expiration: '2999-01-01T00:00:00Z',
})

interface Source {
  readonly name: string
  readonly isTemporary: boolean
  readonly isChained: boolean
  readonly environment: (t: TestContext) => Promise<NodeJS.ProcessEnv>
}

const sources: readonly Source[] = [
  {
    name: 'an access key in the environment',
    isTemporary: false,
    isChained: false,
    environment: async () => ({
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    }),
  },
  {
    name: 'a role session in the environment',
    isTemporary: true,
    isChained: true,
    environment: async () => ({
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: 'session token',
    }),
  },
  {
    name: 'a profile of the shared file',
    isTemporary: false,
    isChained: false,
    environment: async (t) => {
      const path = join(await temporaryFolder(t), 'credentials')
      const lines = [
        '[broker]',
        `aws_access_key_id = ${keys.accessKeyId}`,
        `aws_secret_access_key = ${keys.secretAccessKey}`,
      ]
      await writeFile(path, lines.join('\n'))
      return { AWS_SHARED_CREDENTIALS_FILE: path, AWS_PROFILE: 'broker' }
    },
  },
  {
    name: 'a container',
    isTemporary: true,
    isChained: true,
    environment: async (t) => ({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: await serve(t, (_, response) => response.end(document)),
    }),
  },
  {
    name: 'an instance profile, by IMDSv2',
    isTemporary: true,
    isChained: false,
    environment: async (t) => ({
      AWS_EC2_METADATA_SERVICE_ENDPOINT: await serve(t, (request, response) => {
        if (request.method === 'PUT') response.end('imds token')
        else if (request.headers['x-aws-ec2-metadata-token'] !== 'imds token') {
          response.writeHead(401).end()
        } else response.end(request.url?.endsWith('/broker') ? document : 'broker')
      }),
    }),
  },
]

describe("the broker's own credentials", () => {
  for (const { name, isTemporary, isChained, environment } of sources) {
    it(`from ${name} open a console for ${isChained ? 'an hour at most' : 'as long as asked'}`, async (t) => {
      const caller = { ...keys, arn, chained: isChained }
      const aws = await startAwsDouble({
        callers: [isTemporary ? { ...caller, sessionToken: 'session token' } : caller],
        roles: [{ arn: role, trust: { principals: [arn] } }],
      })
      t.after(() => aws.stop())
      const config = await configFor(t, aws)
      const env = await environment(t)
      for (const set of ['short', 'long']) {
        const url = await signInUrl(env, `prod/${set}`, config)
        assert.equal((await fetch(url, { redirect: 'manual' })).status, 302, set)
      }
      assert.deepEqual(
        aws.sessions.map(({ durationSeconds }) => durationSeconds),
        [1800, 3600],
      )
      assert.deepEqual(lastDurations(aws), isChained ? [null, null] : ['1800', '28800'])
    })
  }
})

/** What each opening ended with: SessionDuration of the last exchange with its credentials. */
function lastDurations({ requests }: AwsDouble): readonly (string | null)[] {
  const bySession = new Map<string | null, string | null>()
  for (const { body } of requests) {
    const form = new URLSearchParams(body)
    if (form.get('Action') !== 'getSigninToken') continue
    bySession.set(form.get('Session'), form.get('SessionDuration'))
  }
  return [...bySession.values()]
}

async function signInUrl(env: NodeJS.ProcessEnv, target: string, config: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  execFile(
    process.execPath,
    ['src/main.ts', 'url', target, '--config', config],
    { env: { PATH: process.env['PATH'], ...env } },
    (error, out, err) => (error ? reject(new Error(err)) : resolve(out.trim())),
  )
  return promise
}

async function configFor(t: TestContext, aws: AwsDouble): Promise<string> {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'sekisho.yaml')
  await writeFile(
    path,
    `publicUrl: http://127.0.0.1:8480
store: sqlite:${join(folder, 'sekisho.db')}
sessions: { keys: ["${'6b1f0d5c'.repeat(8)}"] }
identityProviders:
  company: { name: Company, issuer: "http://127.0.0.1:1", clientId: sekisho, clientSecret: secret }
aws:
  region: ap-northeast-1
  endpoints:
    sts: ${aws.stsUrl}/{region}
    signIn: ${aws.signInUrl}/{region}
    console: ${aws.consoleUrl}/{region}
accounts:
  prod: { id: "111122223333" }
permissionSets:
  short: { name: Short, roleName: sekisho/ViewOnlyAccess, consoleDuration: 30m }
  long: { name: Long, roleName: sekisho/ViewOnlyAccess, consoleDuration: 8h }
assignments:
  - { name: everybody, groups: [staff], accounts: [prod], permissionSets: [short, long] }
`,
  )
  return path
}

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}
