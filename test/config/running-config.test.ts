import assert from 'node:assert/strict'
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { loadSettings } from '#config/load.ts'
import { watchConfig, type ConfigChange } from '#config/running-config.ts'
import { configText, sessionKey } from './config-text.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const otherKey = '1d0f5c9a7e43288c41f2d0b3e59674a1c8d7720e4f5b96837d21ac40f9e6b58c'

/** Watches a file; `next` resolves with the next change that is heard of. */
async function watching(t: TestContext, path: string) {
  const loaded = await loadSettings({ path, environment: {} })
  assert.equal(loaded.outcome, 'loaded', JSON.stringify(loaded))
  if (loaded.outcome !== 'loaded') throw new Error('refused')
  const heard: ConfigChange[] = []
  let wake = Promise.withResolvers<ConfigChange>()
  const config = watchConfig({
    path,
    environment: {},
    initial: loaded.settings,
    onChange: (change) => {
      heard.push(change)
      wake.resolve(change)
      wake = Promise.withResolvers()
    },
  })
  t.after(() => config.close())
  return { config, heard, next: () => wake.promise }
}

async function watchedFile(t: TestContext, text: string = configText()) {
  const path = join(await temporaryFolder(t), 'sekisho.yaml')
  await writeFile(path, text)
  return { path, ...(await watching(t, path)) }
}

const withNotice = (announcement: string) => configText({ announcement })

describe('the running config', () => {
  it('takes a changed file over', async (t) => {
    const { path, config, next } = await watchedFile(t)
    const change = next()
    await writeFile(path, withNotice('Closed'))

    assert.equal((await change).outcome, 'loaded')
    assert.deepEqual(config.current().announcement, { en: 'Closed', ja: 'Closed' })
  })

  it('keeps nobody waiting while the file is read', async (t) => {
    const { config } = await watchedFile(t)
    let isReading = true
    const reading = config.reload().finally(() => (isReading = false))
    let turns = 0
    for (; isReading; turns += 1) await setImmediate()

    assert.equal((await reading).outcome, 'loaded')
    // Reading it on the spot takes a handful: one for each call of the file system.
    assert.ok(turns > 1_000, `the event loop came round ${turns} times`)
  })

  it('waits for no reading that is under way when it ends', async (t) => {
    const { config, heard } = await watchedFile(t)
    const reading = config.reload()
    config.close()
    assert.equal((await reading).outcome, 'refused')
    assert.deepEqual(heard, [])
  })

  it('takes a file over that was renamed onto it, again and again', async (t) => {
    const { path, config, next } = await watchedFile(t)
    for (const notice of ['one', 'two', 'three']) {
      const change = next()
      await writeFile(`${path}.new`, withNotice(notice))
      await rename(`${path}.new`, path)
      await change
      assert.equal(config.current().announcement?.en, notice)
    }
  })

  it('follows the links that Kubernetes swaps', async (t) => {
    const folder = await temporaryFolder(t)
    for (const [version, text] of [
      ['..one', configText()],
      ['..two', withNotice('Two')],
    ] as const) {
      await mkdir(join(folder, version))
      await writeFile(join(folder, version, 'sekisho.yaml'), text)
    }
    await symlink('..one', join(folder, '..data'))
    await symlink('..data/sekisho.yaml', join(folder, 'sekisho.yaml'))
    const { config, next } = await watching(t, join(folder, 'sekisho.yaml'))

    const change = next()
    await symlink('..two', join(folder, '..data_tmp'))
    await rename(join(folder, '..data_tmp'), join(folder, '..data'))
    await change

    assert.equal(config.current().announcement?.en, 'Two')
  })

  it('refuses a broken file, keeps the last good one, and takes the mended one over', async (t) => {
    const { path, config, next } = await watchedFile(t, withNotice('Good'))
    const refused = next()
    await writeFile(path, withNotice('Bad') + 'unknown: 1\n')

    const refusal = await refused
    assert.equal(refusal.outcome, 'refused')
    assert.equal(refusal.outcome === 'refused' && refusal.problems[0]?.path, '/unknown')
    assert.equal(config.current().announcement?.en, 'Good')

    const mended = next()
    await writeFile(path, withNotice('Mended'))
    await mended
    assert.equal(config.current().announcement?.en, 'Mended')
  })

  it('keeps what a process cannot change, and says that it needs a restart', async (t) => {
    const { path, config, next } = await watchedFile(t)
    const before = config.current()
    const change = next()
    await writeFile(
      path,
      configText({
        publicUrl: 'https://other.example.com',
        listen: '{ port: 9000 }',
        metrics: 'false',
        trustedProxies: '[10.0.0.0/8]',
        store: 'sqlite:./other.db',
        limits: '{ openings: 5 }',
        drain: '20s',
        sessions: `{ keys: ["${otherKey}", "${sessionKey}"], idle: 2h }`,
        identityProviders:
          '{ company: { issuer: "https://other.example.com", clientId: a, clientSecret: b } }',
        announcement: 'New',
      }),
    )
    const heard = await change

    assert.deepEqual(heard.outcome === 'loaded' && heard.needsRestart, [
      'publicUrl',
      'listen',
      'metrics',
      'trustedProxies',
      'store',
      'limits',
      'sessions.keys',
      'identityProviders',
    ])
    const { server, identityProviders, announcement } = config.current()
    assert.equal(server.publicUrl.href, before.server.publicUrl.href)
    assert.deepEqual(server.listen, before.server.listen)
    assert.deepEqual(server.metrics, before.server.metrics)
    assert.equal(server.store, before.server.store)
    assert.deepEqual(server.sessions.keys, before.server.sessions.keys)
    assert.deepEqual(identityProviders, before.identityProviders)
    assert.deepEqual(server.limits, before.server.limits)
    assert.equal(server.sessions.idleSeconds, 7_200)
    assert.equal(server.drainSeconds, 20)
    assert.equal(announcement?.en, 'New')
  })

  it('says nothing of a restart where only the policy changed', async (t) => {
    const { path, next } = await watchedFile(t)
    const change = next()
    await writeFile(path, configText({ assignments: '[]' }))
    const heard = await change
    assert.deepEqual(heard.outcome === 'loaded' && heard.needsRestart, [])
  })

  it('looks again when asked to, though nothing changed', async (t) => {
    const { config, heard } = await watchedFile(t)
    const change = await config.reload()
    assert.equal(change.outcome, 'loaded')
    assert.equal(heard.length, 1)
  })

  it('refuses a file that is gone', async (t) => {
    const { path, config } = await watchedFile(t)
    await rm(path)
    const change = await config.reload()
    assert.equal(change.outcome, 'refused')
    assert.equal(config.current().policy.accounts.size, 2)
  })

  it('takes files over in the order in which it was asked to', async (t) => {
    const { path, config } = await watchedFile(t)
    await writeFile(path, withNotice('first'))
    const first = config.reload()
    await writeFile(path, withNotice('second'))
    await Promise.all([first, config.reload()])
    assert.equal(config.current().announcement?.en, 'second')
  })

  it('is silent once it is closed', async (t) => {
    const { path, config, heard } = await watchedFile(t)
    config.close()
    await writeFile(path, withNotice('late'))
    await config.reload()
    assert.deepEqual(heard, [])
    assert.equal(config.current().announcement, null)
  })
})
