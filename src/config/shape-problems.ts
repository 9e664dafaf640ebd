/**
 * Shape of a document against the schema, in words.
 * Owns: one message per mistake. Leaves to others: the schema, and what names mean.
 */
import { Ajv, type ErrorObject } from 'ajv'
import { pointerTo, quote, type Finding } from './config-problem.ts'
import { didYouMean } from './did-you-mean.ts'
import { fileSchema, type FileConfig } from './schema.ts'

export interface ShapeFinding extends Finding {
  /** What has to be left out for the rest to be looked at. */
  readonly spoils: string
}

export interface ShapeContext {
  /** Texts that held a reference, as they are written: what was filled in is never shown. */
  readonly written: ReadonlyMap<string, string>
  readonly writtenAt: (pointer: string) => string | null
}

type JsonSchema = Readonly<Record<string, unknown>>

/** The schema is our own and tested: checking it, and code for a single document, are not worth a start. */
const ajv = new Ajv({
  allErrors: true,
  useDefaults: true,
  verbose: true,
  meta: false,
  validateSchema: false,
  code: { optimize: false },
})
ajv.addVocabulary(['patternErrorMessage'])
const validate = ajv.compile<FileConfig>(fileSchema)

/** Fills defaults in. True where the document has the shape of a config file. */
export function hasShape(document: unknown): document is FileConfig {
  return validate(document)
}

export function shapeProblems(document: unknown, context: ShapeContext): readonly ShapeFinding[] {
  if (hasShape(document)) return []
  const findings = withoutBranches(validate.errors ?? []).map((error) => findingOf(error, context))
  const said = new Set<string>()
  return findings.filter(({ pointer, part }) => {
    const place = `${part} ${pointer}`
    const isNew = !said.has(place)
    said.add(place)
    return isNew
  })
}

/** Of a union only the branch is spoken of that has the value's type, if it is one. */
function withoutBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf')
  const hidden = new Set<ErrorObject>()
  for (const union of unions) {
    const meant = branchMeant(union)
    for (const error of errors) {
      if (!isInside(error, union)) continue
      if (meant === null || !error.schemaPath.startsWith(`${union.schemaPath}/${meant}/`)) {
        hidden.add(error)
      }
    }
    if (meant !== null) hidden.add(union)
  }
  return errors.filter((error) => !hidden.has(error) && !isNoise(error))
}

function isInside(error: ErrorObject, union: ErrorObject): boolean {
  return (
    error !== union &&
    error.schemaPath.startsWith(`${union.schemaPath}/`) &&
    `${error.instancePath}/`.startsWith(`${union.instancePath}/`)
  )
}

function branchMeant(union: ErrorObject): number | null {
  const matching = branchesOf(union).flatMap(({ type }, index) =>
    type === typeOf(union.data) ? [index] : [],
  )
  const [only] = matching
  const isConst = only !== undefined && 'const' in (branchesOf(union)[only] ?? {})
  return matching.length === 1 && only !== undefined && !isConst ? only : null
}

function branchesOf(union: ErrorObject): readonly JsonSchema[] {
  const branches: unknown = union.schema
  return Array.isArray(branches) ? branches.filter(isSchema) : []
}

/** What `propertyNames` finds is said once, by the error of the map. */
function isNoise({ propertyName }: ErrorObject): boolean {
  return propertyName !== undefined
}

function findingOf(error: ErrorObject, context: ShapeContext): ShapeFinding {
  const { instancePath, params } = error
  const base = { severity: 'problem' } as const
  const child = childOf(error)
  if (child !== null) {
    const pointer = instancePath + pointerTo(child)
    const message =
      error.keyword === 'propertyNames' ? badKey(error, child) : unknownKey(error, child)
    return { ...base, pointer, part: 'key', message, spoils: pointer }
  }
  if (error.keyword === 'required') {
    const missing = String(params['missingProperty'])
    const message = `${quote(missing)} is missing`
    const pointer = instancePath + pointerTo(missing)
    return { ...base, pointer, part: 'key', message, spoils: instancePath }
  }
  const message = messageFor(error, context)
  return { ...base, pointer: instancePath, part: 'value', message, spoils: instancePath }
}

function childOf({ keyword, params }: ErrorObject): string | null {
  if (keyword === 'additionalProperties') return String(params['additionalProperty'])
  return keyword === 'propertyNames' ? String(params['propertyName']) : null
}

function badKey({ schema }: ErrorObject, key: string): string {
  return `${quote(key)} is no legal name: expected ${wordsOf(schema)}`
}

function unknownKey({ parentSchema }: ErrorObject, key: string): string {
  const properties: unknown = parentSchema?.['properties']
  const known = isSchema(properties) ? Object.keys(properties) : []
  if (key === '<<') return 'merge keys ("<<") are not part of YAML 1.2: write the keys out'
  const hint = didYouMean(key, known)
  const others = known.length > 0 && known.length <= 12 ? `; there are ${known.join(', ')}` : ''
  return `unknown key ${quote(key)}${hint === '' ? others : hint}`
}

function messageFor(error: ErrorObject, context: ShapeContext): string {
  const { keyword, params, parentSchema, data } = error
  const shown = shownValue(error, context)
  switch (keyword) {
    case 'type':
      return typeMessage(error, context)
    case 'enum': {
      const allowed = allowedValues(params)
      const hint = typeof data === 'string' && shown !== '' ? didYouMean(data, allowed) : ''
      return `expected one of ${allowed.join(', ')}${shown}${hint}`
    }
    case 'pattern':
      return `expected ${wordsOf(parentSchema)}${shown}`
    case 'anyOf':
      return `expected ${branchesOf(error).map(wordsOf).join(' or ')}, found ${kindOf(data)}`
    case 'minLength':
      return 'must not be empty'
    case 'minItems':
    case 'minProperties':
      return 'must not be empty: name something, or leave the key out'
    case 'minimum':
      return `must be at least ${String(params['limit'])}`
    case 'maximum':
      return `must be at most ${String(params['limit'])}`
    default:
      return error.message ?? keyword
  }
}

/** YAML takes bare digits for a number: `012345678901` even loses its zero. */
function typeMessage(error: ErrorObject, { writtenAt }: ShapeContext): string {
  const { data, parentSchema, instancePath } = error
  const isText = parentSchema?.['type'] === 'string'
  if (data === null) return `expected ${wordsOf(parentSchema)}, found nothing`
  if (!isText || (typeof data !== 'number' && typeof data !== 'boolean')) {
    return `expected ${wordsOf(parentSchema)}, found ${kindOf(data)}`
  }
  const written = isSecret(parentSchema) ? null : writtenAt(instancePath)
  const quoted = written === null ? '' : `: "${written}"`
  return `expected ${wordsOf(parentSchema)}, found ${kindOf(data)}; quote it${quoted}`
}

function shownValue({ data, parentSchema, instancePath }: ErrorObject, context: ShapeContext) {
  if (typeof data !== 'string' || isSecret(parentSchema)) return ''
  return `; found ${quote(context.written.get(instancePath) ?? data)}`
}

function isSecret(schema: unknown): boolean {
  return isSchema(schema) && schema['writeOnly'] === true
}

function wordsOf(schema: unknown): string {
  if (!isSchema(schema)) return 'something else'
  if (typeof schema['patternErrorMessage'] === 'string') return schema['patternErrorMessage']
  if ('const' in schema) return String(schema['const'])
  return typeWords.get(String(schema['type'])) ?? String(schema['type'])
}

const typeWords: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['integer', 'a whole number'],
  ['boolean', 'true or false'],
  ['object', 'a map of keys'],
  ['array', 'a list'],
])

function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (typeof value === 'number') return 'a number'
  return typeWords.get(typeOf(value)) ?? typeOf(value)
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return 'integer'
  return typeof value
}

function allowedValues(params: ErrorObject['params']): readonly string[] {
  const allowed: unknown = params['allowedValues']
  return Array.isArray(allowed) ? allowed.map(String) : []
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null
}
