import { sessionKey } from './config-text.ts'
import type { Mistake } from './mistake.ts'

const keys = `keys: ["${sessionKey}"]`
const who = 'groups: [platform]'

export const mistakesOfShape: readonly Mistake[] = [
  ['an unknown section', '▸permissionsets', '{}', 'did you mean "permissionSets"?'],
  ['an unknown key', 'listen', '{ host: 0.0.0.0, ▸prot: 80 }', 'unknown key "prot"; did you mean'],
  ['a key nothing is like', 'aws', '{ ▸zzzzzz: 1 }', 'there are region, failoverRegions'],
  ['a missing id', 'accounts', '\n  ▸prod:\n    name: Production', '"id" is missing'],
  ['a missing section', 'identityProviders', '', '"identityProviders" is missing'],
  [
    'a number for a name',
    'accounts',
    '{ prod: { id: "111122223333", name: ▸7 } }',
    'quote it: "7"',
  ],
  ['a bare account id', 'accounts', '{ prod: { id: ▸111122223333 } }', 'quote it: "111122223333"'],
  ['an id with a zero', 'accounts', '{ prod: { id: ▸012345678901 } }', 'quote it: "012345678901"'],
  ['a short account id', 'accounts', '{ prod: { id: ▸"1111" } }', 'twelve digits in quotes'],
  ['a text for a list', 'trustedProxies', '▸10.0.0.0/8', 'expected a list, found a text'],
  ['a list for a map', '▸accounts', '[prod]', 'expected a map of keys, found a list'],
  [
    'a yes for true',
    'guestPasses',
    `{ sponsors: { ${who} }, permissionSets: [viewer], accounts: [prod], linkAndPin: ▸yes }`,
    'expected true or false',
  ],
  ['a number for a span', 'sessions', `{ ${keys}, idle: ▸60 }`, 'a span of time such as 30s'],
  ['a span in words', 'sessions', `{ ${keys}, idle: ▸1 hour }`, 'found "1 hour"'],
  ['a span of nothing', 'sessions', `{ ${keys}, idle: ▸0s }`, 'a span of time'],
  ['an unknown choice', 'logLevel', '▸inof', 'did you mean "info"?'],
  ['an unknown colour', 'environments', '{ production: { colour: ▸pink } }', 'expected one of red'],
  [
    'a list that is empty',
    'assignments',
    '[{ ▸groups: [], accounts: [prod], permissionSets: [admin] }]',
    'must not be empty',
  ],
  ['an empty text', 'publicUrl', '▸""', 'must not be empty'],
  ['metrics that are neither', 'metrics', '▸true', 'expected false or a map of keys'],
  ['an announcement of a number', 'announcement', '▸7', 'expected a text or a map of keys'],
  [
    'an announcement in French',
    'announcement',
    '{ ▸fr: Bonjour, en: Hello }',
    'unknown key "fr"; there are en, ja',
  ],
  [
    'a slug with a space',
    'links',
    '{ ▸"prod logs": { account: prod, permissionSet: admin } }',
    'is no legal name',
  ],
  [
    'an account named by an id',
    'accounts',
    '{ ▸"111122225555": { id: "111122225555" }, prod: { id: "111122223333" } }',
    'no account id',
  ],
  ['an accent in a bare hash', 'branding', '{ ▸accent: }', 'found nothing'],
]

export const mistakesOfSyntax: readonly Mistake[] = [
  [
    'a bracket that stays open',
    'trustedProxies',
    '[10.0.0.0/8\n▸store: sqlite:./x.db',
    'not valid YAML',
  ],
  ['an alias to nothing', 'publicUrl', '▸*origin', 'anchor'],
  ['an alias to what it stands in', 'announcement', '&a { en: ▸*a }', 'no finished anchor &a'],
  [
    'a tag of its own',
    'publicUrl',
    '▸!secret https://aws.example.com',
    'not valid YAML: Unresolved tag',
  ],
  ['a merge key', 'environments', '{ production: { ▸<<: { colour: red } } }', 'merge keys'],
  [
    'a variable that is not set',
    'publicUrl',
    '▸${PUBLIC_URL}',
    'environment variable PUBLIC_URL is not set',
  ],
  ['a variable with a default', 'publicUrl', '▸${PUBLIC_URL:-x}', 'unknown reference'],
  [
    'a secret file that is not there',
    'publicUrl',
    '▸${file:/run/none}',
    'secret file /run/none cannot be read: there is no such file',
  ],
  ['a reference without an end', 'publicUrl', '▸${PUBLIC_URL', 'without its "}"'],
]
