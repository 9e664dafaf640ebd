/** Whom to ask, as the config names them: an address to write to, a page, or plain words. */
export interface ContactLink {
  readonly text: string
  /** Null where the text is no address. */
  readonly href: string | null
}

/** `subject` goes into a mail, so that whoever reads it can find the request. */
export function contactLink(contact: string | null, subject: string | null): ContactLink | null {
  if (contact === null || contact.trim() === '') return null
  const text = contact.trim()
  if (/^[^\s@<>"?&]+@[^\s@<>"?&]+$/.test(text)) {
    const query = subject === null ? '' : `?subject=${encodeURIComponent(subject)}`
    return { text, href: `mailto:${text}${query}` }
  }
  const isPage = URL.canParse(text) && new URL(text).protocol === 'https:'
  return { text, href: isPage ? text : null }
}
