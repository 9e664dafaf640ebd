import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startTestDemo, type TestDemo } from '../support/demo.ts'

const pathOf = (name: string) => fileURLToPath(new URL(`./certificate/${name}`, import.meta.url))
const tls = `tls: { cert: ${pathOf('localhost.cert.pem')}, key: ${pathOf('localhost.key.pem')} }`

describe('the health check of the image', () => {
  it('finds a broker well that listens by http', async (t) => {
    assert.equal(await check(await startTestDemo(t)), 0)
  })

  it('finds a broker well that has its own certificate, without an error in its log', async (t) => {
    const demo = await startTestDemo(t, {
      edit: (config) =>
        config
          .replace('publicUrl: http:', 'publicUrl: https:')
          .replace(/^metrics: .*$/m, `$&\n${tls}`),
    })
    assert.equal(await check(demo), 0)
    assert.ok(demo.logLines.every((line) => !/"level":[56]0/.test(line)))
  })

  it('finds one ill that is gone', async (t) => {
    const demo = await startTestDemo(t)
    await demo.broker.close()
    assert.equal(await check(demo), 1)
  })
})

/** The command as it stands in the Dockerfile; its exit code. */
async function check(demo: TestDemo): Promise<number> {
  const dockerfile = readFileSync('Dockerfile', 'utf8')
  const text = /HEALTHCHECK [^]*?CMD (\[.*\])\n/.exec(dockerfile)?.[1] ?? '[]'
  const [, ...parameters]: string[] = JSON.parse(text)
  const env = { PATH: process.env['PATH'], PORT: new URL(demo.url).port }
  const child = spawn(process.execPath, parameters, { env, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return Number(code)
}
