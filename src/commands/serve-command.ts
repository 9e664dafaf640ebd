import pino from 'pino'
import { watchConfig } from '#config/running-config.ts'
import { noSubject } from '#domain/audit-event.ts'
import { systemActor } from '#plugins/audit-events.ts'
import { loggerOptions } from '#plugins/logging.ts'
import { configLoaded, openBroker, type Broker } from '../broker.ts'
import { loadOrReport, type Command } from './command.ts'

export const serve: Command = {
  synopsis: '',
  summary: 'serves the portal until SIGTERM',
  async run(input) {
    refuseDebug(input.environment)
    const initial = await loadOrReport(input)
    if (!initial) return 1
    const logger = pino(loggerOptions(initial.server.logLevel), pino.destination(2))
    let broker: Broker | null = null

    const config = watchConfig({
      path: input.options.config,
      environment: input.environment,
      initial,
      onChange: (result) => {
        const isLoaded = result.outcome === 'loaded'
        broker?.metrics.configLoads.inc({ outcome: result.outcome })
        broker?.metrics.configInForce.set(isLoaded ? 0 : 1)
        if (isLoaded) logger.info({ needsRestart: result.needsRestart }, 'config taken over')
        else logger.error({ problems: result.problems }, 'config refused; the last good one stays')
        const event = isLoaded
          ? configLoaded(result.settings.fingerprint)
          : {
              ...noSubject,
              type: 'config.refused' as const,
              actor: systemActor,
              address: null,
              requestId: 'reload',
              reason: `${result.problems.length} problems`,
            }
        broker?.trail.record(event).catch((error: unknown) => {
          logger.error({ err: error }, 'the change of config could not be recorded')
        })
      },
    })
    broker = await openBroker({ config, clock: () => new Date(), logger })
    const address = await broker.listen()
    logger.info({ address, publicUrl: initial.server.publicUrl.href }, 'Sekisho is up')

    process.on('SIGHUP', () => void config.reload())
    const signal = await stopSignal()
    logger.info({ signal }, 'stopping')
    config.close()
    await broker.close()
    return 0
  },
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'))
    process.once('SIGINT', () => resolve('SIGINT'))
  })
}

/** With these, libraries of ours print credentials and whole exchanges to stderr. */
function refuseDebug(environment: Readonly<Record<string, string | undefined>>): void {
  const debug = environment['DEBUG'] ?? ''
  const isNoisy = /(^|[\s,])(\*|simple-oauth2)/.test(debug)
  if (isNoisy) throw new Error(`DEBUG=${debug} would print the client secret: unset it`)
}
