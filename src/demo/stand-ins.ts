/**
 * For docker-compose.yml: only what stands in for OpenID providers and AWS, and the demo's config
 * written to where the broker's container reads it.
 */
import { rename, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { demoConfigText, demoPorts } from './demo-config.ts'
import { startDemoAws } from './demo-aws.ts'
import { startDemoIdentityProviders } from './demo-identity-providers.ts'
import { requireSettings } from './demo.ts'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite:/data/sekisho.db' },
    write: { type: 'string', default: '/demo/sekisho.yaml' },
  },
})

const everywhere = '0.0.0.0'
const text = await demoConfigText(demoPorts, values.store, new Date())
const draft = `${values.write}.draft`
await writeFile(draft, text.replace('listen: { host: 127.0.0.1,', `listen: { host: ${everywhere},`))
const settings = await requireSettings(draft)
await rename(draft, values.write)

const { company, partners } = await startDemoIdentityProviders(settings, everywhere)
const aws = await startDemoAws(settings.policy, demoPorts, everywhere)
process.stdout.write(`OpenID providers and AWS double are up; config at ${values.write}\n`)

process.once('SIGTERM', () => {
  void Promise.all([company.stop(), partners.stop(), aws.stop()]).then(() => process.exit(0))
})
