/** One broker, as `serve` starts it, but for the limits of requests: a load is what they are against. */
import { prepareRuntime } from '../../src/runtime.ts'
import { answerParent, inputOf } from '../child-side.ts'

prepareRuntime()
const { default: pino } = await import('pino')
const { loadSettings } = await import('#config/load.ts')
const { loggerOptions } = await import('#plugins/logging.ts')
const { openBroker } = await import('../../src/broker.ts')

const { configPath } = inputOf<{ readonly configPath: string }>()
const loaded = await loadSettings({ path: configPath, environment: {} })
if (loaded.outcome === 'refused') throw new Error(JSON.stringify(loaded.problems))
const { settings } = loaded
const noLimit = 1e9
const broker = await openBroker({
  config: { current: () => settings },
  clock: () => new Date(),
  // Every line is written, as in production, to where no disk is in the way.
  logger: pino(loggerOptions('info'), pino.destination('/dev/null')),
  limits: { strangersPerMinute: noLimit, attemptsPerMinute: noLimit, openingsPerMinute: noLimit },
})
const url = await broker.listen()
answerParent({ url }, {}, () => broker.close())
