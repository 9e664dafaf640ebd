import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'

import { assume, startDouble, stsClient } from './aws-double-fixture.ts'
import { send, signedBySdk } from './aws-double-signed-request.ts'
import type { SignedRequest } from './aws-double-signed-request.ts'

type Spoil = (request: SignedRequest) => void

const authorization =
  (from: string | RegExp, to: string | ((match: string, part: string) => string)): Spoil =>
  ({ headers }) => {
    const header = headers['authorization'] ?? ''
    headers['authorization'] =
      typeof to === 'string' ? header.replace(from, to) : header.replace(from, to)
  }

const spoiled: readonly {
  readonly what: string
  readonly spoil: Spoil
  readonly status: number
  readonly code: string
  readonly says: RegExp
}[] = [
  {
    what: 'another body',
    spoil: (request) => (request.body += '&Tags.member.1.Key=admin'),
    status: 403,
    code: 'SignatureDoesNotMatch',
    says: /signature we calculated does not match/,
  },
  {
    what: 'another path',
    spoil: (request) => (request.path = '/us-east-1/'),
    status: 403,
    code: 'SignatureDoesNotMatch',
    says: /signature we calculated/,
  },
  {
    what: 'a query that was not signed',
    spoil: (request) => (request.path += '?Action=AssumeRole'),
    status: 403,
    code: 'SignatureDoesNotMatch',
    says: /signature we calculated/,
  },
  {
    what: 'another value of a signed header',
    spoil: ({ headers }) => (headers['x-amz-user-agent'] = 'someone-else/1'),
    status: 403,
    code: 'SignatureDoesNotMatch',
    says: /signature we calculated/,
  },
  {
    what: 'a signed header left out',
    spoil: ({ headers }) => delete headers['amz-sdk-invocation-id'],
    status: 403,
    code: 'SignatureDoesNotMatch',
    says: /signature we calculated/,
  },
  {
    what: 'a signature with one digit changed',
    spoil: authorization(/Signature=(.)/, (_, digit) =>
      digit === '0' ? 'Signature=1' : 'Signature=0',
    ),
    status: 403,
    code: 'SignatureDoesNotMatch',
    says: /signature we calculated/,
  },
  {
    what: 'the scope of another service',
    spoil: authorization('/sts/', '/iam/'),
    status: 403,
    code: 'SignatureDoesNotMatch',
    says: /scoped to correct service: &#39;sts&#39;/,
  },
  {
    what: 'the scope of no Region',
    spoil: authorization('/us-east-1/', '/everywhere/'),
    status: 403,
    code: 'SignatureDoesNotMatch',
    says: /scoped to a valid region/,
  },
  {
    what: 'the scope of a Region other than the signed one',
    spoil: authorization('/us-east-1/', '/us-west-2/'),
    status: 403,
    code: 'SignatureDoesNotMatch',
    says: /signature we calculated/,
  },
  {
    what: 'the scope of another day',
    spoil: authorization(/\/\d{8}\//, '/20200101/'),
    status: 403,
    code: 'SignatureDoesNotMatch',
    says: /Date in Credential scope does not match/,
  },
  {
    what: 'a scope without its terminator',
    spoil: authorization('aws4_request', 'aws4'),
    status: 403,
    code: 'SignatureDoesNotMatch',
    says: /valid terminator/,
  },
  {
    what: 'no signature at all',
    spoil: ({ headers }) => delete headers['authorization'],
    status: 403,
    code: 'MissingAuthenticationToken',
    says: /missing Authentication Token/,
  },
  {
    what: 'half an Authorization header',
    spoil: authorization(/, Signature=.*/, ''),
    status: 400,
    code: 'IncompleteSignature',
    says: /requires/,
  },
  {
    what: 'no date',
    spoil: ({ headers }) => delete headers['x-amz-date'],
    status: 400,
    code: 'IncompleteSignature',
    says: /X-Amz-Date/,
  },
  {
    what: 'the host unsigned',
    spoil: authorization(';host;', ';'),
    status: 400,
    code: 'IncompleteSignature',
    says: /Host/,
  },
  {
    what: 'an access key nobody knows',
    spoil: authorization('AKIAUSER', 'AKIANOBODY'),
    status: 403,
    code: 'InvalidClientTokenId',
    says: /security token included in the request is invalid/,
  },
  {
    what: 'a session token on a key that has none',
    spoil: ({ headers }) => (headers['x-amz-security-token'] = 'made-up'),
    status: 403,
    code: 'InvalidClientTokenId',
    says: /security token included in the request is invalid/,
  },
]

describe('STS: signatures', () => {
  it('holds good what the SDK signed', async (t) => {
    const double = await startDouble(t)
    const answer = await send(double, await signedBySdk(double))
    assert.equal(answer.status, 200)
  })

  for (const { what, spoil, status, code, says } of spoiled) {
    it(`answers ${code} to ${what}`, async (t) => {
      const double = await startDouble(t)
      const request = await signedBySdk(double)
      spoil(request)
      const answer = await send(double, request)

      assert.equal(answer.code, code)
      assert.equal(answer.status, status)
      assert.match(answer.message, says)
    })
  }

  it('answers SignatureDoesNotMatch to the wrong secret', async (t) => {
    const double = await startDouble(t)
    const { AccessKeyId, SessionToken } = await assume(double)
    const thief = { AccessKeyId, SessionToken, SecretAccessKey: 'guessed' }
    const answer = await send(
      double,
      await signedBySdk(double, { ...thief, Expiration: undefined }),
    )
    assert.equal(answer.code, 'SignatureDoesNotMatch')
  })

  it('answers InvalidClientTokenId to a session token of another session', async (t) => {
    const double = await startDouble(t)
    const [one, other] = [await assume(double), await assume(double)]
    const mixed = { ...one, SessionToken: other.SessionToken }
    const answer = await send(double, await signedBySdk(double, mixed))
    assert.equal(answer.code, 'InvalidClientTokenId')
  })

  it('answers ExpiredToken to credentials that have ended, configured or given out', async (t) => {
    const double = await startDouble(t)
    const credentials = await assume(double, { DurationSeconds: 900 })
    const late = await signedBySdk(double, credentials)
    double.passTime(900)

    const codes = [
      await send(double, await signedBySdk(double, 'expired')),
      await send(double, late),
    ].map(({ code, status }) => `${status} ${code}`)
    assert.deepEqual(codes, ['403 ExpiredToken', '403 ExpiredToken'])
  })

  it('says that the scope is wrong before it says that the key is', async (t) => {
    const double = await startDouble(t)
    const request = await signedBySdk(double)
    authorization('AKIAUSER', 'AKIANOBODY')(request)
    authorization('/sts/', '/iam/')(request)
    assert.equal((await send(double, request)).code, 'SignatureDoesNotMatch')
  })

  it('says that the key has expired before it looks at the signature', async (t) => {
    const double = await startDouble(t)
    const request = await signedBySdk(double, 'expired')
    request.body += '&x=y'
    assert.equal((await send(double, request)).code, 'ExpiredToken')
  })

  it('refuses another Region’s scope on a Region’s own path', async (t) => {
    const double = await startDouble(t)
    const endpoint = `${double.stsUrl}/us-west-2`
    const request = await signedBySdk(double, 'user', { endpoint, region: 'eu-west-1' })
    const { code, message } = await send(double, request)
    assert.equal(code, 'SignatureDoesNotMatch')
    assert.match(message, /scoped to a valid region/)
  })

  for (const { clock, seconds, outcome } of [
    { clock: 'ahead by 14 minutes', seconds: 14 * 60, outcome: /^$/ },
    {
      clock: 'ahead by 16 minutes',
      seconds: 16 * 60,
      outcome: /^Signature expired: \d{8}T\d{6}Z is now earlier than .* - 15 min\.\)$/,
    },
    { clock: 'behind by 14 minutes', seconds: -14 * 60, outcome: /^$/ },
    {
      clock: 'behind by 16 minutes',
      seconds: -16 * 60,
      outcome: /^Signature not yet current: .* is still later than .* \+ 15 min\.\)$/,
    },
  ]) {
    it(`judges the date of a signature by its own clock, ${clock}`, async (t) => {
      const double = await startDouble(t)
      const request = await signedBySdk(double)
      double.passTime(seconds)
      const { code, message } = await send(double, request)
      assert.equal(code, message ? 'SignatureDoesNotMatch' : '')
      assert.match(message, outcome)
    })
  }

  it('lets an SDK whose clock is wrong find its way by the Date header', async (t) => {
    const double = await startDouble(t)
    double.passTime(3600)
    await stsClient(double, 'user', { maxAttempts: 2 }).send(new GetCallerIdentityCommand({}))
    assert.deepEqual(
      double.requests.map(({ status }) => status),
      [403, 200],
    )
  })
})
