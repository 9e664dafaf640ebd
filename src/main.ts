/** The process: which command, whose environment, where output goes. Results to stdout, the rest to stderr. */
import { parseArgs } from 'node:util'
import { prepareRuntime } from './runtime.ts'

const oldestNode = 26

async function main(): Promise<number> {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    process.stderr.write(`Sekisho needs Node ${oldestNode} or newer; this is ${process.version}\n`)
    return 2
  }
  prepareRuntime()
  const { commandNamed, usage } = await import('./commands/commands.ts')
  const [name = '', ...rest] = process.argv.slice(2)
  const command = await commandNamed(name)
  if (!command) {
    process.stderr.write(await usage())
    return name === '' || name === 'help' || name === '--help' ? 0 : 2
  }
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: {
        config: { type: 'string', default: 'config/sekisho.yaml' },
        format: { type: 'string', default: 'json' },
        ending: { type: 'string' },
        groups: { type: 'string' },
        broker: { type: 'string' },
      },
      allowPositionals: true,
    })
    return await command.run({
      options: values,
      arguments: positionals,
      environment: process.env,
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
    })
  } catch (error) {
    process.stderr.write(`sekisho ${name}: ${error instanceof Error ? error.message : 'failed'}\n`)
    return 1
  }
}

process.exitCode = await main()
