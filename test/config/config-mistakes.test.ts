import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { configText, problemsOf } from './config-text.ts'
import { mistakesOfName } from './name-mistakes.ts'
import { mistakesOfShape, mistakesOfSyntax } from './shape-mistakes.ts'
import { mistakesOfValue } from './value-mistakes.ts'

const all = [...mistakesOfShape, ...mistakesOfSyntax, ...mistakesOfName, ...mistakesOfValue]

describe('a config with one mistake', () => {
  for (const [what, section, text, message] of all) {
    it(`is refused for ${what}, where it stands`, async () => {
      const marked = markedText(section, text)
      const problems = await problemsOf(marked.text)
      const found = problems.find((problem) => problem.message.includes(message))

      assert.ok(found, `expected "${message}" among ${JSON.stringify(problems, null, 2)}`)
      if (marked.position) {
        assert.equal(`${found.line}:${found.column}`, marked.position)
      }
      assert.equal(problems.length, 1, JSON.stringify(problems, null, 2))
    })
  }
})

function markedText(section: string, text: string) {
  const name = section.replace('▸', '')
  const whole = configText({ [name]: text })
  const marked = section.startsWith('▸') ? whole.replace(`${name}:`, `▸${name}:`) : whole
  const before = marked.slice(0, marked.indexOf('▸'))
  const column = before.length - before.lastIndexOf('\n')
  const isMarked = marked.includes('▸')
  return {
    text: marked.replace('▸', ''),
    position: isMarked ? `${before.split('\n').length}:${column}` : null,
  }
}
