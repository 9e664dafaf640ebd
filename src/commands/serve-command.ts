import pino, { type Logger } from 'pino'
import { watchConfig, type ConfigChange } from '#config/running-config.ts'
import { readSpan } from '#domain/span.ts'
import { loggerOptions } from '#plugins/logging.ts'
import { configLoaded, configRefused, openBroker, type Broker } from '../broker.ts'
import { keepCompiledCode } from '../runtime.ts'
import { loadOrReport, type Command } from './command.ts'
import { storeFailure } from './store-failure.ts'

export const serve: Command = {
  synopsis: '',
  summary: 'serves the portal until SIGTERM',
  async run(input) {
    refuseDebug(input.environment)
    const drainOverride = drainOverrideFrom(input.environment)
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
      keepCompiledCode()
    } catch (error) {
      // An open listener or store would keep the process, and with it the old exit code, alive.
      config.close()
      await broker?.close()
      // It ends rather than waits: supervisors start it again, and a wrong address is seen at once.
      throw storeFailure(initial.server.store, error)
    }

    process.on('SIGHUP', () => void config.reload())
    const signal = await stopping
    const drainSeconds = drainOverride ?? config.current().server.drainSeconds
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

/** `DRAIN` overrides `drain`: a span, or 0 where nothing in front could send visitors elsewhere. */
function drainOverrideFrom(
  environment: Readonly<Record<string, string | undefined>>,
): number | null {
  const text = environment['DRAIN']
  if (text === undefined || text === '') return null
  const seconds = /^0s?$/.test(text) ? 0 : readSpan(text)
  if (seconds === null) throw new Error(`DRAIN=${text} is no span of time such as 5s`)
  return seconds
}

/** With these, libraries of ours print credentials and whole exchanges to stderr. */
function refuseDebug(environment: Readonly<Record<string, string | undefined>>): void {
  const debug = environment['DEBUG'] ?? ''
  const isNoisy = /(^|[\s,])(\*|simple-oauth2)/.test(debug)
  if (isNoisy) throw new Error(`DEBUG=${debug} would print the client secret: unset it`)
}
