/** `npm run demo`: prints where to go and who can sign in, and runs until it is interrupted. */
import pino from 'pino'
import { loggerOptions } from '#plugins/logging.ts'
import { demoCaller } from './demo-aws.ts'
import { demoPorts } from './demo-config.ts'
import { companyPeople, demoPassword, partnerPeople } from './demo-people.ts'
import { startDemo } from './demo.ts'

process.env['AWS_ACCESS_KEY_ID'] = demoCaller.accessKeyId
process.env['AWS_SECRET_ACCESS_KEY'] = demoCaller.secretAccessKey
delete process.env['AWS_SESSION_TOKEN']
delete process.env['AWS_PROFILE']

const level = process.env['LOG_LEVEL'] ?? 'warn'
const demo = await startDemo({
  ports: demoPorts,
  logger: pino(loggerOptions(level), pino.destination(2)),
})

const line = ({ username, name, shows }: (typeof companyPeople)[number]) =>
  `  ${username.padEnd(8)} ${name.padEnd(20)} ${shows}\n`
process.stdout.write(
  `\nSekisho is at ${demo.url}\n\n` +
    `Sign in with Example SSO as\n${companyPeople.map(line).join('')}\n` +
    `or with the Partner directory as\n${partnerPeople.map(line).join('')}\n` +
    `Password for everybody: ${demoPassword}\n` +
    `The contractors' own portal: ${demo.url}/portal/acme\n\nCtrl+C ends the demo.\n`,
)

let isStopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isStopping) return
    isStopping = true
    void demo.stop().then(() => process.exit(0))
  })
}
