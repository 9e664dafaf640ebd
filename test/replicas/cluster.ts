/** Replicas behind one address, with one store, the demo's two OpenID providers and one AWS double. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openStorage } from '#adapters/storage/open-storage.ts'
import type { AwsDouble } from '#demo/aws-double.ts'
import { startDemoAws } from '#demo/demo-aws.ts'
import { anyPorts, demoConfigText, freeDemoPorts } from '#demo/demo-config.ts'
import { startDemoIdentityProviders } from '#demo/demo-identity-providers.ts'
import { demoPassword } from '#demo/demo-people.ts'
import { requireSettings } from '#demo/demo.ts'
import type { IdentityProvider } from '#demo/identity-provider.ts'
import type { AuditRecord } from '#domain/audit-event.ts'
import { createVisitor, type Answer, type Visitor } from '../support/cookie-jar.ts'
import { formIn } from '../support/html-form.ts'
import { startBalancer, type Balancer } from './balancer.ts'
import { runCommand, startReplica, type CommandRun, type Replica } from './replica-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

export interface Cluster {
  /** The address that visitors and providers know; `balancer` decides who answers. */
  readonly publicUrl: string
  readonly balancer: Balancer
  readonly configPath: string
  readonly company: IdentityProvider
  readonly aws: AwsDouble
  start(environment?: Readonly<Record<string, string>>): Promise<Replica>
  /** Changes the config that replicas started from now on read. */
  edit(change: (text: string) => string): Promise<void>
  visitor(): Visitor
  /** Signs in at the public address, with the company. */
  signedIn(username: string): Promise<Visitor>
  /** The whole trail, oldest first, read past all replicas. */
  trail(): Promise<AuditRecord[]>
  /** `audit verify`, the real command. */
  verifyTrail(): Promise<CommandRun>
}

/** `store` is a URL; default: SQLite in a folder that goes with the test. No replica runs yet. */
export async function startCluster(
  t: Pick<TestContext, 'after'>,
  options: { readonly store?: string; readonly edit?: (text: string) => string } = {},
): Promise<Cluster> {
  const folder = await temporaryFolder(t)
  const ports = await freeDemoPorts(anyPorts)
  const store = options.store ?? `sqlite:${join(folder, 'store.db')}`
  const configPath = join(folder, 'sekisho.yaml')
  const ownPorts = (text: string) =>
    text
      .replace(/^listen: .*$/m, 'listen: { host: 127.0.0.1, port: 0 }')
      .replace(/^metrics: .*$/m, 'metrics: false')
  let text = ownPorts(await demoConfigText(ports, store, new Date()))
  const edit = async (change: (text: string) => string) => {
    text = change(text)
    await writeFile(configPath, text)
  }
  await edit(options.edit ?? ((unchanged) => unchanged))

  const settings = await requireSettings(configPath)
  const { company, partners } = await startDemoIdentityProviders(settings)
  t.after(() => Promise.all([company.stop(), partners.stop()]))
  const aws = await startDemoAws(settings.policy, ports)
  t.after(() => aws.stop())
  const balancer = await startBalancer(t, ports.broker)
  const publicUrl = settings.server.publicUrl.origin
  const visitor = () => createVisitor(publicUrl)

  return {
    publicUrl,
    balancer,
    configPath,
    company,
    aws,
    start: (environment) => startReplica(t, configPath, environment),
    edit,
    visitor,
    async signedIn(username) {
      const person = visitor()
      await person.signIn('/sign-in/company', username, demoPassword)
      return person
    },
    async trail() {
      const storage = await openStorage(store, { clock: () => new Date() })
      try {
        return await Array.fromAsync(storage.trail.stream({}))
      } finally {
        await storage.close()
      }
    },
    verifyTrail: () => runCommand(['audit', 'verify', '--config', configPath]),
  }
}

/** By the form of the portal; gives the redirect to the provider. */
export async function signOut(visitor: Visitor): Promise<Answer> {
  const portal = await visitor.open('/')
  const fields = formIn(portal.body, ['_csrf'])?.fields ?? {}
  return visitor.open('/sign-out', { fields, from: portal.url, follow: false })
}
