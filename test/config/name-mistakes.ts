import type { Mistake } from './mistake.ts'

const who = 'groups: [platform]'
const rule = 'groups: [platform], accounts: [prod], permissionSets: [admin]'

export const mistakesOfName: readonly Mistake[] = [
  [
    'an account that is none',
    'assignments',
    '[{ groups: [x], accounts: [▸prd], permissionSets: [admin] }]',
    'there is no account "prd"; did you mean "prod"?',
  ],
  [
    'a permission set that is none',
    'assignments',
    '[{ groups: [x], accounts: [prod], permissionSets: [▸root] }]',
    'there is no permission set "root"',
  ],
  [
    'a provider that is none',
    'assignments',
    `[{ providers: [▸acme], ${rule} }]`,
    'there is no identity provider "acme"',
  ],
  [
    'a user of a provider that is none',
    'denials',
    '[{ users: [▸"acme:u-1"] }]',
    'there is no identity provider',
  ],
  ['a user without a provider', 'denials', '[{ users: [▸u-1] }]', '"PROVIDER:SUBJECT"'],
  [
    'an environment that is none',
    'accounts',
    '{ prod: { id: "111122223333", environment: ▸producton } }',
    'did you mean "production"?',
  ],
  [
    'a link to no account',
    'links',
    '{ logs: { account: ▸nope, permissionSet: admin } }',
    'there is no account "nope"',
  ],
  [
    'a link to no permission set',
    'links',
    '{ logs: { account: prod, permissionSet: ▸nope } }',
    'there is no permission set "nope"',
  ],
  [
    'a portal of no provider',
    'portals',
    '{ acme: { title: A, provider: ▸acme } }',
    'there is no identity provider "acme"',
  ],
  [
    'a portal of no account',
    'portals',
    '{ acme: { title: A, accounts: [▸nope] } }',
    'there is no account "nope"',
  ],
  [
    'passes for no permission set',
    'guestPasses',
    `{ sponsors: { ${who} }, permissionSets: [▸nope], accounts: [prod] }`,
    'there is no permission set "nope"',
  ],
  [
    'passes for no account',
    'guestPasses',
    `{ sponsors: { ${who} }, permissionSets: [admin], accounts: [▸nope] }`,
    'there is no account "nope"',
  ],
  [
    'a selector of another kind',
    'assignments',
    '[{ groups: [x], accounts: [▸"ou:prod"], permissionSets: [admin] }]',
    'is no selector',
  ],
  [
    'a tag selector without a value',
    'assignments',
    '[{ groups: [x], accounts: [▸"tag:team"], permissionSets: [admin] }]',
    'is no selector',
  ],
  [
    'an account id twice',
    'accounts',
    '{ prod: { id: "111122223333" }, two: { id: ▸"111122223333" } }',
    'is the id of account "prod" already',
  ],
  [
    'a key twice',
    'environments',
    '{ production: { colour: red }, ▸production: { colour: green } }',
    'duplicate key "production"',
  ],
  [
    'a slug that objects answer to',
    'links',
    '{ ▸constructor: { account: prod, permissionSet: admin } }',
    'reserved name',
  ],
  [
    'a slug that is a prototype',
    'accounts',
    '{ ▸__proto__: { id: "111122225555" }, prod: { id: "111122223333" } }',
    'is no legal name',
  ],
  [
    'an assignment to nobody',
    'assignments',
    '[▸{ accounts: [prod], permissionSets: [admin] }]',
    'speaks of nobody',
  ],
  ['readers who are nobody', 'audit', '{ ▸readers: {} }', 'speaks of nobody'],
]
