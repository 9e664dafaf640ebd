/** One replica as operators run it: a process of its own, by the real command. */
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { demoCaller } from '#demo/demo-aws.ts'
import { eventually } from './eventually.ts'

const mainPath = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Replica {
  /** Where it listens itself, past any balancer. */
  readonly origin: string
  /** Everything it wrote to stderr so far. */
  log(): string
  send(signal: NodeJS.Signals): void
  readonly ended: Promise<Ending>
}

export interface CommandRun extends Ending {
  readonly stdout: string
  readonly stderr: string
}

/** Resolves once it serves and has discovered its providers. Ended with the test, by its pid. */
export async function startReplica(
  t: Pick<TestContext, 'after'>,
  configPath: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Replica> {
  const child = launch(['serve', '--config', configPath], environment)
  const ended = endOf(child)
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (log += chunk))
  child.stdout.resume()
  t.after(async () => {
    child.kill('SIGKILL')
    await ended
  })
  await eventually('a replica is up', () => {
    if (child.exitCode !== null) throw new Error(`the replica ended:\n${log}`)
    return addressIn(log) !== null
  })
  const origin = addressIn(log) ?? ''
  await eventually('a replica is ready', async () => (await fetch(`${origin}/readyz`)).ok)
  return {
    origin,
    log: () => log,
    send: (signal) => void child.kill(signal),
    ended,
  }
}

/** A command to its end. */
export async function runCommand(
  parts: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandRun> {
  const child = launch(parts, environment)
  const [stdout, stderr, ending] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    endOf(child),
  ])
  return { stdout, stderr, ...ending }
}

function launch(parts: readonly string[], environment: Readonly<Record<string, string>>) {
  return spawn(process.execPath, [mainPath, ...parts], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      AWS_ACCESS_KEY_ID: demoCaller.accessKeyId,
      AWS_SECRET_ACCESS_KEY: demoCaller.secretAccessKey,
      DRAIN: '0',
      // A third of a start is compiling, always the same.
      NODE_COMPILE_CACHE: join(tmpdir(), 'sekisho-compile-cache'),
      ...environment,
    },
  })
}

function endOf(child: ReturnType<typeof launch>): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
}

function addressIn(log: string): string | null {
  return /"address":"(https?:\/\/[^"]+)"/.exec(log)?.[1] ?? null
}
