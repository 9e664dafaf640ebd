import type { GuestPass } from '#domain/guest-pass.ts'
import { passWordsFor, type PassGivenWords } from '../../words/pass-words.ts'
import type { Words } from '../../words/words.ts'

/** The one page that shows link and PIN; afterwards only their hashes are left. */
export interface PassGivenView {
  readonly title: string
  readonly link: string
  readonly path: string
  readonly pin: string | null
  /** What became of the invitation by mail; null where none was to be sent. */
  readonly mail: { readonly text: string; readonly isFailure: boolean } | null
  readonly emailHint: string | null
  readonly reportHref: string
  readonly text: PassGivenWords
}

declare module '#plugins/views.ts' {
  interface Pages {
    'pass-given': PassGivenView
  }
}

export type MailOutcome = 'sent' | 'failed' | 'none'

export function passGivenView(input: {
  readonly words: Words
  readonly pass: Pick<GuestPass, 'id' | 'kind' | 'guestName' | 'guestEmail'>
  readonly link: URL
  readonly pin: string | null
  readonly mail: MailOutcome
}): PassGivenView {
  const { pass, link, pin, mail } = input
  const text = passWordsFor(input.words.language).given
  const email = pass.guestEmail ?? ''
  return {
    title: text.title(pass.guestName),
    link: link.href,
    path: link.pathname,
    pin,
    mail:
      mail === 'none'
        ? null
        : {
            text: mail === 'sent' ? text.mailSent(email) : text.mailFailed,
            isFailure: mail === 'failed',
          },
    emailHint: pass.kind === 'email' ? text.emailHint(email) : null,
    reportHref: `/passes/${pass.id}`,
    text,
  }
}
