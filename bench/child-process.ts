/**
 * A process of a scenario, asked by messages. Each has a core of its own to spend, an end in time,
 * and is stopped by its own handle; it ends by itself where its parent does.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { demoCaller } from '#demo/demo-aws.ts'
import type { Usage } from './child-side.ts'

export interface Child<Ready> {
  readonly ready: Ready
  ask<Answer>(name: string, value?: unknown): Promise<Answer>
  usage(): Promise<Usage>
  stop(): Promise<void>
}

interface Reply {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

const longestMilliseconds = 20 * 60_000

/** As `npm start` and the image run Node: docs/running.md. */
export const nodeFlags = ['--min-semi-space-size=4', '--max-semi-space-size=4']
export const nodeEnvironment = { NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' }

/** `file` is in bench/processes; it gets `input` as JSON, and says when it is ready. */
export async function startChild<Ready>(file: string, input: unknown): Promise<Child<Ready>> {
  const child = fork(join(import.meta.dirname, 'processes', file), [JSON.stringify(input)], {
    execArgv: ['--expose-gc', ...nodeFlags],
    env: { ...process.env, ...brokerCredentials, ...nodeEnvironment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    timeout: longestMilliseconds,
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const replies = conversation(child, file)
  const ask = <Answer>(name: string, value?: unknown) => replies.ask(name, value) as Promise<Answer>
  return {
    ready: (await replies.ready) as Ready,
    ask,
    usage: () => ask<Usage>('usage'),
    async stop() {
      if (child.connected) child.send({ id: 0, name: 'stop' })
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** `NAME.cpuprofile` in the folder, for the browser's developer tools; nothing for no folder. */
export async function profiled<Result>(
  folder: string | null,
  name: string,
  child: Child<unknown>,
  work: () => Promise<Result>,
): Promise<Result> {
  if (folder === null) return work()
  await child.ask('startProfile')
  const result = await work()
  await child.ask('stopProfile', join(folder, `${name}.cpuprofile`))
  return result
}

/** What the AWS double knows; nothing of the machine's own gets near a signature. */
const brokerCredentials = {
  AWS_ACCESS_KEY_ID: demoCaller.accessKeyId,
  AWS_SECRET_ACCESS_KEY: demoCaller.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
}

function conversation(child: ChildProcess, file: string) {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const ready = Promise.withResolvers<unknown>()
  waiting.set(0, ready)
  let last = 0
  child.on('message', ({ id, value, error }: Reply) => {
    const settle = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) settle?.resolve(value)
    else settle?.reject(new Error(`${file}: ${error}`))
  })
  child.once('exit', (code, signal) => {
    const error = new Error(`${file} ended with ${signal ?? code}`)
    for (const { reject } of waiting.values()) reject(error)
  })
  return {
    ready: ready.promise,
    ask(name: string, value: unknown): Promise<unknown> {
      const settle = Promise.withResolvers<unknown>()
      waiting.set(++last, settle)
      child.send({ id: last, name, value })
      return settle.promise
    },
  }
}
