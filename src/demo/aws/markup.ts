const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text made safe for element content and quoted attributes, in HTML and XML alike. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** HTML that was built by `html` and is not escaped a second time. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Printable = string | number | Html | readonly Html[]

/** A template whose values are escaped unless they are `Html` themselves. */
export function html(literals: TemplateStringsArray, ...values: readonly Printable[]): Html {
  const printed = literals.map((literal, index) => literal + print(values[index] ?? ''))
  return new Html(printed.join(''))
}

function print(value: Printable): string {
  if (typeof value === 'string') return escapeMarkup(value)
  if (typeof value === 'number') return String(value)
  return value instanceof Html ? value.text : value.map(({ text }) => text).join('')
}
