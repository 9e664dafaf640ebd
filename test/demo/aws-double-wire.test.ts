import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { startDouble } from './aws-double-fixture.ts'
import { send, signedBySdk } from './aws-double-signed-request.ts'

describe('STS: the wire', () => {
  for (const { asked, body, status, code, says } of [
    {
      asked: 'an action it does not know',
      body: 'Action=GetSessionToken&Version=2011-06-15',
      status: 400,
      code: 'InvalidAction',
      says: /^Could not find operation GetSessionToken for version 2011-06-15$/,
    },
    {
      asked: 'another version',
      body: 'Action=AssumeRole&Version=2010-01-01',
      status: 400,
      code: 'InvalidAction',
      says: /for version 2010-01-01$/,
    },
    {
      asked: 'an action without parameters',
      body: 'Action=AssumeRole&Version=2011-06-15',
      status: 400,
      code: 'ValidationError',
      says: /^2 validation errors detected: Value null at &#39;roleArn&#39;/,
    },
    { asked: 'nothing', body: 'Version=2011-06-15', status: 302, code: '', says: /^$/ },
  ]) {
    it(`answers ${status} ${code} when asked for ${asked}`, async (t) => {
      const double = await startDouble(t)
      const answer = await send(double, await signedBySdk(double, 'user', {}, body))
      assert.equal(answer.status, status)
      assert.equal(answer.code, code)
      assert.match(answer.message, says)
    })
  }

  it('answers an empty 413 to a body over 10,000,000 bytes', async (t) => {
    const double = await startDouble(t)
    const response = await fetch(double.stsUrl, { method: 'POST', body: 'x'.repeat(10_000_001) })
    assert.equal(response.status, 413)
    assert.equal(await response.text(), '')
  })

  it('carries the request id in header and body alike', async (t) => {
    const double = await startDouble(t)
    const response = await fetch(double.stsUrl, { method: 'POST' })
    const id = response.headers.get('x-amzn-requestid') ?? 'none'
    const xml = await response.text()
    assert.ok(xml.includes(`<RequestId>${id}</RequestId>`))
    assert.ok(xml.startsWith('<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'))
    assert.equal(response.headers.get('content-type'), 'text/xml')
  })
})
