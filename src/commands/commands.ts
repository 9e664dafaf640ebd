import { audit } from './audit-command.ts'
import { check } from './check-command.ts'
import type { Command } from './command.ts'
import { explain } from './explain-command.ts'
import { iam } from './iam-command.ts'
import { serve } from './serve-command.ts'
import { url } from './url-command.ts'

export const commands: ReadonlyMap<string, Command> = new Map([
  ['serve', serve],
  ['check', check],
  ['explain', explain],
  ['url', url],
  ['iam', iam],
  ['audit', audit],
])

export function usage(): string {
  const lines = [...commands].map(
    ([name, { synopsis, summary }]) => `  ${name} ${synopsis}\n      ${summary}\n`,
  )
  return `usage: node src/main.ts COMMAND [--config FILE]\n\n${lines.join('')}`
}
