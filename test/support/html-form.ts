export interface HtmlForm {
  action: string
  method: string
  /** Hidden fields and other inputs that already have a value. */
  fields: Record<string, string>
}

/** The first form that has every one of these fields; null where there is none. */
export function formIn(html: string, names: readonly string[]): HtmlForm | null {
  for (const [, opening = '', content = ''] of html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)) {
    const inputs = [...content.matchAll(/<(input|select|textarea|button)\b([^>]*)>/gis)].map(
      ([, tag = '', attributes = '']): Record<string, string> => ({
        ...(tag.toLowerCase() === 'button' && { type: 'submit' }),
        ...attributesIn(attributes),
      }),
    )
    const present = new Set(inputs.map((input) => input['name']))
    if (!names.every((name) => present.has(name))) continue

    const { action = '', method = 'get' } = attributesIn(opening)
    return { action, method: method.toLowerCase(), fields: presetFields(inputs) }
  }
  return null
}

function presetFields(inputs: readonly Record<string, string>[]): Record<string, string> {
  const preset: Record<string, string> = {}
  for (const { name, type = 'text', value, checked } of inputs) {
    // A button or an unchecked box is only sent when somebody presses or ticks it.
    const isChoice = type === 'checkbox' || type === 'radio'
    if (!name || type === 'submit' || (isChoice && checked === undefined)) continue
    if (value !== undefined) preset[name] = value
  }
  return preset
}

function attributesIn(source: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name = '', quoted, single, bare] of source.matchAll(
    /([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g,
  )) {
    attributes[name.toLowerCase()] = unescapeHtml(quoted ?? single ?? bare ?? '')
  }
  return attributes
}

const characters: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal))
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    return characters[name] ?? whole
  })
}
