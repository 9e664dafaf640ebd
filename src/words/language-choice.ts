/** Which of our languages a visitor reads: their own choice, else what their browser prefers. */

export const languages = ['en', 'ja'] as const
export type Language = (typeof languages)[number]

/** `acceptLanguage` as sent (RFC 9110, section 12.5.4); English where neither says anything. */
export function chooseLanguage(
  cookieValue: string | undefined,
  acceptLanguage: string | undefined,
): Language {
  return readLanguage(cookieValue) ?? preferred(acceptLanguage ?? '') ?? 'en'
}

export function readLanguage(text: string | undefined): Language | null {
  return languages.find((language) => language === text) ?? null
}

function preferred(header: string): Language | null {
  const wishes = header
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';')
      const weight = parameters.map((text) => /^\s*q=([01](?:\.\d{0,3})?)$/.exec(text)?.[1])
      return { language: range.split('-')[0], weight: Number(weight.find(Boolean) ?? 1) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  return (
    wishes.map(({ language }) => readLanguage(language)).find((found) => found !== null) ?? null
  )
}
