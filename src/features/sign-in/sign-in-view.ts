import type { ReturnTarget } from '#domain/return-target.ts'
import type { Settings } from '#domain/settings.ts'
import { contactLink, type ContactLink } from '#plugins/contact-link.ts'
import type { Words } from '../../words/words.ts'

export interface SignInView {
  readonly title: string
  readonly explanation: string
  /** What the address asks for, as it stands there: a stranger learns no account's name. */
  readonly wayTo: string | null
  readonly choices: readonly { readonly text: string; readonly href: string }[]
  readonly contact: ContactLink | null
}

declare module '#plugins/views.ts' {
  interface Pages {
    'sign-in': SignInView
  }
}

export function signInView(input: {
  readonly words: Words
  readonly settings: Pick<Settings, 'branding'>
  readonly target: ReturnTarget
  readonly choices: readonly { readonly name: string; readonly href: string }[]
}): SignInView {
  const { words, settings, target, choices } = input
  return {
    title: words.signIn.title,
    explanation: words.signIn.explanation,
    wayTo: target.kind === 'opening' ? `${target.account} / ${target.permissionSet}` : null,
    choices: choices.map(({ name, href }) => ({ text: words.signIn.continueWith(name), href })),
    contact: contactLink(settings.branding.contact, null),
  }
}
