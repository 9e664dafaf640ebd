/** AssumeRole without the SDK: AWS Signature Version 4 by hand (AWS General Reference), over node:http. */
import { createHash, createHmac } from 'node:crypto'
import { request, type Agent } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

export interface StsByHand {
  readonly endpoint: URL
  readonly region: string
  readonly agent: Agent
  readonly caller: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

export async function assumeRoleByHand(
  { endpoint, region, agent, caller }: StsByHand,
  role: Readonly<Record<string, string | number>>,
): Promise<Credentials> {
  const entries = Object.entries({ Action: 'AssumeRole', Version: '2011-06-15', ...role })
  const body = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString()
  const answer = await post(endpoint, body, signed(endpoint, region, caller, body), agent)
  const field = (name: string) => answer.split(`<${name}>`)[1]?.split('<')[0] ?? ''
  return {
    accessKeyId: field('AccessKeyId'),
    secretAccessKey: field('SecretAccessKey'),
    sessionToken: field('SessionToken'),
  }
}

const formType = 'application/x-www-form-urlencoded'

export function post(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  agent: Agent,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const all = { 'content-type': formType, 'content-length': Buffer.byteLength(body), ...headers }
  request(url, { method: 'POST', agent, headers: all })
    .once('error', reject)
    .once('response', (response) => {
      if (response.statusCode === 200) text(response).then(resolve, reject)
      else reject(new Error(`${url.href} answered ${response.statusCode}`))
    })
    .end(body)
  return promise
}

function signed(
  { host, pathname }: URL,
  region: string,
  { accessKeyId, secretAccessKey }: StsByHand['caller'],
  body: string,
): Record<string, string> {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = [stamp.slice(0, 8), region, 'sts', 'aws4_request']
  const names = 'content-type;host;x-amz-date'
  const canonical = `POST\n${pathname}\n\ncontent-type:${formType}\nhost:${host}\nx-amz-date:${stamp}\n\n${names}\n${hash(body)}`
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${scope.join('/')}\n${hash(canonical)}`
  const key = scope.reduce<string | Buffer>(
    (last, part) => createHmac('sha256', last).update(part).digest(),
    `AWS4${secretAccessKey}`,
  )
  const signature = createHmac('sha256', key).update(toSign).digest('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`
  return { 'x-amz-date': stamp, authorization }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
