import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { noSubject } from '#domain/audit-event.ts'
import { sendDueMail } from '#features/guest-passes/pass-reminders.ts'
import type { Mailer, NewGuestPass } from '#ports'
import { startBroker } from '../support/broker.ts'
import { passOf } from '../support/passes.ts'

const until = passOf().until

async function desk(t: TestContext, more: Partial<NewGuestPass> = {}) {
  const { settings } = await startBroker(t)
  let now = passOf().from
  const clock = () => now
  const storage = await openStorage('sqlite::memory:', { clock })
  t.after(() => storage.close())
  const sent: { to: string; subject: string; text: string }[] = []
  const logged: unknown[] = []
  const given = { ...passOf(), guestEmail: 'mei@acme.example', tokenHash: 'a', pinHash: null }
  await storage.passes.give({ ...given, ...more })
  const mailer = { send: async (mail: (typeof sent)[number]) => void sent.push(mail), close() {} }
  const log = { error: (...line: unknown[]) => void logged.push(line) }
  const options = { ...storage, config: { current: () => settings }, clock, mailer, log }
  return {
    storage,
    sent,
    logged,
    options,
    at: (hoursFromEnd: number) => {
      now = new Date(until.getTime() + hoursFromEnd * 3_600_000)
    },
  }
}

describe('mail about a pass', () => {
  it('reminds guest and sponsor once before the end, in both languages', async (t) => {
    const { at, sent, options } = await desk(t)
    at(-6.1)
    await sendDueMail(options)
    assert.equal(sent.length, 0)
    at(-6)
    const counts = await Promise.all([sendDueMail(options), sendDueMail(options)])
    await sendDueMail(options)
    assert.equal(counts[0] + counts[1], 2)
    assert.deepEqual(sent.map(({ to }) => to).sort(), ['ada@example.com', 'mei@acme.example'])
    assert.match(sent[0]?.text ?? '', /ends soon.*通行証がまもなく終了します/s)
  })

  it('does not remind of a pass that was used up', async (t) => {
    const { at, sent, options, storage } = await desk(t)
    at(-6)
    await storage.passes.takeOpening(passOf().id, options.clock())
    await sendDueMail(options)
    assert.equal(sent.length, 0)
  })

  it('tells the sponsor, and nobody else, what was opened when it is over', async (t) => {
    const { at, sent, options, storage } = await desk(t)
    at(-20)
    await storage.trail.record({
      ...noSubject,
      type: 'console.opened',
      actor: { kind: 'guest', key: `pass ${passOf().id}`, name: 'Mei Lin' },
      address: null,
      requestId: 'r',
    })
    at(0)
    for (let run = 0; run < 3; run += 1) await sendDueMail(options)
    assert.deepEqual(
      sent.map(({ to }) => to),
      ['ada@example.com'],
    )
    assert.match(sent[0]?.text ?? '', /- 25 November 2026, 04:00 UTC/)
    assert.match(sent[0]?.text ?? '', /http:\/\/127\.0\.0\.1:8080\/passes\/0123456789ab/)
  })

  it('says that a pass was ended by hand', async (t) => {
    const { at, sent, options, storage } = await desk(t)
    at(-20)
    await storage.passes.revoke(passOf().id, options.clock())
    await sendDueMail(options)
    assert.match(sent[0]?.text ?? '', /was ended by hand/)
  })

  it('is not sent for what ended long ago', async (t) => {
    const { at, sent, options } = await desk(t)
    at(24 * 8)
    await sendDueMail(options)
    assert.equal(sent.length, 0)
  })

  it('that is not taken is logged, and keeps no other mail back', async (t) => {
    const { at, sent, options, logged } = await desk(t)
    at(-1)
    const send = async (mail: (typeof sent)[number]) => {
      if (mail.to.startsWith('mei')) throw new Error('550')
      sent.push(mail)
    }
    assert.equal(await sendDueMail({ ...options, mailer: { send, close() {} } }), 1)
    assert.equal(logged.length, 1)
  })

  it('that is not taken goes out at a later run, once, and the one that was taken not again', async (t) => {
    const { at, sent, options } = await desk(t)
    const outcomes: string[] = []
    const run = (send: Mailer['send']) =>
      sendDueMail({
        ...options,
        mailer: { send, close() {} },
        onOutcome: (outcome) => outcomes.push(outcome),
      })
    const refuseMei = async (mail: (typeof sent)[number]) => {
      if (mail.to.startsWith('mei')) throw new Error('451')
      sent.push(mail)
    }
    at(-5)
    await run(refuseMei)
    await run(options.mailer.send)
    assert.equal(sent.length, 1, 'not at once: another replica may still be trying')
    for (const quarter of [1, 2, 3]) {
      at(-5 + quarter / 4)
      await Promise.all([run(options.mailer.send), run(options.mailer.send)])
    }
    assert.deepEqual(sent.map(({ to }) => to).sort(), ['ada@example.com', 'mei@acme.example'])
    assert.deepEqual(outcomes.sort(), ['failed', 'sent', 'sent'])
  })

  it('is given up after four runs, and said to be', async (t) => {
    const { at, options, logged } = await desk(t, { guestEmail: null })
    const outcomes: string[] = []
    let tries = 0
    const send = () => {
      tries += 1
      return Promise.reject(new Error('ECONNREFUSED'))
    }
    const mailer = { send, close() {} }
    for (let run = 0; run < 8; run += 1) {
      at(-5 + run / 4)
      await sendDueMail({ ...options, mailer, onOutcome: (outcome) => outcomes.push(outcome) })
    }
    assert.equal(tries, 4)
    assert.deepEqual(outcomes, ['failed', 'failed', 'failed', 'given-up'])
    assert.match(JSON.stringify(logged.at(-1)), /given up/)
  })
})
