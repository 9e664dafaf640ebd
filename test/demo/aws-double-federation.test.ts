import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Credentials } from '@aws-sdk/client-sts'

import type { AwsDouble } from '#demo/aws-double.ts'

import {
  askForToken,
  assume,
  callers,
  roles,
  sessionJson,
  startDouble,
} from './aws-double-fixture.ts'

async function assertRefused(double: AwsDouble, response: Response, cause: RegExp): Promise<void> {
  const page = await response.text()
  assert.equal(response.status, 400)
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
  assert.match(double.requests.at(-1)?.cause ?? '', cause)
  assert.doesNotMatch(page, cause, 'the page gives the cause away')
}

type Fields = Record<string, string>

const changed =
  (change: Partial<Credentials>) =>
  (credentials: Credentials): Fields => ({
    Session: sessionJson({ ...credentials, ...change }),
  })

const refused: readonly {
  readonly because: string
  readonly fields: (credentials: Credentials) => Fields
  readonly cause: RegExp
}[] = [
  { because: 'there is no session', fields: () => ({}), cause: /not a JSON object/ },
  {
    because: 'the session is not JSON',
    fields: () => ({ Session: 'sessionId=ASIA' }),
    cause: /not a JSON object/,
  },
  {
    because: 'the session is encoded twice',
    fields: (credentials) => ({ Session: encodeURIComponent(sessionJson(credentials)) }),
    cause: /not a JSON object/,
  },
  {
    because: 'the session has AssumeRole’s own names',
    fields: (credentials) => ({ Session: JSON.stringify(credentials) }),
    cause: /lacks sessionId/,
  },
  {
    because: 'the access key id was never given out',
    fields: changed({ AccessKeyId: 'ASIAMADEUP' }),
    cause: /of no role session/,
  },
  {
    because: 'the credentials are the broker’s own',
    fields: () => ({
      Session: sessionJson({
        AccessKeyId: callers.instance.accessKeyId,
        SecretAccessKey: callers.instance.secretAccessKey,
        SessionToken: callers.instance.sessionToken,
        Expiration: undefined,
      }),
    }),
    cause: /of no role session/,
  },
  {
    because: 'the secret is wrong',
    fields: changed({ SecretAccessKey: 'guessed' }),
    cause: /secret access key is wrong/,
  },
  {
    because: 'the session token is wrong',
    fields: changed({ SessionToken: 'guessed' }),
    cause: /session token is wrong/,
  },
  ...['899', '43201', '0', '-900', '3600.5', '1h', '', '3600 '].map((SessionDuration) => ({
    because: `SessionDuration is “${SessionDuration}”`,
    fields: (credentials: Credentials) => ({ Session: sessionJson(credentials), SessionDuration }),
    cause: /SessionDuration is not/,
  })),
  {
    because: 'the action is spelled otherwise',
    fields: (credentials) => ({ Session: sessionJson(credentials), Action: 'GetSigninToken' }),
    cause: /no action GetSigninToken/,
  },
  {
    because: 'the name of Session is spelled otherwise',
    fields: (credentials) => ({ session: sessionJson(credentials) }),
    cause: /not a JSON object/,
  },
]

describe('federation: getSigninToken', () => {
  for (const method of ['GET', 'POST']) {
    it(`gives a sign-in token, and nothing else, by ${method}`, async (t) => {
      const double = await startDouble(t)
      const fields = new URLSearchParams({
        Action: 'getSigninToken',
        Session: sessionJson(await assume(double)),
      })
      const url = `${double.signInUrl}/federation`
      const response = await (method === 'GET'
        ? fetch(`${url}?${fields.toString()}`)
        : fetch(url, { method, body: fields }))

      const answer = (await response.json()) as Record<string, unknown>
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'application/json')
      assert.deepEqual(Object.keys(answer), ['SigninToken'])
      assert.match(String(answer['SigninToken']), /^[\w-]{600,}$/)
    })
  }

  for (const { because, fields, cause } of refused) {
    it(`answers a 400 page without a cause when ${because}`, async (t) => {
      const double = await startDouble(t)
      const response = await askForToken(double, fields(await assume(double)))
      await assertRefused(double, response, cause)
    })
  }

  it('refuses credentials that have expired', async (t) => {
    const double = await startDouble(t)
    const Session = sessionJson(await assume(double, { DurationSeconds: 900 }))
    double.passTime(900)
    await assertRefused(double, await askForToken(double, { Session }), /have expired/)
  })

  for (const SessionDuration of ['900', '43200']) {
    it(`takes a SessionDuration of ${SessionDuration}, whatever the role’s maximum`, async (t) => {
      const double = await startDouble(t)
      const Session = sessionJson(await assume(double))
      const response = await askForToken(double, { Session, SessionDuration })
      assert.equal(response.status, 200)
    })
  }

  it('takes chained credentials only without SessionDuration', async (t) => {
    const double = await startDouble(t)
    const Session = sessionJson(await assume(double, {}, 'chained'))
    const without = await askForToken(double, { Session })
    const withDuration = await askForToken(double, { Session, SessionDuration: '3600' })

    assert.equal(without.status, 200)
    await assertRefused(double, withDuration, /role chaining/)
  })

  it('takes credentials of a session that assumed a further role for chained', async (t) => {
    const double = await startDouble(t)
    const first = await assume(double, { RoleArn: roles.viewer.arn })
    const Session = sessionJson(await assume(double, { RoleArn: roles.open.arn }, first))
    const response = await askForToken(double, { Session, SessionDuration: '3600' })
    await assertRefused(double, response, /role chaining/)
  })

  it('ignores a sessionDuration in lower case', async (t) => {
    const double = await startDouble(t)
    const Session = sessionJson(await assume(double, {}, 'chained'))
    const response = await askForToken(double, { Session, sessionDuration: '1' })
    assert.equal(response.status, 200)
  })

  it('records what a test must be able to see: method, body and Region', async (t) => {
    const double = await startDouble(t)
    const Session = sessionJson(await assume(double))
    await askForToken(double, { Session }, '/eu-west-1')

    const request = double.requests.at(-1)
    assert.equal(request?.at, 'federation')
    assert.equal(request.region, 'eu-west-1')
    assert.equal(request.method, 'POST')
    assert.equal(request.url, '/eu-west-1/federation')
    assert.equal(new URLSearchParams(request.body).get('Session'), Session)
  })
})
