import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startTestDemo } from '../support/demo.ts'

/** Self-signed for 127.0.0.1, good from 2020 to 2120; the key protects nothing. */
const certPath = fileURLToPath(new URL('./certificate/localhost.cert.pem', import.meta.url))
const keyPath = fileURLToPath(new URL('./certificate/localhost.key.pem', import.meta.url))

describe('a certificate of its own', () => {
  it('serves https, with cookies that no other host or plain port can set or read', async (t) => {
    const demo = await startTestDemo(t, {
      edit: (config) =>
        config
          .replace('publicUrl: http:', 'publicUrl: https:')
          .replace(/^metrics: .*$/m, `$&\ntls: { cert: ${certPath}, key: ${keyPath} }`),
    })
    const ca = await readFile(certPath, 'utf8')

    const start = await get(new URL('/sign-in/company', demo.url), ca)
    assert.equal(start.statusCode, 303)
    const [cookie = ''] = start.headers['set-cookie'] ?? []
    assert.match(cookie, /^__Host-tx-/)
    for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) {
      assert.ok(cookie.split('; ').includes(attribute), `${attribute} in ${cookie}`)
    }
    assert.match(start.headers['strict-transport-security'] ?? '', /max-age=\d{7,}/)
    assert.match(start.headers.location ?? '', /redirect_uri=https%3A%2F%2F127\.0\.0\.1/)

    const ready = await get(new URL('/readyz', demo.url), ca)
    assert.equal(ready.statusCode, 200)
    await assert.rejects(fetch(demo.url.replace('https:', 'http:')), 'plain http has no answer')
  })
})

function get(url: URL, ca: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { ca, agent: false }, (response) => {
      text(response).then(() => resolve(response), reject)
    })
      .once('error', reject)
      .end()
  })
}
