import type { Settings } from '#domain/settings.ts'
import { describeProblems, loadSettings } from '#config/load.ts'

export interface CommandInput {
  readonly options: {
    readonly groups?: string | undefined
    /** ARN of the broker's own credentials, for `iam`. */
    readonly broker?: string | undefined
    readonly config: string
    readonly format: string
    readonly ending?: string | undefined
  }
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

export interface Command {
  readonly synopsis: string
  readonly summary: string
  /** Gives the exit code. */
  run(input: CommandInput): Promise<number>
}

/** The settings; null where the file has problems, which then stand on stderr, all of them. */
export async function loadOrReport(input: CommandInput): Promise<Settings | null> {
  const { config: path } = input.options
  const loaded = await loadSettings({ path, environment: input.environment })
  if (loaded.outcome === 'refused') {
    input.err(describeProblems(path, loaded.problems))
    return null
  }
  return loaded.settings
}
