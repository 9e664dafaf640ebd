import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuditEvent } from '#domain/audit-event.ts'
import { Problem } from '#domain/problem.ts'
import type { ChainVerdict, Storage } from '#ports'
import { startBroker } from '../support/broker.ts'
import { eventBy, recordMany, rowsIn, turns } from '../support/trail-events.ts'

function hrefIn(html: string, text: string): string | null {
  const links = [...html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)<\/a>/g)]
  const [, href] = links.find(([, , content]) => content === text) ?? []
  return href?.replaceAll('&amp;', '&') ?? null
}

function verifying(verify: () => Promise<ChainVerdict>) {
  return (storage: Storage): Storage => ({ ...storage, trail: { ...storage.trail, verify } })
}

describe('the audit page', () => {
  it('is for the readers that the config names: others are refused, whatever they may open', async (t) => {
    const broker = await startBroker(t)
    for (const path of ['/audit', '/audit.csv', '/audit.jsonl']) {
      const operator = await broker.signedIn('ada')
      assert.equal((await operator.visit(path)).statusCode, 403, path)
      const stranger = await broker.visitor().visit(path)
      assert.equal(stranger.statusCode, 303, path)
      assert.match(String(stranger.headers.location), /^\/sign-in\?/, path)
    }
    const types = (await broker.recorded()).map(({ type }) => type)
    assert.ok(!types.includes('audit.exported'), 'a refused export is none')
  })

  it('says who opened what, when, from where, why it was allowed, and with which request', async (t) => {
    const broker = await startBroker(t)
    await broker.storage.trail.record(
      eventBy('ada', {
        openingId: 'opening-1',
        roleSessionName: 'ada@example.com',
        accessKeyId: 'ASIAEXAMPLE',
        details: { sessionSeconds: 3600 },
      }),
    )
    const page = await (await broker.signedIn('sam')).visit('/audit')
    assert.equal(page.statusCode, 200)
    const row = rowsIn(page.body)[1] ?? ''
    for (const text of [
      '<time datetime="2026-11-25T09:00:00.000Z"',
      'ada</a>',
      'Example SSO',
      'Opened a role',
      'data-env="red"',
      'Payments <span class="label">Production</span>',
      '1111-2222-3333',
      '<small>Viewer</small>',
      '<span class="state">Opened</span>',
      '1 h, by “platform team”',
      '203.0.113.24',
      'REQ-ada',
      'opening-1',
      'ada@example.com',
      'ASIAEXAMPLE',
    ]) {
      assert.ok(row.includes(text), `${text} in ${row}`)
    }
  })

  it('tells what was refused and why, and what failed and why', async (t) => {
    const broker = await startBroker(t)
    const record = (more: Partial<AuditEvent>) => broker.storage.trail.record(eventBy('eve', more))
    await record({ type: 'console.denied', reason: 'not-assigned' })
    await record({ type: 'console.failed', details: { problem: 'aws-unavailable' } })
    await record({ type: 'sign-in.refused', reason: 'groups-overage' })
    const page = await (await broker.signedIn('sam')).visit('/audit?q=eve')
    const [overage = '', failed = '', denied = ''] = rowsIn(page.body)
    assert.match(denied, /state bad">Refused<\/span><small>Not held</)
    assert.match(failed, /state bad">Failed<\/span><small>[^<]*AWS/)
    assert.match(overage, /state bad">Refused<\/span><small>Your groups did not fit/)
  })

  it('shows names as text, however they are written', async (t) => {
    const broker = await startBroker(t)
    await broker.storage.trail.record(eventBy('<script>alert(1)</script>'))
    const page = await (await broker.signedIn('sam')).visit('/audit')
    assert.ok(!page.body.includes('<script>alert'))
    assert.ok(page.body.includes('&lt;script&gt;alert(1)&lt;/script&gt;'))
  })

  it('speaks Japanese to whoever reads it', async (t) => {
    const broker = await startBroker(t)
    const page = await (
      await broker.signedIn('sam')
    ).visit('/audit', { headers: { 'accept-language': 'ja' } })
    assert.match(page.body, /<html lang="ja">/)
    assert.match(page.body, /<h1>監査<\/h1>/)
    assert.match(page.body, /サインイン/)
  })

  it('filters by person, account, role, event, outcome and day, each alone and all together', async (t) => {
    const broker = await startBroker(t)
    await broker.storage.trail.record(eventBy('ada'))
    await broker.storage.trail.record(
      eventBy('bob', { accountId: '111122224444', account: 'staging', permissionSet: 'Admin' }),
    )
    broker.advance(86_400)
    const auditor = await broker.signedIn('sam')
    await broker.storage.trail.record(eventBy('carl', { type: 'console.denied' }))
    const found = async (query: string) => {
      const page = await auditor.visit(`/audit?${query}`)
      assert.equal(page.statusCode, 200, query)
      return rowsIn(page.body).map((row) => /<a href="[^"]*">([^<]*)</.exec(row)?.[1])
    }
    assert.deepEqual(await found('q=BOB'), ['bob'])
    assert.deepEqual(await found('q=REQ-ada'), ['ada'])
    const key = encodeURIComponent('company https://login.example.com u-carl')
    assert.deepEqual(await found(`person=${key}`), ['carl'])
    assert.deepEqual(await found('account=staging'), ['bob'])
    assert.deepEqual(await found('account=1111-2222-4444'), ['bob'])
    assert.deepEqual(await found('permissionSet=Admin'), ['bob'])
    assert.deepEqual(await found('type=console.denied'), ['carl'])
    assert.deepEqual(await found('outcome=refused'), ['carl'])
    assert.deepEqual(await found('until=2026-11-25'), ['bob', 'ada'])
    assert.deepEqual(await found('from=2026-11-26'), ['carl', 'sam@example.com'])
    assert.deepEqual(await found('from=2026-11-26T18:00:00%2B09:00&account=prod'), ['carl'])
    const both = ['carl', 'sam@example.com']
    const until = ['bob', 'ada']
    for (const instant of [
      '2026-11-26T09:00Z',
      '2026-11-26T09:00',
      '2026-11-26T09:00:00.000',
      '2026-11-26T18:00%2B09:00',
      '2026-11-26T18:00+09:00',
      '2026-11-26T04:00-05:00',
    ]) {
      assert.deepEqual(await found(`from=${instant}`), both, instant)
      assert.deepEqual(await found(`until=${instant}`), until, instant)
    }
    assert.deepEqual(await found('from=2026-11-26T09:01'), [])
    assert.deepEqual(await found('q=ada&account=staging'), [])
    const form = 'q=&person=&account=&permissionSet=&type=&outcome=&from=&until=&before='
    assert.equal((await found(form)).length, 4, 'a form sends its empty fields too')
  })

  it('refuses what is no day, no event and no outcome, rather than show something else', async (t) => {
    const broker = await startBroker(t)
    const auditor = await broker.signedIn('sam')
    for (const query of [
      'from=yesterday',
      'until=2026-02-30',
      'from=2026-11-25T9:00',
      'from=2026-02-30T09:00Z',
      'until=2026-11-25T25:00Z',
      'until=2026-11-25T09:00%2B99:00',
      'from=2026-11-25%2009:00',
      'type=console.everything',
      'outcome=good',
      'before=x',
      'q=a&q=b',
    ]) {
      assert.equal((await auditor.visit(`/audit?${query}`)).statusCode, 400, query)
    }
  })

  it('names the time that it could not read, in the audit, its files and a history alike', async (t) => {
    const broker = await startBroker(t)
    const auditor = await broker.signedIn('sam')
    for (const path of ['/audit', '/audit.csv', '/audit.jsonl', '/history']) {
      const page = await auditor.visit(`${path}?from=2026-02-30T09:00`)
      assert.equal(page.statusCode, 400, path)
      assert.match(page.body, /“2026-02-30T09:00” is not a day or time such as 2026-11-25/, path)
    }
    const japanese = { headers: { 'accept-language': 'ja' } }
    const { body } = await auditor.visit('/audit?until=yesterday', japanese)
    assert.match(body, /「yesterday」は日時として読めません/)
  })

  it('leads from page to page through every record once, newest first, keeping the filter', async (t) => {
    const broker = await startBroker(t)
    await recordMany(broker, 120)
    const auditor = await broker.signedIn('sam')
    const seen: string[] = []
    let path: string | null = '/audit?account=prod'
    let pages = 0
    while (path !== null) {
      const { body } = await auditor.visit(path)
      seen.push(...[...body.matchAll(/REQ-person-(\d+)</g)].map(([, number = '']) => number))
      path = hrefIn(body, 'Older entries')
      if (path !== null) assert.match(path, /account=prod/)
      pages += 1
    }
    assert.equal(pages, 3)
    const expected = Array.from({ length: 120 }, (_, index) => String(119 - index))
    assert.deepEqual(seen, expected)
  })

  it('keeps the filter in the fields, in the exports and through the language switch', async (t) => {
    const broker = await startBroker(t)
    const auditor = await broker.signedIn('sam')
    const { body } = await auditor.visit('/audit?q=x%22y&outcome=refused&from=2026-11-01')
    assert.match(body, /name="q" value="x&quot;y"/)
    assert.match(body, /<option value="refused" selected>/)
    assert.match(body, /name="from" type="date" value="2026-11-01"/)
    const filter = '?q=x%22y&outcome=refused&from=2026-11-01'
    assert.equal(hrefIn(body, 'Export CSV'), `/audit.csv${filter}`)
    assert.equal(hrefIn(body, 'Export JSON lines'), `/audit.jsonl${filter}`)
    assert.equal(hrefIn(body, 'Clear the filter'), '/audit')
    assert.match(hrefIn(body, '日本語') ?? '', /outcome%3Drefused/)
  })
})

describe('the seal of the chain', () => {
  it('appears once the chain was verified, which no visitor waits for', async (t) => {
    const verification = Promise.withResolvers<ChainVerdict>()
    const broker = await startBroker(t, { wrapStorage: verifying(() => verification.promise) })
    const auditor = await broker.signedIn('sam')
    const before = await auditor.visit('/audit')
    assert.match(before.body, /The chain is being verified/)
    verification.resolve({
      outcome: 'intact',
      records: 18_204,
      lastHash: '9f3c41d807be'.padEnd(64),
    })
    await turns(3)
    const after = await auditor.visit('/audit')
    assert.match(after.body, /class="seal"/)
    assert.match(after.body, /18,204 entries, none missing/)
    assert.match(after.body, /9f3c 41d8 07be/)
  })

  it('is renewed every five minutes and no sooner, since verifying reads every record', async (t) => {
    let verifications = 0
    const verify = async (): Promise<ChainVerdict> => {
      verifications += 1
      return { outcome: 'intact', records: 1, lastHash: '' }
    }
    const broker = await startBroker(t, { wrapStorage: verifying(verify) })
    const auditor = await broker.signedIn('sam')
    await auditor.visit('/audit')
    broker.advance(299)
    await auditor.visit('/audit')
    assert.equal(verifications, 1)
    broker.advance(1)
    await auditor.visit('/audit')
    assert.equal(verifications, 2)
  })

  it('gives way to a note that names the first record that is wrong', async (t) => {
    const verify = async (): Promise<ChainVerdict> => ({
      outcome: 'broken',
      sequence: 42,
      problem: 'changed',
    })
    const broker = await startBroker(t, { wrapStorage: verifying(verify) })
    const auditor = await broker.signedIn('sam')
    await auditor.visit('/audit')
    await turns(3)
    const { body } = await auditor.visit('/audit')
    assert.doesNotMatch(body, /class="seal"/)
    assert.match(body, /Entry 42 is not as it was written/)
  })

  it('stays as it was where the store cannot be read, and the page with it', async (t) => {
    const verify = async (): Promise<ChainVerdict> => {
      throw new Problem('trail-unavailable')
    }
    const broker = await startBroker(t, { wrapStorage: verifying(verify) })
    const auditor = await broker.signedIn('sam')
    await auditor.visit('/audit')
    await turns(3)
    assert.equal((await auditor.visit('/audit')).statusCode, 200)
    assert.ok(broker.logLines.some((line) => line.includes('could not be verified')))
  })
})
