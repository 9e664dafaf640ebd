import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { text as textOf } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { createSmtpMailer, MailFailure } from '#adapters/mail/smtp-mailer.ts'

interface Received {
  readonly from: string
  readonly to: readonly string[]
  readonly source: string
}

async function listening(t: TestContext, server: Server | SMTPServer): Promise<number> {
  const sockets = server instanceof SMTPServer ? server.server : server
  server.listen(0, '127.0.0.1')
  await once(sockets, 'listening')
  t.after(() => new Promise<void>((done) => server.close(() => done())))
  const address = sockets.address()
  assert.ok(typeof address === 'object' && address)
  return address.port
}

/** A real SMTP server that takes mail, or refuses it as `options` say. */
async function startSmtp(t: TestContext, options: SMTPServerOptions = {}) {
  const received: Received[] = []
  const port = await listening(
    t,
    new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      allowInsecureAuth: true,
      onData(stream, { envelope }, done) {
        textOf(stream).then((source) => {
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
          received.push({ from, to: envelope.rcptTo.map(({ address }) => address), source })
          done()
        }, done)
      },
      ...options,
    }),
  )
  return { port, received }
}

const mail = { to: 'mei@acme.example', subject: '通行証', text: 'https://sekisho.example/pass/t' }

describe('a mail', () => {
  it('arrives as plain text with its sender, receiver and subject', async (t) => {
    const { port, received } = await startSmtp(t)
    const smtp = `smtp://127.0.0.1:${port}`
    const mailer = createSmtpMailer({ smtp, from: 'sekisho@example.com' })
    t.after(() => mailer.close())
    await mailer.send(mail)
    assert.equal(received.length, 1)
    assert.equal(received[0]?.from, 'sekisho@example.com')
    assert.deepEqual(received[0]?.to, ['mei@acme.example'])
    assert.match(received[0]?.source ?? '', /^Subject: =\?UTF-8\?/m)
    assert.match(received[0]?.source ?? '', /^Content-Type: text\/plain/m)
    assert.match(received[0]?.source ?? '', /^Auto-Submitted: auto-generated/m)
    assert.match(received[0]?.source ?? '', /https:\/\/sekisho\.example\/pass\/t/)
  })

  it('signs in with user and password of the address', async (t) => {
    const seen: string[] = []
    const { port, received } = await startSmtp(t, {
      authOptional: false,
      onAuth({ username = '', password = '' }, _session, done) {
        seen.push(`${username}:${password}`)
        done(null, { user: username })
      },
    })
    const smtp = `smtp://robot:p%40ss@127.0.0.1:${port}`
    await createSmtpMailer({ smtp, from: 'sekisho@example.com' }).send(mail)
    assert.deepEqual(seen, ['robot:p@ss'])
    assert.equal(received.length, 1)
  })

  it('reaches one receiver, whatever the address looks like', async (t) => {
    const { port, received } = await startSmtp(t)
    const mailer = createSmtpMailer({ smtp: `smtp://127.0.0.1:${port}`, from: 'a@example.com' })
    await mailer.send({ ...mail, to: 'mei@acme.example,eve@evil.example' }).catch(() => {})
    await mailer.send({ ...mail, subject: 'Hello\r\nBcc: eve@evil.example' }).catch(() => {})
    for (const { to, source } of received) {
      assert.ok(!to.includes('eve@evil.example'))
      assert.doesNotMatch(source, /^Bcc:/m)
    }
  })

  it('that is refused fails without saying what was in it', async (t) => {
    const { port } = await startSmtp(t, {
      onRcptTo: (_address, _session, done) => done(new Error(`no such box, password secret`)),
    })
    const smtp = `smtp://127.0.0.1:${port}`
    const sending = createSmtpMailer({ smtp, from: 'a@example.com' }).send(mail)
    await assert.rejects(sending, (error) => {
      assert.ok(error instanceof MailFailure)
      assert.match(error.message, /^EENVELOPE/)
      assert.doesNotMatch(error.message, /secret|mei|pass/)
      assert.equal(error.cause, undefined)
      return true
    })
  })

  it('does not keep anybody waiting for a server that says nothing', async (t) => {
    const port = await listening(
      t,
      createServer((socket) => {
        t.after(() => socket.destroy())
      }),
    )
    const smtp = `smtp://127.0.0.1:${port}`
    const mailer = createSmtpMailer({ smtp, from: 'a@example.com', timeoutMilliseconds: 100 })
    await assert.rejects(mailer.send(mail), MailFailure)
  })

  it('fails where nobody listens', async () => {
    const mailer = createSmtpMailer({ smtp: 'smtp://127.0.0.1:1', from: 'a@example.com' })
    await assert.rejects(mailer.send(mail), MailFailure)
  })
})
