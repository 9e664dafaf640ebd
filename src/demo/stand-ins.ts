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

// Before all else, for nothing ends the first process of a container that does not ask for it.
// There is nothing to close: the stand-ins keep everything in memory.
process.once('SIGTERM', () => process.exit(0))

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

await startDemoIdentityProviders(settings, everywhere)
await startDemoAws(settings.policy, demoPorts, everywhere)
process.stdout.write(`OpenID providers and AWS double are up; config at ${values.write}\n`)
