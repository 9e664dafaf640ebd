/** The published JSON Schema, for editors: config/sekisho.schema.json. */
import { writeFile } from 'node:fs/promises'
import { fileSchema } from './schema.ts'

const published = new URL('../../config/sekisho.schema.json', import.meta.url)

/** Ends with a newline. What has a default may be left out, which our own types do not say. */
export function configJsonSchema(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'sekisho.yaml',
    ...asPublished(fileSchema, ''),
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

function asPublished(node: unknown, place: string): object {
  if (typeof node !== 'object' || node === null) return {}
  const entries = Object.entries(node).map(([key, value]) => {
    if (key === 'required' && place !== 'properties') return [key, withoutDefaulted(value, node)]
    // An editor sees `${NAME}`, where we see what was filled in.
    if (key === 'pattern' && 'type' in node) return [key, `(?:${String(value)})|\\$\\{`]
    return [key, publishedValue(value, key)]
  })
  return Object.fromEntries(entries)
}

function publishedValue(value: unknown, place: string): unknown {
  if (place === 'default' || typeof value !== 'object' || value === null) return value
  return Array.isArray(value)
    ? value.map((item) => publishedValue(item, ''))
    : asPublished(value, place)
}

function withoutDefaulted(required: unknown, schema: object): readonly unknown[] {
  const properties: unknown = 'properties' in schema ? schema.properties : {}
  const hasDefault = (name: unknown) => {
    const property: unknown =
      typeof properties === 'object' && properties !== null
        ? Reflect.get(properties, String(name))
        : null
    return typeof property === 'object' && property !== null && 'default' in property
  }
  return Array.isArray(required) ? required.filter((name) => !hasDefault(name)) : []
}

/** `npm run schema` */
if (import.meta.main) await writeFile(published, configJsonSchema())
