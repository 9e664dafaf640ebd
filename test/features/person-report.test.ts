import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { breakableTrail } from '../support/breakable-trail.ts'
import { startBroker, type TestBroker } from '../support/broker.ts'
import { policyText } from '../support/policy-text.ts'
import { recordMany, rowsIn } from '../support/trail-events.ts'

const meiKey = 'partners https://login.acme.example u-mei'
const reportOn = (key: string) => `/audit/person?${new URLSearchParams({ key }).toString()}`
const report = reportOn(meiKey)

const bothOffices = {
  configText: policyText({ audit: '{ readers: { groups: [security, platform] } }' }),
}

async function endings(broker: TestBroker) {
  const events = await broker.recorded()
  return events.filter(({ type }) => type === 'sign-out.by-operator' || type === 'sign-out.refused')
}

describe('the report on a person', () => {
  it('shows an auditor each opening and refusal with time, outcome and why, and nobody else’s', async (t) => {
    const broker = await startBroker(t)
    const mei = await broker.signedIn('mei', 'partners')
    await mei.visit('/go/staging/Viewer')
    await mei.visit('/go/vault/Viewer')
    await (await broker.signedIn('ada')).visit('/go/prod/Viewer')
    const { body, statusCode } = await (await broker.signedIn('sam')).visit(report)
    assert.equal(statusCode, 200)
    assert.match(body, /<h1>Report on mei@acme\.example<\/h1>/)
    assert.match(body, /<dd>Partners<\/dd>/)
    const rows = rowsIn(body)
    assert.match(rows[0] ?? '', /Secret vault.*Refused.*Not held/s)
    assert.match(rows[1] ?? '', /Payments.*Staging.*Viewer.*Opened.*by “migration contractors”/s)
    assert.doesNotMatch(body, /ada@|>Payments <span class="label">Production/)
  })

  it('comes as a file of the same entries, which the trail remembers', async (t) => {
    const broker = await startBroker(t)
    await (await broker.signedIn('mei', 'partners')).visit('/go/staging/Viewer')
    await broker.signedIn('ada')
    const sam = await broker.signedIn('sam')
    const href = /href="(\/audit\.csv\?[^"]+)"/.exec((await sam.visit(report)).body)?.[1] ?? ''
    const lines = (await sam.visit(href.replaceAll('&amp;', '&'))).body.trimEnd().split('\r\n')
    assert.equal(lines.length, 4)
    for (const line of lines.slice(1)) assert.match(line, /u-mei/)
    const exported = (await broker.recorded()).at(-1)
    assert.equal(exported?.type, 'audit.exported')
    assert.equal(exported.details['person'], meiKey)
  })

  it('is one click from the trail narrowed to a person, and to a guest’s pass', async (t) => {
    const broker = await startBroker(t)
    const sam = await broker.signedIn('sam')
    const narrowed = await sam.visit(`/audit?${new URLSearchParams({ person: meiKey }).toString()}`)
    assert.ok(narrowed.body.includes(`href="${report.replaceAll('&', '&amp;')}"`))
    const guest = await sam.visit(reportOn('pass 0123456789ab'))
    assert.equal(guest.headers.location, '/passes/0123456789ab')
  })

  it('leads from page to page', async (t) => {
    const broker = await startBroker(t)
    await recordMany(broker, 3)
    const mei = await broker.signedIn('mei', 'partners')
    for (let visit = 0; visit < 60; visit += 1) await mei.visit('/go/vault/Viewer')
    const sam = await broker.signedIn('sam')
    const first = await sam.visit(report)
    const older = /href="([^"]+)" rel="next"/.exec(first.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await sam.visit(older)
    assert.equal(rowsIn(first.body).length + rowsIn(second.body).length, 61)
  })

  it('is for auditors and operators, and does not show the trail to an operator who may not read it', async (t) => {
    const broker = await startBroker(t)
    await (await broker.signedIn('mei', 'partners')).visit('/go/staging/Viewer')
    for (const [person, provider] of [
      ['grace', 'company'],
      ['mei', 'partners'],
    ] as const) {
      assert.equal((await (await broker.signedIn(person, provider)).visit(report)).statusCode, 403)
    }
    const { body, statusCode } = await (await broker.signedIn('ada')).visit(report)
    assert.equal(statusCode, 200)
    assert.doesNotMatch(body, /Opened|audit\.csv|migration contractors/)
    assert.match(body, /<h1>Report on u-mei<\/h1>/)
    assert.match(body, /action="\/audit\/person\/sign-out"/)
  })

  it('is not there for what is nobody’s key', async (t) => {
    const broker = await startBroker(t)
    const sam = await broker.signedIn('sam')
    for (const key of ['', 'system', 'mei', 'a b c d', 'a  b']) {
      assert.equal((await sam.visit(reportOn(key))).statusCode, 404, key)
    }
    const unknown = await sam.visit(reportOn('gone https://idp.example u-1'))
    assert.equal(unknown.statusCode, 200, 'somebody of a provider that the config no longer names')
  })

  it('speaks Japanese, and prints hostile keys as text', async (t) => {
    const broker = await startBroker(t)
    const sam = await broker.signedIn('sam')
    const key = `company "><script> u-"'&<b>`
    const { body } = await sam.visit(reportOn(key), { headers: { 'accept-language': 'ja' } })
    assert.match(body, /Sekishoのセッションをすべて終了/)
    assert.doesNotMatch(body, /"><script>|<b>/)
  })
})

describe('ending a person’s sessions', () => {
  it('signs them out in every browser at once, and says in the trail who did it', async (t) => {
    const broker = await startBroker(t, bothOffices)
    const laptop = await broker.signedIn('mei', 'partners')
    const phone = await broker.signedIn('mei', 'partners')
    const other = await broker.signedIn('grace')
    const ada = await broker.signedIn('ada')
    const answer = await ada.submit('/audit/person/sign-out', { key: meiKey })
    assert.equal(answer.headers.location, report)
    for (const browser of [laptop, phone]) {
      assert.match(String((await browser.visit('/')).headers.location), /^\/sign-in\?/)
      assert.notEqual((await browser.visit('/go/staging/Viewer')).statusCode, 200)
    }
    assert.deepEqual(broker.opened, [])
    assert.equal((await other.visit('/')).statusCode, 200)
    const [event] = await endings(broker)
    assert.equal(event?.actor.name, 'ada@example.com')
    assert.deepEqual(event?.details, { person: meiKey, sessions: 2 })
    assert.match(
      (await ada.visit(report)).body,
      /Ended by an operator.*by ada@example\.com, 2 sessions/s,
    )
  })

  it('means one provider’s person: the same subject at another one stays', async (t) => {
    const broker = await startBroker(t)
    const atPartners = await broker.signedIn('mei', 'partners')
    const atCompany = await broker.signedIn('mei', 'company')
    await (await broker.signedIn('ada')).submit('/audit/person/sign-out', { key: meiKey })
    assert.equal((await atCompany.visit('/')).statusCode, 200)
    assert.equal((await atPartners.visit('/')).statusCode, 303)
  })

  it('is refused to everybody but operators, auditors included, and each try is recorded', async (t) => {
    const broker = await startBroker(t)
    const mei = await broker.signedIn('mei', 'partners')
    for (const person of ['sam', 'grace']) {
      const visitor = await broker.signedIn(person)
      const answer = await visitor.submit('/audit/person/sign-out', { key: meiKey })
      assert.equal(answer.statusCode, 403, person)
    }
    assert.equal((await mei.visit('/')).statusCode, 303, 'to their portal, still signed in')
    assert.equal((await mei.visit('/portal/acme')).statusCode, 200)
    const events = await endings(broker)
    assert.deepEqual(
      events.map(({ type, actor, reason }) => [type, actor.name, reason]),
      [
        ['sign-out.refused', 'sam@example.com', 'not-an-operator'],
        ['sign-out.refused', 'grace@example.com', 'not-an-operator'],
      ],
    )
    assert.equal(events[0]?.details['person'], meiKey)
    assert.doesNotMatch(
      (await (await broker.signedIn('sam')).visit(report)).body,
      /action="\/audit\/person\/sign-out"/,
    )
  })

  it('takes no form that stands on another site, and none without our token', async (t) => {
    const broker = await startBroker(t)
    const mei = await broker.signedIn('mei', 'partners')
    const ada = await broker.signedIn('ada')
    for (const visit of [
      { site: 'cross-site', form: { key: meiKey } },
      { site: 'same-origin', form: { key: meiKey, _csrf: 'made-up' } },
    ] as const) {
      assert.equal((await ada.visit('/audit/person/sign-out', visit)).statusCode, 403)
    }
    assert.equal((await mei.visit('/portal/acme')).statusCode, 200)
    assert.deepEqual(await endings(broker), [])
  })

  it('holds even where the trail cannot be written, and says that it could not', async (t) => {
    const trail = breakableTrail()
    const broker = await startBroker(t, { wrapStorage: trail.wrapStorage })
    const mei = await broker.signedIn('mei', 'partners')
    const ada = await broker.signedIn('ada')
    trail.break()
    const answer = await ada.submit('/audit/person/sign-out', { key: meiKey })
    assert.equal(answer.statusCode, 503)
    assert.equal((await mei.visit('/portal/acme')).statusCode, 303)
  })

  it('offers the denial that keeps them out, which the config takes as it is', async (t) => {
    const broker = await startBroker(t)
    const { body } = await (await broker.signedIn('ada')).visit(report)
    const line = /<code id="denial">([^<]+)</.exec(body)?.[1]?.replaceAll('&quot;', '"') ?? ''
    assert.match(line, /users: \["partners:u-mei"\]/)
    await broker.takeOver(policyText({ denials: `\n  ${line}` }))
    const mei = await broker.signedIn('mei', 'partners')
    assert.equal((await mei.visit('/go/staging/Viewer')).statusCode, 403)
  })
})

describe('the policy that cuts a person’s AWS sessions', () => {
  const policyIn = (body: string) =>
    /<code id="cut-policy">([^<]+)</.exec(body)?.[1]?.replaceAll('&quot;', '"')

  it('names each session name in each role that may still be open', async (t) => {
    const broker = await startBroker(t)
    const mei = await broker.signedIn('mei', 'partners')
    await mei.visit('/go/staging/Viewer')
    const ada = await broker.signedIn('ada')
    const { body } = await ada.visit(report)
    assert.match(body, /arn:aws:iam::111122224444:role\/sekisho\/Viewer/)
    assert.deepEqual(JSON.parse(policyIn(body) ?? ''), {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'CutBySessionName',
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { StringLike: { 'aws:userid': ['*:mei@acme.example'] } },
        },
      ],
    })
  })

  it('is not offered once the last session is over', async (t) => {
    const broker = await startBroker(t, bothOffices)
    await (await broker.signedIn('mei', 'partners')).visit('/go/staging/Viewer')
    broker.advance(8 * 3_600 + 901)
    const { body } = await (await broker.signedIn('ada')).visit(report)
    assert.match(body, /holds no AWS session now/)
    assert.equal(policyIn(body), undefined)
  })
})
