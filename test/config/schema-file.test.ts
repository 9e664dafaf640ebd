import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'node:test'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { loadSettings } from '#config/load.ts'
import { configJsonSchema } from '#config/schema-file.ts'
import { sessionKey } from './config-text.ts'
import { designExample } from './design-example.ts'

const folder = new URL('../../config/', import.meta.url)
const contentsOf = (name: string) => readFileSync(new URL(name, folder), 'utf8')

const environment = {
  SESSION_KEY: sessionKey,
  OIDC_CLIENT_SECRET: 'one',
  PARTNERS_CLIENT_SECRET: 'two',
}

describe('the published JSON Schema', () => {
  const ajv = new Ajv({ allErrors: true })
  ajv.addVocabulary(['patternErrorMessage'])
  const validate = ajv.compile(JSON.parse(configJsonSchema()))

  it('is what the code generates', () => {
    assert.equal(contentsOf('sekisho.schema.json'), configJsonSchema())
  })

  for (const name of ['sekisho.example.yaml', 'demo.yaml']) {
    it(`has nothing against ${name} as an editor sees it, references and all`, () => {
      validate(parse(contentsOf(name), { schema: 'core' }))
      assert.deepEqual(validate.errors ?? [], [])
    })
  }

  it('has nothing against the config of the design', () => {
    validate(parse(designExample, { schema: 'core' }))
    assert.deepEqual(validate.errors ?? [], [])
  })

  it('finds a key that is misspelt', () => {
    assert.equal(validate({ ...parse(designExample, { schema: 'core' }), acounts: {} }), false)
  })

  it('describes every setting', () => {
    const bare: string[] = []
    findBare(JSON.parse(configJsonSchema()), '', bare)
    assert.deepEqual(bare, [])
  })
})

describe('the example that operators copy', () => {
  it('is accepted without a warning, and names the schema for editors', async () => {
    const loaded = await loadSettings({
      path: fileURLToPath(new URL('sekisho.example.yaml', folder)),
      environment,
    })
    assert.equal(loaded.outcome, 'loaded', JSON.stringify(loaded))
    assert.deepEqual(loaded.outcome === 'loaded' && loaded.warnings, [])
    const [first] = contentsOf('sekisho.example.yaml').split('\n')
    assert.equal(first, '# yaml-language-server: $schema=./sekisho.schema.json')
  })

  it('names every setting that there is', () => {
    const text = contentsOf('sekisho.example.yaml')
    const missing = settingsIn(JSON.parse(configJsonSchema())).filter(
      (name) => !new RegExp(`\\b${name}:`).test(text),
    )
    assert.deepEqual(missing, [])
  })
})

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
}

function childrenOf(schema: Schema): readonly Schema[] {
  const { properties = {}, patternProperties = {}, anyOf = [], items } = schema
  return [
    ...Object.values(properties),
    ...Object.values(patternProperties),
    ...anyOf,
    ...(items ? [items] : []),
  ]
}

function settingsIn(schema: Schema): readonly string[] {
  return [...Object.keys(schema.properties ?? {}), ...childrenOf(schema).flatMap(settingsIn)]
}

function findBare(schema: Schema, place: string, bare: string[]): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.description === undefined) bare.push(`${place}/${name}`)
  }
  childrenOf(schema).forEach((child, index) => findBare(child, `${place}/${index}`, bare))
}
