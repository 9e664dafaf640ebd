/** What is wrong, the section, its text with ▸ where the mistake must be shown, part of the message. */
export type Mistake = readonly [what: string, section: string, text: string, message: string]
