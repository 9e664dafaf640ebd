/** The whole demo for a test: real providers, real broker, AWS double, on free ports. */
import type { TestContext } from 'node:test'
import pino from 'pino'
import { demoCaller } from '#demo/demo-aws.ts'
import { anyPorts } from '#demo/demo-config.ts'
import { startDemo, type Demo, type DemoOptions } from '#demo/demo.ts'
import { loggerOptions } from '#plugins/logging.ts'

export interface TestDemo extends Demo {
  /** Every log line of the broker, at trace level. */
  readonly logLines: string[]
}

export async function startTestDemo(
  t: Pick<TestContext, 'after'>,
  options: Partial<Omit<DemoOptions, 'ports' | 'logger'>> = {},
): Promise<TestDemo> {
  process.env['AWS_ACCESS_KEY_ID'] = demoCaller.accessKeyId
  process.env['AWS_SECRET_ACCESS_KEY'] = demoCaller.secretAccessKey
  const logLines: string[] = []
  const logger = pino(loggerOptions('trace'), { write: (line: string) => void logLines.push(line) })
  const demo = await startDemo({ ports: anyPorts, logger, ...options })
  t.after(() => demo.stop())
  return { ...demo, logLines }
}
