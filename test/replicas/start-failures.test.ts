import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { anyPorts, demoConfigText } from '#demo/demo-config.ts'
import { runCommand } from './replica-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('a broker that cannot start', { concurrency: true }, () => {
  it('names the store that it cannot reach, but no password, and ends with 1', async (t) => {
    const taken = createServer()
    taken.listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = addressOf(taken.address())
    const closed = once(taken, 'close')
    taken.close()
    await closed
    const store = `postgres://sekisho:s3cret-word@127.0.0.1:${port}/sekisho`
    const configPath = await writeConfig(t, { store })

    const { code, stderr } = await runCommand(['serve', '--config', configPath])
    assert.equal(code, 1)
    assert.match(
      stderr,
      new RegExp(`store postgres://127\\.0\\.0\\.1:${port}/sekisho cannot be used`),
    )
    assert.match(stderr, /ECONNREFUSED/)
    assert.doesNotMatch(stderr, /s3cret-word/)
  })

  it('ends with 1 where its port is taken, though its metrics listen already', async (t) => {
    const taken = createServer()
    taken.listen(0, '127.0.0.1')
    await once(taken, 'listening')
    t.after(() => taken.close())
    const { port } = addressOf(taken.address())
    const configPath = await writeConfig(t, { port })

    const { code, stderr } = await runCommand(['serve', '--config', configPath])
    assert.equal(code, 1)
    assert.match(stderr, /EADDRINUSE/)
  })

  it('says what is wrong with DRAIN before anything is opened', async (t) => {
    const configPath = await writeConfig(t, {})
    const { code, stderr } = await runCommand(['serve', '--config', configPath], { DRAIN: 'soon' })
    assert.equal(code, 1)
    assert.match(stderr, /DRAIN=soon is no span of time/)
  })
})

async function writeConfig(
  t: TestContext,
  { store, port }: { readonly store?: string; readonly port?: number },
): Promise<string> {
  const folder = await temporaryFolder(t)
  const path = join(folder, 'sekisho.yaml')
  const ports = { ...anyPorts, broker: port ?? 0 }
  await writeFile(path, await demoConfigText(ports, store ?? 'sqlite:./store.db', new Date()))
  return path
}

function addressOf(address: string | { port: number } | null): { port: number } {
  assert.ok(address !== null && typeof address === 'object')
  return address
}
