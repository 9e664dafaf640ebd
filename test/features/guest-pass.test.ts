import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startBroker } from '../support/broker.ts'
import { give, goOn, noteIn, open, passEvents, redeem } from '../support/guest-walk.ts'
import { policyText } from '../support/policy-text.ts'

describe('a guest with link and PIN', () => {
  it('gets from the link to the console, and the trail says who let them', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    const guest = broker.visitor()
    const page = await guest.visit(given.path)
    assert.equal(page.statusCode, 200)
    const answer = await open(guest, given)

    assert.equal(answer.statusCode, 303)
    assert.match(String(answer.headers.location), /^https:\/\/signin\.aws\.example\/federation\?/)
    assert.equal(answer.body, '')
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(answer.headers['referrer-policy'], 'no-referrer')
    assert.deepEqual(await passEvents(broker), [
      'pass.given',
      'pass.redeemed',
      'console.opening',
      'console.opened',
    ])
    const last = (await broker.recorded()).at(-1)
    assert.deepEqual(last?.actor, { kind: 'guest', key: `pass ${given.id}`, name: 'Mei Lin' })
    assert.equal(last?.reason, `pass ${given.id}`)
    assert.equal(last?.details['sponsor'], 'ada@example.com')
  })

  it('is known to AWS by pass and name, and comes back to the pass', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'), { to: '/s3/home' })
    await open(broker.visitor(), given)
    const [opening] = broker.opened
    assert.match(opening?.roleSessionName ?? '', new RegExp(`^guest-${given.id}-Mei-Lin=`))
    assert.equal(opening?.signInPage.href, `http://127.0.0.1:8080${given.path}`)
    assert.equal(opening?.destination, '/s3/home')
    assert.equal(opening?.sourceIdentity, null)
  })

  it('carries guest, pass and sponsor where the role asks for them', async (t) => {
    const permissionSets = `
  Admin: { name: Administrator, roleName: sekisho/Admin }
  Viewer: { name: Viewer, roleName: sekisho/Viewer, sourceIdentity: true, sessionTags: { pass: "{pass.id}", sponsor: "{pass.sponsor}", name: "{person.name}" } }`
    const broker = await startBroker(t, { configText: policyText({ permissionSets }) })
    const given = await give(await broker.signedIn('ada'))
    await open(broker.visitor(), given)
    const [opening] = broker.opened
    assert.equal(opening?.sourceIdentity, opening?.roleSessionName)
    assert.deepEqual(Object.fromEntries(opening?.tags ?? []), {
      pass: given.id,
      sponsor: 'ada@example.com',
      name: 'Mei Lin',
    })
  })

  it('may stay no longer than the pass, to the second', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'), { until: '2026-11-25T09:20' })
    broker.advance(600)
    await open(broker.visitor(), given)
    assert.equal(broker.opened[0]?.wantedSeconds, 600)
    assert.deepEqual(broker.opened[0]?.deniedAfter, new Date('2026-11-25T09:20:00Z'))
  })

  it('cannot go on without accepting the terms, and the acceptance is kept', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    const guest = broker.visitor()
    const refused = await redeem(guest, given, { terms: '' })
    assert.equal(refused.statusCode, 400)
    assert.equal(noteIn(refused.body), 'Accept the terms first.')
    assert.equal((await broker.storage.passes.byId(given.id))?.termsAcceptedAt, null)
    await redeem(guest, given)
    const pass = await broker.storage.passes.byId(given.id)
    assert.deepEqual(pass?.termsAcceptedAt, broker.now())
  })

  it('sees account, role, sponsor and dates, and nothing else of the company', async (t) => {
    const configText =
      policyText() + 'announcement: { en: Payments freeze on Friday, ja: 金曜は凍結 }\n'
    const broker = await startBroker(t, { configText })
    const given = await give(await broker.signedIn('ada'))
    const guest = broker.visitor()
    const wrong = await redeem(guest, { ...given, pin: given.pin === '000000' ? '1' : '000000' })
    const pages = [await guest.visit(given.path), wrong, await redeem(guest, given)]
    await open(guest, given)
    pages.push(await guest.visit(given.path), await guest.visit('/pass/unknown'))
    for (const { body } of pages) {
      const others =
        /Administrator|Secret vault|vault|11112222|platform team|security|help@example\.com|freeze|Example SSO|Partners|\/links|\/audit|\/passes|<nav/
      assert.doesNotMatch(body, others)
    }
    assert.match(pages[0]?.body ?? '', /Payments.*Staging.*Viewer.*28 November 2026.*Ada Adams/s)
  })

  it('types full-width digits, as Japanese keyboards do, and is understood', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    const pin = Array.from(given.pin, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
    const answer = await redeem(broker.visitor(), { ...given, pin: pin.join('') })
    assert.equal(answer.statusCode, 200)
  })
})

describe('a pass bound to an e-mail', () => {
  const bound = { kind: 'email', email: 'Mei@Acme.example', openings: '' }

  it('opens for its person, signed in at any provider, and for nobody else', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'), bound)
    assert.equal(given.pin, '')
    const stranger = await broker.visitor().visit(given.path)
    assert.match(stranger.body, /\/sign-in\/partners\?to=%2Fpass%2F/)
    assert.doesNotMatch(stranger.body, /<form/)

    const grace = await broker.signedIn('grace')
    assert.match(noteIn((await grace.visit(given.path)).body) ?? '', /signed in as grace@example/)
    assert.equal((await redeem(grace, given)).statusCode, 403)
    const mei = await broker.signedIn('mei', 'partners')
    assert.equal((await open(mei, given)).statusCode, 303)
    const redeemed = (await broker.recorded()).find(({ type }) => type === 'pass.redeemed')
    assert.equal(redeemed?.details['person'], 'partners https://login.acme.example u-mei')
  })

  it('opens for nobody whose e-mail is not verified', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'), bound)
    broker.setClaims('mei', { name: 'Mei', email: 'mei@acme.example', email_verified: false })
    const mei = await broker.signedIn('mei', 'partners')
    assert.equal((await redeem(mei, given)).statusCode, 403)
    assert.deepEqual(broker.opened, [])
  })

  it('asks the provider again before it trusts claims of this morning', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'), bound)
    const mei = await broker.signedIn('mei', 'partners')
    broker.advance(1_000)
    const page = await mei.visit(given.path)
    assert.match(String(page.headers.location), /^\/sign-in\/partners\?.*silent=1/)
    assert.equal((await redeem(mei, given)).statusCode, 400)
    assert.deepEqual(broker.opened, [])
  })

  it('goes on only as the person who pressed the button', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'), bound)
    const ready = await redeem(await broker.signedIn('mei', 'partners'), given)
    assert.equal((await goOn(broker.visitor(), ready)).statusCode, 401)
    const company = await broker.signedIn('mei')
    assert.equal((await goOn(company, ready)).headers.location, given.path)
    assert.deepEqual(broker.opened, [])
  })
})

describe('a pass from another site', () => {
  it('is not redeemed by a form that stands there', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    const form = { pin: given.pin, terms: 'yes' }
    for (const visit of [
      { site: 'cross-site', form } as const,
      { site: 'same-origin', form, headers: { origin: 'https://evil.example' } } as const,
    ]) {
      assert.equal((await broker.visitor().visit(given.path, visit)).statusCode, 403)
    }
  })

  it('opens no console by a link that stands there, even a fresh one', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    const guest = broker.visitor()
    const ready = await redeem(guest, given)
    const address = String(ready.headers['refresh']).replace('0; url=', '')
    assert.equal((await guest.visit(address, { site: 'cross-site' })).headers.location, given.path)
    assert.equal((await goOn(guest, ready)).statusCode, 303)
  })

  it('opens nothing with a token that is made up, of another pass, or two minutes old', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const [one, other] = [await give(ada), await give(ada)]
    const guest = broker.visitor()
    const query = String((await redeem(guest, one)).headers['refresh']).split('?')[1] ?? ''
    const tries = [`${other.path}/open?${query}`, `${one.path}/open?continue=x`, `${one.path}/open`]
    for (const address of tries) {
      assert.equal((await guest.visit(address, { site: 'same-origin' })).statusCode, 303, address)
    }
    broker.advance(120)
    await guest.visit(`${one.path}/open?${query}`, { site: 'same-origin' })
    assert.deepEqual(broker.opened, [])
  })
})

describe('a pass whose time has not come', () => {
  it('says when it begins, and opens nothing before', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'), { from: '2026-11-26T09:00' })
    const page = await broker.visitor().visit(given.path)
    assert.match(page.body, /26 November 2026, 09:00 UTC/)
    assert.doesNotMatch(page.body, /<form/)
    assert.equal((await redeem(broker.visitor(), given)).statusCode, 404)
    broker.advance(86_400)
    assert.equal((await open(broker.visitor(), given)).statusCode, 303)
  })
})

describe('the end of a pass', () => {
  it('comes at once when it is revoked, between form and console too', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const given = await give(ada)
    const ready = await redeem(broker.visitor(), given)
    await ada.submit(`/passes/${given.id}/revoke`, {})
    assert.equal((await goOn(broker.visitor(), ready)).statusCode, 404)
    assert.deepEqual(broker.opened, [])
  })

  it('comes when the sponsor signs in without the group', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'), { openings: '' })
    assert.equal((await open(broker.visitor(), given)).statusCode, 303)
    broker.setClaims('ada', { name: 'Ada', email: 'ada@example.com', email_verified: true })
    await broker.signedIn('ada')
    assert.equal((await broker.visitor().visit(given.path)).statusCode, 404)
    assert.equal((await redeem(broker.visitor(), given)).statusCode, 404)
    assert.equal((await passEvents(broker)).at(-1), 'pass.refused not-a-sponsor')
  })

  it('is a pause where nobody has seen the sponsor for a week, until they sign in once', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'), { openings: '', until: '2026-12-05' })
    broker.advance(7 * 86_400)
    assert.equal((await open(broker.visitor(), given)).statusCode, 303)
    broker.advance(1)
    const page = await broker.visitor().visit(given.path)
    assert.equal(page.statusCode, 403)
    assert.match(page.body, /on hold.*Ask them to sign in here once/s)
    assert.doesNotMatch(page.body, /Ada|Payments|Staging/)
    assert.equal((await redeem(broker.visitor(), given)).statusCode, 403)
    assert.equal((await passEvents(broker)).at(-1), 'pass.refused sponsor-away')
    await broker.signedIn('sam')
    assert.equal((await redeem(broker.visitor(), given)).statusCode, 403)
    await broker.signedIn('ada')
    assert.equal((await open(broker.visitor(), given)).statusCode, 303)
  })

  it('comes when the config takes the role from the sponsor', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    const denials = `
  - { name: on leave, users: ["company:u-ada"] }`
    await broker.takeOver(policyText({ denials }))
    assert.equal((await redeem(broker.visitor(), given)).statusCode, 404)
    assert.equal((await passEvents(broker)).at(-1), 'pass.refused sponsor-lacks-role')
  })

  it('signs the guest out of Sekisho everywhere', async (t) => {
    const broker = await startBroker(t)
    const ada = await broker.signedIn('ada')
    const given = await give(ada, { kind: 'email', email: 'mei@acme.example', openings: '' })
    const mei = await broker.signedIn('mei', 'partners')
    await open(mei, given)
    await ada.submit(`/passes/${given.id}/revoke`, {})
    assert.match(String((await mei.visit('/')).headers.location), /^\/sign-in\?/)
    const last = (await broker.recorded()).at(-1)
    assert.equal(last?.type, 'pass.revoked')
    assert.equal(last?.details['sessionsEnded'], 1)
  })
})

describe('secrets of a pass', () => {
  it('stand in no log line, no record and no row', async (t) => {
    const broker = await startBroker(t)
    const given = await give(await broker.signedIn('ada'))
    const token = given.path.replace('/pass/', '')
    await open(broker.visitor(), given)
    await broker.visitor().visit(given.path)
    const kept = JSON.stringify([broker.logLines, await broker.recorded()])
    assert.ok(!kept.includes(token))
    assert.doesNotMatch(kept, new RegExp(`"[^"]*\\b${given.pin}\\b[^"]*"`))
    const stored = JSON.stringify(await broker.storage.passes.byId(given.id))
    assert.ok(!stored.includes(token) && !stored.includes(given.pin))
  })
})
