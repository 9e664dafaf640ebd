import pino, { type Logger } from 'pino'
import { watchConfig, type ConfigChange } from '#config/running-config.ts'
import { Problem } from '#domain/problem.ts'
import { readSpan } from '#domain/span.ts'
import { loggerOptions } from '#plugins/logging.ts'
import { configLoaded, configRefused, openBroker, type Broker } from '../broker.ts'
import { loadOrReport, type Command } from './command.ts'

export const serve: Command = {
  synopsis: '',
  summary: 'serves the portal until SIGTERM',
  async run(input) {
    refuseDebug(input.environment)
    const drainSeconds = drainSecondsFrom(input.environment)
    const initial = await loadOrReport(input)
    if (!initial) return 1
    const logger = pino(loggerOptions(initial.server.logLevel), pino.destination(2))
    // Listened for from here on: whoever stops us while we start must not have to kill us.
    const stopping = stopSignal()
    let broker: Broker | null = null
    const config = watchConfig({
      path: input.options.config,
      environment: input.environment,
      initial,
      onChange: (result) => noteChange(result, broker, logger),
    })
    try {
      broker = await openBroker({ config, clock: () => new Date(), logger })
      const address = await broker.listen()
      logger.info({ address, publicUrl: initial.server.publicUrl.href }, 'Sekisho is up')
    } catch (error) {
      // An open listener or store would keep the process, and with it the old exit code, alive.
      config.close()
      await broker?.close()
      throw isUnreachable(error) ? storeUnreachable(initial.server.store, error) : error
    }

    process.on('SIGHUP', () => void config.reload())
    const signal = await stopping
    logger.info({ signal, drainSeconds }, 'stopping')
    config.close()
    // Ctrl+C is somebody at a terminal, not an orchestrator that moves visitors elsewhere.
    await broker.close(signal === 'SIGTERM' ? drainSeconds : 0)
    logger.info('stopped')
    return 0
  },
}

/** Log, metrics and trail hear of a file that was taken over, and of one that was refused. */
function noteChange(result: ConfigChange, broker: Broker | null, logger: Logger): void {
  const isLoaded = result.outcome === 'loaded'
  broker?.metrics.configLoads.inc({ outcome: result.outcome })
  broker?.metrics.configInForce.set(isLoaded ? 0 : 1)
  if (isLoaded) logger.info({ needsRestart: result.needsRestart }, 'config taken over')
  else logger.error({ problems: result.problems }, 'config refused; the last good one stays')
  const event = isLoaded
    ? configLoaded(result.settings.fingerprint)
    : configRefused(result.problems.length)
  broker?.trail.record(event).catch((error: unknown) => {
    logger.error({ err: error }, 'the change of config could not be recorded')
  })
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'))
    process.once('SIGINT', () => resolve('SIGINT'))
  })
}

/** `DRAIN` is a span, or 0 where nothing stands in front that could send visitors elsewhere. */
function drainSecondsFrom(environment: Readonly<Record<string, string | undefined>>): number {
  const text = environment['DRAIN'] ?? '3s'
  const seconds = /^0s?$/.test(text) ? 0 : readSpan(text)
  if (seconds === null) throw new Error(`DRAIN=${text} is no span of time such as 5s`)
  return seconds
}

function isUnreachable(error: unknown): error is Problem {
  return (
    error instanceof Problem &&
    (error.code === 'store-unavailable' || error.code === 'trail-unavailable')
  )
}

/** It ends rather than waits: supervisors start it again, and a wrong address is seen at once. */
function storeUnreachable(store: string, { cause }: Problem): Error {
  const reason = cause instanceof Error ? cause.message : 'no reason given'
  return new Error(`the store ${nameOf(store)} cannot be used: ${reason}`)
}

/** Without user and password. */
function nameOf(store: string): string {
  if (!URL.canParse(store)) return 'of the config'
  const { protocol, host, pathname } = new URL(store)
  return protocol === 'sqlite:' ? `sqlite:${pathname}` : `${protocol}//${host}${pathname}`
}

/** With these, libraries of ours print credentials and whole exchanges to stderr. */
function refuseDebug(environment: Readonly<Record<string, string | undefined>>): void {
  const debug = environment['DEBUG'] ?? ''
  const isNoisy = /(^|[\s,])(\*|simple-oauth2)/.test(debug)
  if (isNoisy) throw new Error(`DEBUG=${debug} would print the client secret: unset it`)
}
