import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { configText, loadText } from './config-text.ts'
import { exampleEnvironment, wholeExample } from './design-example.ts'

const around = { environment: exampleEnvironment }

const pieces = fc.constantFrom(
  'accounts:',
  'assignments:',
  '  - ',
  '\n',
  '\n  ',
  '{',
  '}',
  '[',
  ']',
  ': ',
  ', ',
  '"',
  "'",
  '&a ',
  '*a',
  '<<: ',

  '!!set ',
  '!!binary x',
  '? ',
  '| ',
  '> ',
  '--- ',
  '... ',
  '%YAML 1.1\n',
  '\t',
  '#',
  '~',
  '${',
  '}',
  '${file:',
  '$${',

  '__proto__',
  'constructor',
  'toString',
  '111122223333',
  '0x1F',
  '.nan',
  '-.inf',
  '1e999',
  'null',
  'true',
  '\u0000',
  '\u2028',
  '\ud800',
)

describe('loading a config', () => {
  it('never throws, whatever the text', async () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const loaded = await loadText(text, around)
        assert.ok(loaded.outcome === 'loaded' || loaded.problems.length > 0)
      }),
      { numRuns: 500 },
    )
  })

  it('never throws where a part of a good config was overwritten', async () => {
    const cut = fc.record({
      at: fc.nat(wholeExample.length),
      length: fc.nat(40),
      by: fc.array(pieces, { maxLength: 4 }).map((parts) => parts.join('')),
    })
    await fc.assert(
      fc.asyncProperty(cut, async ({ at, length, by }) => {
        const text = wholeExample.slice(0, at) + by + wholeExample.slice(at + length)
        const loaded = await loadText(text, around)
        assert.ok(loaded.outcome === 'loaded' || loaded.problems.length > 0)
      }),
      { numRuns: 300 },
    )
  })

  it('never throws for any value in any section', async () => {
    const sections = fc.constantFrom(
      'publicUrl',
      'listen',
      'metrics',
      'trustedProxies',
      'store',
      'sessions',
      'identityProviders',
      'aws',

      'environments',
      'accounts',
      'permissionSets',
      'assignments',
      'denials',
      'links',
      'portals',

      'guestPasses',
      'audit',
      'operators',
      'announcement',
      'branding',
      'mail',
      'tls',
      'logLevel',
    )
    await fc.assert(
      fc.asyncProperty(sections, fc.jsonValue({ maxDepth: 4 }), async (section, value) => {
        const loaded = await loadText(configText({ [section]: JSON.stringify(value) }), around)
        assert.ok(loaded.outcome === 'loaded' || loaded.problems.length > 0)
      }),
      { numRuns: 400 },
    )
  })

  for (const [what, text] of [
    ['brackets by the thousand', '['.repeat(20_000)],
    ['braces by the thousand', '{a: '.repeat(5_000)],
    ['dashes by the thousand', '- '.repeat(5_000)],
    ['the billion laughs', billionLaughs()],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const loaded = await loadText(text)
      assert.equal(loaded.outcome, 'refused')
    })
  }
})

/** Each level holds the one before ten times. */
function billionLaughs(): string {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const items = level === 0 ? 'x' : `*a${level - 1}`
    return `a${level}: &a${level} [${Array.from({ length: 10 }, () => items).join(', ')}]`
  })
  return levels.join('\n')
}
