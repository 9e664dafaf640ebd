import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { openStorage } from '#adapters/storage/open-storage.ts'
import type { Storage } from '#ports'
import { startPostgres, type Postgres } from '../support/postgres.ts'

const certificates = new URL('../replicas/certificate/', import.meta.url)
const pathOf = (name: string) => fileURLToPath(new URL(name, certificates))

describe('a PostgreSQL that takes TLS', { timeout: 60_000 }, () => {
  let postgres: Postgres
  before(async () => {
    const [cert, key] = await Promise.all([
      readFile(pathOf('localhost.cert.pem'), 'utf8'),
      readFile(pathOf('localhost.key.pem'), 'utf8'),
    ])
    postgres = await startPostgres({ tls: { cert, key } })
  })
  after(() => postgres.stop())

  /** By name, as in a certificate. */
  const storeUrl = async (query: string) =>
    `${(await postgres.createDatabase()).replace('127.0.0.1', 'localhost')}${query}`

  it('is used encrypted, by every connection, where its certificate is of the CA that the URL names', async (t) => {
    const url = await storeUrl(`?sslmode=verify-full&sslrootcert=${pathOf('localhost.cert.pem')}`)
    const storage = await open(t, url)
    await storage.ping()
    const used = await connectionsOf(postgres, url)
    assert.ok(used.length > 0)
    assert.ok(used.every(({ ssl }) => ssl))
  })

  it('is refused where its certificate is of another CA', async () => {
    const url = await storeUrl(`?sslmode=verify-full&sslrootcert=${pathOf('another.cert.pem')}`)
    await assert.rejects(openStorage(url, { clock: () => new Date() }), isRefusal(/CERT/))
    assert.deepEqual(await connectionsOf(postgres, url), [])
  })

  it('is refused where no CA that Node knows vouches for it', async () => {
    const url = await storeUrl('?sslmode=verify-full')
    await assert.rejects(openStorage(url, { clock: () => new Date() }), isRefusal(/CERT/))
  })

  it('is refused where the file of the CA is not there', async () => {
    const url = await storeUrl('?sslmode=verify-full&sslrootcert=/nowhere/ca.pem')
    await assert.rejects(openStorage(url, { clock: () => new Date() }), isRefusal(/ENOENT|no such/))
  })

  it('is used in plain text where the URL asks for nothing else', async (t) => {
    const url = await storeUrl('')
    await (await open(t, url)).ping()
    assert.ok((await connectionsOf(postgres, url)).every(({ ssl }) => !ssl))
  })
})

describe('a PostgreSQL without TLS', { timeout: 60_000 }, () => {
  it('is refused where the URL asks for it: nothing goes in plain text by mistake', async (t) => {
    const postgres = await startPostgres()
    t.after(() => postgres.stop())
    const url = `${await postgres.createDatabase()}?sslmode=verify-full`
    await assert.rejects(openStorage(url, { clock: () => new Date() }), isRefusal(/SSL|TLS/))
  })
})

async function open(t: TestContext, url: string): Promise<Storage> {
  const storage = await openStorage(url, { clock: () => new Date() })
  t.after(() => storage.close())
  return storage
}

function isRefusal(reason: RegExp) {
  return (error: { code?: unknown; cause?: unknown }) => {
    assert.equal(error.code, 'store-unavailable')
    assert.ok(error.cause instanceof Error)
    assert.match(error.cause.message, reason)
    return true
  }
}

/** Those of Sekisho to one database, as the server itself sees them. */
async function connectionsOf(postgres: Postgres, url: string): Promise<{ ssl: boolean }[]> {
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  try {
    const { rows } = await client.query<{ ssl: boolean }>(
      `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
       WHERE application_name = 'sekisho' AND datname = $1`,
      [new URL(url).pathname.slice(1)],
    )
    return rows
  } finally {
    await client.end()
  }
}
