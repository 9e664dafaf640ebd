import { loadSettings, type ConfigProblem, type LoadResult } from '#config/load.ts'
import type { Settings } from '#domain/settings.ts'

export const sessionKey = '8c1f0d5c9a7e43288c41f2d0b3e59674a1c8d7720e4f5b96837d21ac40f9e6b5'

/** A small config that is accepted without a warning. Sections can be replaced, or left out by ''. */
export function configText(replaced: Readonly<Record<string, string>> = {}): string {
  return Object.entries({ ...sections, ...replaced })
    .map(([name, text]) => (text === '' ? '' : `${name}: ${text}\n`))
    .join('')
}

const sections = {
  publicUrl: 'https://aws.example.com',
  sessions: `{ keys: ["${sessionKey}"] }`,
  identityProviders:
    '{ company: { issuer: "https://login.example.com", clientId: sekisho, clientSecret: secret } }',
  environments: '{ production: { name: Production, colour: red } }',
  accounts: `
  prod: { id: "111122223333", name: Production, environment: production, tags: { team: platform } }
  staging: { id: "111122224444", name: Staging }`,
  permissionSets: `
  admin: { roleName: sekisho/Admin, consoleDuration: 1h }
  viewer: { roleName: sekisho/Viewer, consoleDuration: 8h }`,
  assignments: `
  - { name: platform team, groups: [platform], accounts: [prod], permissionSets: [admin] }`,
}

export interface Surroundings {
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Other files by absolute path. */
  readonly files?: Readonly<Record<string, string>>
}

export const configPath = '/etc/sekisho/sekisho.yaml'

/** Loads a text as if it stood at `configPath`; no disk is touched. */
export function loadText(
  text: string | Uint8Array,
  around: Surroundings = {},
): Promise<LoadResult> {
  const { environment = {}, files = {} } = around
  const contents = new Map<string, string | Uint8Array>([
    ...Object.entries(files),
    [configPath, text],
  ])
  return loadSettings({
    path: configPath,
    environment,
    readFile: async (path) => {
      const content = contents.get(path)
      if (content === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' })
      return typeof content === 'string' ? new TextEncoder().encode(content) : content
    },
  })
}

/** The settings; fails with the problems in the message. */
export async function settingsOf(text: string, around: Surroundings = {}): Promise<Settings> {
  return (await acceptedText(text, around)).settings
}

export async function warningsOf(
  text: string,
  around: Surroundings = {},
): Promise<readonly ConfigProblem[]> {
  return (await acceptedText(text, around)).warnings
}

async function acceptedText(text: string, around: Surroundings) {
  const loaded = await loadText(text, around)
  if (loaded.outcome === 'loaded') return loaded
  throw new Error(`refused: ${JSON.stringify(loaded.problems, null, 2)}`)
}

export async function problemsOf(
  text: string | Uint8Array,
  around: Surroundings = {},
): Promise<readonly ConfigProblem[]> {
  const loaded = await loadText(text, around)
  return loaded.outcome === 'refused' ? loaded.problems : []
}
