import assert from 'node:assert/strict'

import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'

import type { AwsDouble } from '#demo/aws-double.ts'

import { stsClient } from './aws-double-fixture.ts'
import type { Caller } from './aws-double-fixture.ts'

export interface SignedRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

/** What the SDK would have sent: signed by its own code, and then ours to spoil. */
export async function signedBySdk(
  double: AwsDouble,
  as: Caller = 'user',
  options: Parameters<typeof stsClient>[2] = {},
  otherBody?: string,
): Promise<SignedRequest> {
  let caught: SignedRequest | null = null
  const client = stsClient(double, as, {
    ...options,
    requestHandler: {
      handle: ({ method, path, headers, body }: SignedRequest) => {
        caught = { method, path, headers, body }
        throw new Error('caught before it was sent')
      },
    },
  })
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args
      if (otherBody !== undefined) Object.assign(request as object, { body: otherBody })
      return next(args)
    },
    // After the body was made and before it is measured and signed.
    { step: 'build', priority: 'high' },
  )
  await client.send(new GetCallerIdentityCommand({})).catch(() => null)
  assert.ok(caught)
  return caught
}

/** Sends it as it stands now; code and message are those of the XML. */
export async function send(
  { stsUrl }: AwsDouble,
  { method, path, headers, body }: SignedRequest,
): Promise<{ status: number; code: string; message: string }> {
  // fetch sets these two itself, to the same values.
  const { host: _host, 'content-length': _length, ...rest } = headers
  const response = await fetch(stsUrl + path, {
    method,
    headers: rest,
    ...(method === 'POST' ? { body } : {}),
    redirect: 'manual',
  })
  const xml = await response.text()
  const element = (name: string): string => new RegExp(`<${name}>(.*?)</`).exec(xml)?.[1] ?? ''
  return { status: response.status, code: element('Code'), message: element('Message') }
}
