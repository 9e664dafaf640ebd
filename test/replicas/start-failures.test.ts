import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { startCluster } from './cluster.ts'
import { runCommand } from './replica-process.ts'

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
    const { configPath } = await startCluster(t, { store })

    const { code, stderr } = await runCommand(['serve', '--config', configPath])
    assert.equal(code, 1)
    assert.match(stderr, new RegExp(`store postgres://127\\.0\\.0\\.1:${port}/sekisho cannot be used`))
    assert.match(stderr, /ECONNREFUSED/)
    assert.doesNotMatch(stderr, /s3cret-word/)
  })

  it('ends with 1 where its port is taken, though its metrics listen already', async (t) => {
    const taken = createServer()
    taken.listen(0, '127.0.0.1')
    await once(taken, 'listening')
    t.after(() => taken.close())
    const { port } = addressOf(taken.address())
    const { configPath } = await startCluster(t, {
      edit: (text) =>
        text
          .replace('port: 0 }', `port: ${port} }`)
          .replace('metrics: false', 'metrics: { host: 127.0.0.1, port: 0 }'),
    })

    const { code, stderr } = await runCommand(['serve', '--config', configPath])
    assert.equal(code, 1)
    assert.match(stderr, /EADDRINUSE/)
  })

  it('says what is wrong with DRAIN before anything is opened', async (t) => {
    const { configPath } = await startCluster(t)
    const { code, stderr } = await runCommand(['serve', '--config', configPath], { DRAIN: 'soon' })
    assert.equal(code, 1)
    assert.match(stderr, /DRAIN=soon is no span of time/)
  })
})

function addressOf(address: string | { port: number } | null): { port: number } {
  assert.ok(address !== null && typeof address === 'object')
  return address
}
