/** The config that route tests use: small enough to keep in mind. Sections can be replaced. */
export function policyText(replaced: Readonly<Record<string, string>> = {}): string {
  return Object.entries({ ...sections, ...replaced })
    .map(([name, text]) => (text === '' ? '' : `${name}: ${text}\n`))
    .join('')
}

const sections = {
  publicUrl: 'http://127.0.0.1:8080',
  listen: '{ host: 127.0.0.1, port: 0 }',
  metrics: 'false',
  store: 'sqlite:./test.db',
  sessions: `
  keys: ["8c1f0d5c9a7e43288c41f2d0b3e59674a1c8d7720e4f5b96837d21ac40f9e6b5"]
  idle: 1h
  absolute: 8h
  recheck: 15m`,
  identityProviders: `
  company: { name: Example SSO, issuer: "https://login.example.com", clientId: sekisho, clientSecret: secret }
  partners: { name: Partners, issuer: "https://login.acme.example", clientId: sekisho, clientSecret: secret }`,
  aws: '{ region: ap-northeast-1 }',
  environments: `
  production: { name: Production, colour: red }
  staging: { name: Staging, colour: amber }`,
  accounts: `
  prod: { id: "111122223333", name: Payments, environment: production, tags: { team: payments } }
  staging: { id: "111122224444", name: Payments, environment: staging, tags: { team: payments } }
  vault: { id: "111122225555", name: Secret vault, environment: production }`,
  permissionSets: `
  Admin: { name: Administrator, roleName: sekisho/Admin, consoleDuration: 1h, caution: Writes to everything. }
  Viewer: { name: Viewer, roleName: sekisho/Viewer, consoleDuration: 8h }`,
  assignments: `
  - { name: platform team, groups: [platform], accounts: ["*"], permissionSets: [Admin, Viewer] }
  - { name: payments developers, groups: [payments], accounts: [staging, prod], permissionSets: [Viewer] }
  - { name: migration contractors, providers: [partners], groups: [acme-migration], accounts: [staging], permissionSets: [Viewer], until: 2026-12-31 }`,
  links: `
  prod-logs: { account: prod, permissionSet: Viewer, to: "/cloudwatch/home#logsV2:log-groups", region: us-west-2 }`,
  portals: `
  acme: { title: Acme migration, provider: partners, accounts: [staging], message: Ask Ada }`,
  guestPasses: `
  sponsors: { groups: [platform] }
  permissionSets: [Viewer]
  accounts: [staging]
  longest: 14d
  linkAndPin: true`,
  audit: '{ readers: { groups: [security] } }',
  operators: '{ groups: [platform] }',
  branding: '{ contact: help@example.com }',
}
