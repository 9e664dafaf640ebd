import type { Command } from './command.ts'

/** Loaded when asked for: `serve` starts without the code of the others. */
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve-command.ts')).serve,
  check: async () => (await import('./check-command.ts')).check,
  explain: async () => (await import('./explain-command.ts')).explain,
  url: async () => (await import('./url-command.ts')).url,
  iam: async () => (await import('./iam-command.ts')).iam,
  audit: async () => (await import('./audit-command.ts')).audit,
}

/** Null for a name that is no command. */
export async function commandNamed(name: string): Promise<Command | null> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined
  return load ? load() : null
}

export async function usage(): Promise<string> {
  const lines = Object.entries(loaders).map(async ([name, load]) => {
    const { synopsis, summary } = await load()
    return `  ${name} ${synopsis}\n      ${summary}\n`
  })
  return `usage: node src/main.ts COMMAND [--config FILE]\n\n${(await Promise.all(lines)).join('')}`
}
