import { createTransport } from 'nodemailer'
import type { Mailer } from '#ports'

export interface SmtpMailerOptions {
  /** `smtps://user:password@host`, or `smtp://…`, which must then change to TLS unless on loopback. */
  readonly smtp: string
  readonly from: string
  /** Longest wait for each step; a sponsor looks at a page meanwhile. */
  readonly timeoutMilliseconds?: number
}

/** Why a mail was not taken, without the exchange: that holds the link and the credentials. */
export class MailFailure extends Error {
  override readonly name = 'MailFailure'
}

/** One connection per mail: there are few. Rejects with `MailFailure`. */
export function createSmtpMailer(options: SmtpMailerOptions): Mailer {
  const { smtp, from, timeoutMilliseconds = 5_000 } = options
  const url = new URL(smtp)
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  const transport = createTransport({
    url: smtp,
    requireTLS: url.protocol === 'smtp:' && !isLoopback,
    dnsTimeout: timeoutMilliseconds,
    connectionTimeout: timeoutMilliseconds,
    greetingTimeout: timeoutMilliseconds,
    socketTimeout: timeoutMilliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, text }) {
      // Addresses as objects: a text would be read as a list, and one form field would reach many.
      const message = { from, to: { name: '', address: to }, subject, text }
      try {
        await transport.sendMail({ ...message, headers: { 'Auto-Submitted': 'auto-generated' } })
      } catch (error) {
        throw new MailFailure(reasonOf(error))
      }
    },
    close: () => transport.close(),
  }
}

/** Nodemailer's code and the command that failed: `EAUTH AUTH PLAIN`, `ESOCKET CONN`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const parts = ['code', 'command', 'responseCode'].flatMap((name) => {
    const value: unknown = Reflect.get(error, name)
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : []
  })
  return parts.join(' ') || error.name
}
