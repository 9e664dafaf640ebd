import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Client } from 'pg'
import { startPostgres } from '../support/postgres.ts'
import type { Postgres } from '../support/postgres.ts'

describe('the PostgreSQL of the tests', { timeout: 30_000 }, () => {
  let postgres: Postgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres.stop())

  it('gives every caller a database of its own', async () => {
    const [one, other] = await Promise.all([postgres.createDatabase(), postgres.createDatabase()])
    await query(one, 'CREATE TABLE mark (id int)')
    await assert.rejects(query(other, 'SELECT * FROM mark'), /relation "mark" does not exist/)
  })

  it('keeps what was committed through a restart and through a crash', async () => {
    const url = await postgres.createDatabase()
    await query(url, 'CREATE TABLE mark AS SELECT 1 AS id')
    await postgres.restart()
    assert.deepEqual(await query(url, 'SELECT id FROM mark'), [{ id: 1 }])

    await query(url, 'INSERT INTO mark VALUES (2)')
    await postgres.kill()
    await assert.rejects(query(url, 'SELECT 1'), { code: 'ECONNREFUSED' })
    await postgres.restart()
    assert.deepEqual(await query(url, 'SELECT id FROM mark ORDER BY id'), [{ id: 1 }, { id: 2 }])
  })

  it('breaks open connections when it is killed', async () => {
    const client = new Client({ connectionString: postgres.url })
    await client.connect()
    const broken = new Promise<Error>((resolve) => client.once('error', resolve))
    await postgres.kill()
    assert.match((await broken).message, /terminat|ECONNRESET/)
    await postgres.restart()
  })
})

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
