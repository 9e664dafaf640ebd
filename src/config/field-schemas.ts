/**
 * The small shapes that the config file is made of. `patternErrorMessage` says in words what a
 * pattern asks for: editors show it (vscode-json-languageservice), and so does shape-problems.ts.
 */
import { Type, type TSchema, type TUnsafe } from 'typebox'

const slugPattern = '[A-Za-z0-9][A-Za-z0-9_.-]{0,62}'
const slugWords = 'a short name of letters, digits, "-", "_" and "."'

/** Integer-like keys of an object come first in JavaScript: the first provider must stay the first. */
const wordKeys = {
  pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,62}$',
  patternErrorMessage: `${slugWords} that begins with a letter`,
}

const slugKeys = { pattern: `^${slugPattern}$`, patternErrorMessage: slugWords }

const accountKeys = {
  pattern: `^(?![0-9]{12}$)${slugPattern}$`,
  patternErrorMessage: `${slugWords}, and no account id`,
}

/** Selectors are written `tag:key=value`. */
const tagKeys = {
  pattern: '^[^=\\u0000-\\u001f]{1,128}$',
  patternErrorMessage: 'a tag key of 1 to 128 characters without "="',
}

const oneLineKeys = {
  pattern: '^[^\\u0000-\\u001f]{1,128}$',
  patternErrorMessage: 'a key of 1 to 128 characters',
}

/** A map from names that people chose. */
export function mapOf<Value extends TSchema>(
  keys: 'words' | 'slugs' | 'accounts' | 'tags' | 'texts',
  value: Value,
  description: string,
) {
  const propertyNames = {
    words: wordKeys,
    slugs: slugKeys,
    accounts: accountKeys,
    tags: tagKeys,
    texts: oneLineKeys,
  }[keys]
  return Type.Record(Type.String(), value, { description, propertyNames })
}

export function text(description: string, more: object = {}) {
  return Type.String({ minLength: 1, description, ...more })
}

/** Never shown in a problem, wherever it stands. */
export function secret(description: string, more: object = {}) {
  return text(description, { writeOnly: true, ...more })
}

export function span(description: string, fallback?: string) {
  return Type.String({
    pattern: '^(?!0+[smhd])[0-9]{1,6}[smhd]$',
    patternErrorMessage: 'a span of time such as 30s, 15m, 8h or 14d',
    description,
    ...(fallback === undefined ? {} : { default: fallback }),
  })
}

/** `0s` is one too. */
export function spanOrNone(description: string, fallback: string) {
  return Type.String({
    pattern: '^[0-9]{1,6}[smhd]$',
    patternErrorMessage: 'a span of time such as 10s, or 0s for none',
    description,
    default: fallback,
  })
}

export function perMinute(description: string, fallback: number) {
  return Type.Integer({ minimum: 1, maximum: 1_000_000, description, default: fallback })
}

export function accountId(description: string) {
  return Type.String({
    pattern: '^[0-9]{12}$',
    patternErrorMessage: 'twelve digits in quotes, such as "111122223333"',
    description,
  })
}

/** As a text too, since `${PORT}` gives one. */
export function port(description: string, fallback?: number) {
  return Type.Union(
    [
      Type.Integer({ minimum: 0, maximum: 65_535 }),
      Type.String({ pattern: '^[0-9]{1,5}$', patternErrorMessage: 'a port number' }),
    ],
    { description, ...(fallback === undefined ? {} : { default: fallback }) },
  )
}

export function oneOf<const Value extends string>(
  values: readonly Value[],
  description: string,
  fallback?: Value,
): TUnsafe<Value> {
  return Type.Unsafe<Value>({
    enum: [...values],
    description,
    ...(fallback === undefined ? {} : { default: fallback }),
  })
}

export function flag(description: string) {
  return Type.Boolean({ description, default: false })
}

export function textList(description: string, more: object = {}) {
  return Type.Array(text('One of them'), { description, ...more })
}

export function record<const Properties extends Readonly<Record<string, TSchema>>>(
  description: string,
  properties: Properties,
  more: object = {},
) {
  return Type.Object(properties, { description, additionalProperties: false, ...more })
}

/** One text for both languages, or one for each; a language left out gets the other's. */
export function localised(description: string) {
  return Type.Union(
    [
      Type.String({ minLength: 1 }),
      record(
        'One text per language',
        { en: Type.Optional(text('English')), ja: Type.Optional(text('Japanese')) },
        { minProperties: 1 },
      ),
    ],
    { description },
  )
}
