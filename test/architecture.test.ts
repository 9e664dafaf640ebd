import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, it } from 'node:test'

/** Who may import whom. A feature is its own area: 'features/console' is not 'features/audit'. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  words: ['domain'],
  ports: ['domain'],
  config: ['domain', 'ports'],
  plugins: ['domain', 'ports', 'words'],
  features: ['domain', 'ports', 'plugins', 'words'],
  adapters: ['domain', 'ports'],
  app: ['domain', 'ports', 'plugins', 'features'],
}
const mayReadEnvironment = /^src\/(main\.ts|config\/|demo\/main\.ts)/

const files = globSync('src/**/*.ts').map((file) => file.replaceAll('\\', '/'))

describe('the architecture', () => {
  it('points every import inwards', () => {
    const wrong = files.flatMap((file) => {
      const allowed = mayImport[kindOf(file)]
      return importsOf(file)
        .filter((target) => areaOf(target) !== areaOf(file))
        .filter((target) => allowed && !allowed.includes(kindOf(target)))
        .map((target) => `${file} imports ${target}`)
    })
    assert.deepEqual(wrong, [])
  })

  it('lets nothing but the demo itself know the demo', () => {
    const wrong = files
      .filter((file) => kindOf(file) !== 'demo')
      .filter((file) => importsOf(file).some((target) => kindOf(target) === 'demo'))
    assert.deepEqual(wrong, [])
  })

  it('keeps clocks and chance out of the domain', () => {
    const impure = /Date\.now\(|new Date\(\)|Math\.random|randomBytes|randomUUID|performance\.now/
    assert.deepEqual(filesThat('src/domain/', impure), [])
  })

  it('reads the environment at the door only', () => {
    const readers = filesThat('src/', /process\.env/)
    assert.deepEqual(
      readers.filter((file) => !mayReadEnvironment.test(file)),
      [],
    )
  })

  it('never asks whether it is a demo or a test', () => {
    const asks = filesThat('src/', /NODE_ENV|isDemo|isTest|config\.demo/)
    assert.deepEqual(
      asks.filter((file) => kindOf(file) !== 'demo'),
      [],
    )
  })

  it('prints unescaped only the body of the layout', () => {
    const raw = globSync('views/**/*.eta').filter((file) =>
      readFileSync(file, 'utf8').includes('<%~'),
    )
    assert.deepEqual(raw, ['views/layout.eta'])
  })
})

function filesThat(start: string, pattern: RegExp): string[] {
  return files.filter((file) => file.startsWith(start) && pattern.test(readFileSync(file, 'utf8')))
}

function kindOf(file: string): string {
  return (
    file
      .replace(/^src\//, '')
      .replace(/\.ts$/, '')
      .split('/')[0] ?? ''
  )
}

function areaOf(file: string): string {
  const kind = kindOf(file)
  return kind === 'features' ? file.split('/').slice(0, 3).join('/') : kind
}

/** Paths of our own files that a file imports, `#alias/…` resolved. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:from|import)\s+'([.#][^']+)'/g)].map(([, target = '']) => {
    if (target === '#app') return 'src/app.ts'
    if (target === '#ports') return 'src/ports.ts'
    return target.startsWith('#')
      ? `src/${target.slice(1)}`
      : normalize(join(dirname(file), target)).replaceAll('\\', '/')
  })
}
