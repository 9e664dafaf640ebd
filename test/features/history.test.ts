import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startBroker } from '../support/broker.ts'
import { policyText } from '../support/policy-text.ts'
import { rowsIn } from '../support/trail-events.ts'

/** What tells one request from another, and nothing more, goes. */
function alike(row: string): string {
  return row
    .replace(/datetime="[^"]*"[^>]*>[^<]*</g, '<')
    .replace(/<code>[0-9A-Z]{4}(-[0-9A-Z]{4}){3}<\/code>/g, '<code>request</code>')
}

describe('the page of one’s own entries', () => {
  it('shows what the trail holds about the person, and nothing about anybody else', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const grace = await broker.signedIn('grace')
    await ada.visit('/go/prod/Viewer')
    await grace.visit('/go/staging/Viewer')
    const { body, statusCode } = await grace.visit('/history')
    assert.equal(statusCode, 200)
    const rows = rowsIn(body)
    assert.equal(rows.length, 3)
    assert.match(rows[0] ?? '', /Opened a role.*Staging.*Viewer/s)
    assert.match(rows[2] ?? '', /Signed in/)
    assert.doesNotMatch(rows.join(), /ada/i)
  })

  it('cannot be asked for another person’s part, whoever asks', async (t) => {
    const broker = await startBroker(t)
    await broker.signedIn('ada')
    const other = encodeURIComponent('company https://login.example.com u-ada')
    for (const person of ['grace', 'sam']) {
      const visitor = await broker.signedIn(person)
      const query = `person=${other}&actorKey=${other}&q=ada&account=prod`
      const rows = rowsIn((await visitor.visit(`/history?${query}`)).body)
      assert.equal(rows.length, 1, 'their own sign-in')
    }
  })

  it('does not tell an account that exists from one that does not', async (t) => {
    const broker = await startBroker(t)
    const grace = await broker.signedIn('grace')
    for (const account of ['vault', '111122225555', 'nowhere', '999999999999']) {
      await grace.visit(`/go/${account}/Viewer`)
    }
    const { body } = await grace.visit('/history?outcome=refused')
    const rows = rowsIn(body)
    assert.equal(rows.length, 4)
    assert.equal(new Set(rows.map(alike)).size, 1, rows.map(alike).join('\n'))
    assert.doesNotMatch(body, /vault|1111-2222-5555/i)
  })

  it('does not say which role a named link asks for in an account that one may not see', async (t) => {
    const link = `
  hush: { account: vault, permissionSet: Admin }`
    const broker = await startBroker(t, { configText: policyText({ links: link }) })
    const grace = await broker.signedIn('grace')
    await grace.visit('/to/hush')
    const [row = ''] = rowsIn((await grace.visit('/history?outcome=refused')).body)
    assert.match(row, /Asked to open a role/)
    assert.doesNotMatch(row, /Admin/)
  })

  it('names the account of a refusal to whoever may see the account', async (t) => {
    const broker = await startBroker(t)
    const grace = await broker.signedIn('grace')
    await grace.visit('/go/prod/Admin')
    const [row = ''] = rowsIn((await grace.visit('/history?outcome=refused')).body)
    assert.match(row, /Payments <span class="label">Production<\/span>/)
    assert.match(row, /Not held/)
  })

  it('keeps rules and findings of operators to itself', async (t) => {
    const denials = '[{ name: under investigation, users: ["company:u-grace"] }]'
    const broker = await startBroker(t, { configText: policyText({ denials }) })
    const grace = await broker.signedIn('grace')
    await grace.visit('/go/prod/Viewer')
    const { body } = await grace.visit('/history')
    assert.doesNotMatch(body, /investigation/)
    const auditor = await broker.signedIn('sam')
    assert.match((await auditor.visit('/audit')).body, /under investigation/)
  })

  it('leads from page to page', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    for (let opening = 0; opening < 30; opening += 1) await ada.visit('/go/prod/Viewer')
    const first = await ada.visit('/history?type=')
    assert.equal(rowsIn(first.body).length, 50)
    const older = /href="([^"]*)" rel="next"/.exec(first.body)?.[1]?.replaceAll('&amp;', '&')
    assert.match(older ?? '', /^\/history\?before=\d+$/)
    const rest = await ada.visit(older ?? '')
    assert.equal(rowsIn(rest.body).length, 11)
    assert.match(rest.body, /Newest entries/)
  })

  it('asks strangers to sign in first', async (t) => {
    const broker = await startBroker(t)
    const answer = await broker.visitor().visit('/history')
    assert.equal(answer.statusCode, 303)
    assert.equal(answer.headers.location, '/sign-in?to=%2Fhistory')
  })
})
