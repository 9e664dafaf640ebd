import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startBroker, type TestBroker } from '../support/broker.ts'
import { cellsOf } from '../support/csv-cells.ts'
import { give, open, passFields, redeem } from '../support/guest-walk.ts'
import { formIn } from '../support/html-form.ts'
import { passOf } from '../support/passes.ts'
import { policyText } from '../support/policy-text.ts'

async function allPasses({ storage }: TestBroker) {
  return (await storage.passes.list(null, 100, null)).passes
}

describe('a sponsor’s page', () => {
  it('offers what the sponsor may open and guests may have, and nothing more', async (t) => {
    const broker = await startBroker(t)
    const page = await (await broker.signedIn('ada')).visit('/passes')
    const offered = [...page.body.matchAll(/<option value="([^"]+)"/g)].map(([, value]) => value)
    assert.deepEqual(offered, ['staging/Viewer'])
  })

  it('gives a pass, recorded with why, and shows link and PIN on that page only', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const given = await give(ada)
    assert.match(given.path, /^\/pass\/[A-Za-z0-9_-]{43}$/)
    assert.match(given.pin, /^[0-9]{6}$/)
    const record = (await broker.recorded()).at(-1)
    assert.equal(record?.type, 'pass.given')
    assert.equal(record?.actor.name, 'ada@example.com')
    assert.equal(record?.reason, 'platform team')
    assert.equal(record?.details['why'], 'T-1')
    for (const path of ['/passes', `/passes/${given.id}`]) {
      const { body } = await ada.visit(path)
      assert.match(body, /Mei Lin/)
      assert.ok(!body.includes(given.path) && !body.includes(given.pin), path)
    }
  })

  it('makes one pass of one form, however often it is sent', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const form = formIn((await ada.visit('/passes')).body, ['once', 'reason'])
    const fields = { ...form?.fields, ...passFields }
    const first = await ada.visit('/passes', { site: 'same-origin', form: fields })
    const again = await ada.visit('/passes', { site: 'same-origin', form: fields })
    assert.equal(first.statusCode, 200)
    assert.equal(again.headers.location, '/passes')
    assert.equal((await allPasses(broker)).length, 1)
  })

  it('says what is wrong beside each field, and keeps what was typed', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const page = await ada.submit('/passes', {
      ...passFields,
      name: '"><script>alert(1)</script>',
      reason: '',
      until: '2027-11-27',
    })
    assert.equal(page.statusCode, 400)
    assert.match(
      page.body,
      /id="pass-until-fault">A pass lasts|id="pass-reason-fault">This is needed/,
    )
    assert.match(page.body, /value="&quot;&gt;&lt;script&gt;alert\(1\)/)
    assert.equal((await allPasses(broker)).length, 0)
  })

  it('gives no role that the form was bent to ask for', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    for (const role of ['prod/Viewer', 'staging/Admin', '111122223333/Viewer', 'nothing/Viewer']) {
      assert.equal((await ada.submit('/passes', { ...passFields, role })).statusCode, 400, role)
    }
    assert.deepEqual(await allPasses(broker), [])
  })

  it('offers no link with a PIN where the config does not allow it', async (t) => {
    const guestPasses = `
  sponsors: { groups: [platform] }
  permissionSets: [Viewer]
  accounts: [staging]
  longest: 14d
  linkAndPin: false`
    const broker = await startBroker(t, { configText: policyText({ guestPasses }) })
    const ada = await broker.signedIn('ada')
    assert.doesNotMatch((await ada.visit('/passes')).body, /value="link-and-pin"/)
    assert.equal((await ada.submit('/passes', passFields)).statusCode, 400)
  })

  it('reads times in the zone that the sponsor names', async (t) => {
    const broker = await startBroker(t)
    const { id } = await give(await broker.signedIn('ada'), {
      zone: 'Asia/Tokyo',
      from: '2026-11-25T18:00',
      until: '2026-11-26T18:00',
    })
    const pass = await broker.storage.passes.byId(id)
    assert.deepEqual(pass?.until, new Date('2026-11-26T09:00:00Z'))
  })
})

describe('passes of others', () => {
  it('are not there for people whom passes do not concern', async (t) => {
    const broker = await startBroker(t)
    const { id } = await give(await broker.signedIn('ada'))
    const grace = await broker.signedIn('grace')
    for (const path of ['/passes', `/passes/${id}`, `/passes/${id}.csv`]) {
      assert.equal((await grace.visit(path)).statusCode, 404, path)
    }
    assert.equal((await grace.submit(`/passes/${id}/revoke`, {})).statusCode, 404)
    assert.equal((await grace.submit('/passes', passFields)).statusCode, 403)
    assert.equal((await broker.storage.passes.byId(id))?.revokedAt, null)
  })

  it('are read by auditors, who can end none and give none', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    const sam = await broker.signedIn('sam')
    const list = await sam.visit('/passes')
    assert.match(list.body, /Mei Lin.*ada@example\.com/s)
    assert.doesNotMatch(list.body, /<form[^>]*action="\/passes/)
    assert.equal((await sam.visit(`/passes/${given.id}`)).statusCode, 200)
    assert.equal((await sam.submit(`/passes/${given.id}/revoke`, {})).statusCode, 404)
    assert.equal((await sam.submit('/passes', passFields)).statusCode, 403)
  })

  it('come in pages, newest first, each once, for auditors of all sponsors', async (t) => {
    const broker = await startBroker(t)
    for (let index = 0; index < 120; index += 1) {
      const givenAt = new Date(passOf().givenAt.getTime() + Math.floor(index / 7) * 1000)
      const id = `p${index}`
      await broker.storage.passes.give({
        ...passOf({ id, givenAt, guestName: `Guest ${index}` }),
        tokenHash: id,
        pinHash: null,
      })
    }
    const sam = await broker.signedIn('sam')
    const seen: string[] = []
    let path: string | undefined = '/passes'
    let pages = 0
    while (path !== undefined) {
      const { body }: { body: string } = await sam.visit(path)
      seen.push(...[...body.matchAll(/>Guest (\d+)<\/a>/g)].map(([, name]) => name ?? ''))
      path = /href="([^"]+)" rel="next"/.exec(body)?.[1]
      pages += 1
    }
    assert.equal(pages, 3)
    assert.equal(new Set(seen).size, 120)
    assert.equal(seen.length, 120)
    assert.equal((await sam.visit('/passes?after=x')).statusCode, 400)
  })

  it('are hidden from a sponsor who is neither auditor nor operator', async (t) => {
    const configText = policyText({
      guestPasses: `
  sponsors: { groups: [platform, payments] }
  permissionSets: [Viewer]
  accounts: [staging]
  longest: 14d
  linkAndPin: true`,
      operators: '',
      audit: '',
    })
    const broker = await startBroker(t, { configText })
    const { id } = await give(await broker.signedIn('ada'))
    const grace = await broker.signedIn('grace')
    assert.doesNotMatch((await grace.visit('/passes')).body, /Mei Lin/)
    assert.equal((await grace.visit(`/passes/${id}`)).statusCode, 404)
    assert.equal((await grace.submit(`/passes/${id}/revoke`, {})).statusCode, 404)
  })
})

describe('the report of a pass', () => {
  it('shows every opening and refusal, and how to cut what AWS still holds', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const given = await give(ada, { openings: '3' })
    await redeem(broker.visitor(), { ...given, pin: given.pin === '000000' ? '000001' : '000000' })
    await open(broker.visitor(), given)
    const { body } = await ada.visit(`/passes/${given.id}`)
    assert.match(body, /Console opened.*Opening the console.*Used.*Refused.*wrong PIN/s)
    assert.match(body, /1 of 3/)
    assert.match(body, new RegExp(`\\*:guest-${given.id}-\\*`))
    assert.match(body, /arn:aws:iam::111122224444:role\/sekisho\/Viewer/)
  })

  it('comes as CSV too, and who took it is recorded', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const given = await give(ada, { name: '=cmd|calc' })
    await open(broker.visitor(), given)
    const file = await ada.visit(`/passes/${given.id}.csv`)
    assert.match(String(file.headers['content-type']), /^text\/csv/)
    const lines = file.body.trimEnd().split('\r\n')
    assert.equal(lines.length, 5)
    assert.match(lines[4] ?? '', /"console\.opened","done","guest","pass [0-9a-z]+","'=cmd\|calc"/)
    assert.equal((await broker.recorded()).at(-1)?.type, 'audit.exported')
  })

  it('comes as CSV from the gift to the end, with sponsor, pass and ends in columns', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    await give(ada)
    const given = await give(ada)
    await open(broker.visitor(), given)
    await ada.submit(`/passes/${given.id}/revoke`, {})
    const [header = [], ...rows] = cellsOf((await ada.visit(`/passes/${given.id}.csv`)).body)
    const column = (name: string) => rows.map((row) => row[header.indexOf(name)])
    assert.deepEqual(column('type'), [
      'pass.given',
      'pass.redeemed',
      'console.opening',
      'console.opened',
      'pass.revoked',
    ])
    assert.deepEqual(new Set(column('pass')), new Set([given.id]))
    const sponsor = 'ada@example.com'
    assert.deepEqual(column('sponsor'), ['', sponsor, sponsor, sponsor, ''])
    assert.match(column('endsAt')[3] ?? '', /^2026-11-25T1\d:00:00\.000Z$/)
    assert.equal(column('endsAt')[1], '')
  })

  it('ends the pass once, and says so', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const { id } = await give(ada)
    for (let press = 0; press < 2; press += 1) await ada.submit(`/passes/${id}/revoke`, {})
    assert.match((await ada.visit(`/passes/${id}`)).body, /Ended by hand/)
    const revoked = (await broker.recorded()).filter(({ type }) => type === 'pass.revoked')
    assert.equal(revoked.length, 1)
  })
})

describe('an invitation by mail', () => {
  const invited = { email: 'mei@acme.example' }

  it('holds the link and who invites, and never the PIN', async (t) => {
    const sent: { to: string; subject: string; text: string }[] = []
    const mailer = { send: async (mail: (typeof sent)[number]) => void sent.push(mail), close() {} }
    const broker = await startBroker(t, { mailer })
    const given = await give(await broker.signedIn('ada'), invited)
    assert.deepEqual(
      sent.map(({ to }) => to),
      ['mei@acme.example'],
    )
    assert.ok(sent[0]?.text.includes(`http://127.0.0.1:8080${given.path}`))
    assert.match(sent[0]?.text ?? '', /Ada Adams invites you.*Payments, Staging\s\/ Viewer/s)
    assert.ok(!JSON.stringify(sent).includes(given.pin))
  })

  it('that cannot be sent loses no pass: the sponsor is told, and the log', async (t) => {
    const mailer = { send: () => Promise.reject(new Error('ECONNREFUSED')), close() {} }
    const broker = await startBroker(t, { mailer })
    const ada = await broker.signedIn('ada')
    const page = await ada.submit('/passes', { ...passFields, ...invited })
    assert.equal(page.statusCode, 200)
    assert.match(page.body, /could not be sent/)
    assert.match(broker.logLines.join(''), /an invitation could not be mailed/)
    assert.equal((await allPasses(broker)).length, 1)
  })
})
