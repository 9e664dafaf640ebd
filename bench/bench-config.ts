/** Configs of any size for a broker under measurement. */
import type { DemoPorts } from '#demo/demo-config.ts'

export interface ConfigSize {
  readonly accounts: number
  readonly permissionSets: number
  /** Beside the one that gives `everybody` every role. */
  readonly assignments?: number
  /** Groups that the assignments name in turn. */
  readonly groups?: number
}

export const sessionKey = '6b1f0d5c9a7e43288c41f2d0b3e59674a1c8d7720e4f5b96837d21ac40f9e6b5'
export const everybody = 'everybody'
export const accountSlug = (index: number) => `team-${String(index + 1).padStart(4, '0')}`
export const accountId = (index: number) => String(111_100_000_000 + index)
export const setSlug = (index: number) => `Role${String(index + 1).padStart(3, '0')}`
export const groupName = (index: number) => `group-${String(index + 1).padStart(4, '0')}`

const environments = ['production', 'staging', 'sandbox']
const kinds = ['Payments', 'Storefront', 'Data lake', 'Warehouse', 'Search', 'Billing', 'Fleet']

export function configText(ports: DemoPorts, store: string, size: ConfigSize): string {
  const list = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('')
  const { accounts, permissionSets, assignments = 0, groups = 1 } = size
  return `publicUrl: http://127.0.0.1:${ports.broker}
listen: { host: 127.0.0.1, port: ${ports.broker} }
metrics: false
store: ${store}
sessions: { keys: ["${sessionKey}"], idle: 8h, absolute: 8h, recheck: 8h }
identityProviders:
  company:
    name: Example SSO
    issuer: http://127.0.0.1:${ports.company}
    clientId: sekisho
    clientSecret: bench-secret
aws:
  region: ap-northeast-1
  endpoints:
    sts: http://127.0.0.1:${ports.sts}/{region}
    signIn: http://127.0.0.1:${ports.signIn}/{region}
    console: http://127.0.0.1:${ports.console}/{region}
environments:
  production: { name: Production, colour: red }
  staging: { name: Staging, colour: amber }
  sandbox: { name: Sandbox, colour: green }
accounts:
${list(accounts, (index) => {
  const kind = `${kinds[index % kinds.length]} ${Math.floor(index / kinds.length) + 1}`
  return `  ${accountSlug(index)}: { id: "${accountId(index)}", name: ${kind}, environment: ${environments[index % 3]}, tags: { team: t${index % 50} } }\n`
})}permissionSets:
${list(permissionSets, (index) => `  ${setSlug(index)}: { name: Role ${index + 1}, description: What role ${index + 1} is for, roleName: sekisho/${setSlug(index)}, consoleDuration: 1h }\n`)}assignments:
  - { name: everybody, groups: [${everybody}], accounts: ["*"], permissionSets: [${list(permissionSets, (index) => (index === 0 ? setSlug(0) : `, ${setSlug(index)}`))}] }
${list(
  assignments,
  (index) =>
    `  - { name: rule ${index + 1}, groups: [${groupName(index % groups)}], accounts: [${accountSlug((index * 7) % accounts)}], permissionSets: [${setSlug((index * 3) % permissionSets)}] }\n`,
)}audit: { readers: { groups: [${everybody}] } }
branding: { name: Sekisho }
`
}
