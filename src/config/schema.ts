/**
 * Shape of sekisho.yaml. Owns: keys, types, defaults, and the words of the published JSON Schema.
 * Leaves to others: whether names exist and values make sense (reference-problems.ts).
 */
import { Type, type Static } from 'typebox'
import { partitionNames } from '#domain/partition.ts'
import {
  accountId,
  flag,
  localised,
  mapOf,
  oneOf,
  perMinute,
  port,
  record,
  secret,
  span,
  spanOrNone,
  text,
  textList,
} from './field-schemas.ts'
import { accountList, assignment, denial, link, portal, who } from './rule-schemas.ts'

const listen = record(
  'Where the broker listens',
  {
    host: text('Address to bind', { default: '0.0.0.0' }),
    port: port('Port; 0 takes a free one', 8080),
    tls: Type.Optional(tls()),
  },
  { default: {} },
)

const sessions = record('Browser sessions of the broker', {
  keys: Type.Array(
    secret('One key', {
      pattern: '^[0-9A-Fa-f]{64}$',
      patternErrorMessage: '32 random bytes in hex, 64 digits (`openssl rand -hex 32`)',
    }),
    { minItems: 1, description: '32 random bytes in hex each, newest first: to rotate, prepend' },
  ),
  idle: span('Ends a session that nobody uses', '1h'),
  absolute: span('Ends a session whatever happens', '8h'),
  recheck: span('Oldest that group claims may be at an opening', '15m'),
  attempt: span('How long a sign-in may take', '10m'),
})

const limits = record(
  'Requests a minute, counted by each replica for itself; beyond them people see a page',
  {
    strangers: perMinute('By address (IPv6 by /64), for whoever is not signed in', 3_000),
    attempts: perMinute('By address: logout tokens and tries at guest passes', 120),
    openings: perMinute('By person', 300),
  },
  { default: {} },
)

const identityProvider = record('One OpenID provider', {
  name: Type.Optional(text('As people know it')),
  issuer: text('Its issuer, exactly as its discovery document says; https, or http on loopback'),
  clientId: text('Our client id there'),
  clientSecret: secret('Our client secret there: ${NAME} or ${file:/path}'),
  scopes: textList('Scopes to ask for; openid is a must', {
    minItems: 1,
    default: ['openid', 'profile', 'email'],
  }),
  groupsClaim: text('Claim with the groups, or a JSON pointer such as /realm_access/roles', {
    default: 'groups',
  }),
  claimsFrom: oneOf(['id_token', 'userinfo'], 'Where name, e-mail and groups stand', 'id_token'),
  clientAuthentication: oneOf(
    ['client_secret_basic', 'client_secret_post'],
    'How we authenticate at the token endpoint',
    'client_secret_basic',
  ),
  signingAlgorithms: textList('Algorithms its ID tokens may be signed with; asymmetric only', {
    minItems: 1,
    default: ['RS256'],
  }),
  authorizationParameters: Type.Optional(
    mapOf('texts', Type.String(), 'Sent along to its sign-in page, such as domain_hint'),
  ),
})

const aws = record(
  'How the broker reaches AWS; its credentials come from the default chain of the AWS SDK',
  {
    region: text('Home Region: STS, sign-in and console hosts', { default: 'us-east-1' }),
    failoverRegions: textList('Regions to try where the home Region fails', { default: [] }),
    consoleSessionDuration: oneOf(
      ['auto', 'always', 'never'],
      'Whether SessionDuration is sent to the federation endpoint; auto finds out',
      'auto',
    ),
    endpoints: record(
      'For doubles and private endpoints; "{region}" stands for the Region',
      {
        sts: Type.Optional(text('Instead of https://sts.REGION.amazonaws.com')),
        signIn: Type.Optional(text('Instead of https://REGION.signin.aws.amazon.com')),
        console: Type.Optional(text('Instead of https://REGION.console.aws.amazon.com')),
      },
      { default: {} },
    ),
    federationMethod: oneOf(
      ['POST', 'GET'],
      'GET writes credentials into a URL: only for partitions that take no POST',
      'POST',
    ),
  },
  { default: {} },
)

export const colours = {
  red: 'red',
  amber: 'amber',
  yellow: 'amber',
  orange: 'amber',
  green: 'green',
  violet: 'violet',
  purple: 'violet',
  blue: 'violet',
  grey: 'violet',
  gray: 'violet',
} as const

const colourNames = [
  'red',
  'amber',
  'yellow',
  'orange',
  'green',
  'violet',
  'purple',
  'blue',
  'grey',
  'gray',
] as const satisfies readonly (keyof typeof colours)[]

const environment = record('A kind of account', {
  name: Type.Optional(text('As shown')),
  colour: oneOf(colourNames, 'Edge of its tiles: red, amber, green or violet', 'violet'),
})

const account = record('An AWS account', {
  id: accountId('Twelve digits, in quotes'),
  name: Type.Optional(text('As shown')),
  environment: Type.Optional(text('One of environments')),
  tags: Type.Optional(mapOf('tags', Type.String(), 'For "tag:key=value" and for session tags')),
  partition: Type.Optional(oneOf(partitionNames, 'Else that of its Region, or of the home Region')),
  region: Type.Optional(text('Region its console opens in')),
  destination: Type.Optional(text('Console page to land on: a path or an https URL')),
  externalId: Type.Optional(
    text('sts:ExternalId that the roles of this account ask for', {
      pattern: '^[\\w+=,.@:/-]{2,1224}$',
      patternErrorMessage: '2 to 1224 letters, digits and + = , . @ : / - _',
    }),
  ),
  contact: Type.Optional(text('Whom to ask about this account')),
})

const permissionSet = record('A role that stands under the same name in many accounts', {
  name: Type.Optional(text('As shown')),
  description: Type.Optional(text('One line for the tile')),
  roleName: text('Path and name of the IAM role, such as sekisho/ViewOnlyAccess'),
  consoleDuration: span('Longest console session, 15m to 12h', '1h'),
  region: Type.Optional(text('Region its console opens in, before that of the account')),
  destination: Type.Optional(text('Console page to land on: a path or an https URL')),
  caution: Type.Optional(text('Marked on the tile and asked before opening')),
  sourceIdentity: flag('Whether the person is set as SourceIdentity'),
  sessionTags: Type.Optional(
    mapOf('texts', Type.String(), 'Session tags; values may name {account.tags.team} and the like'),
  ),
  transitiveTags: textList('Session tags that survive role chaining', { default: [] }),
  sessionPolicy: Type.Optional(
    Type.Union([Type.String(), Type.Object({}, { additionalProperties: true })], {
      description: 'Inline session policy: as YAML, or as JSON text',
    }),
  ),
  sessionPolicyArns: textList('Managed policies that narrow the session', { default: [] }),
  attribution: oneOf(
    ['strict', 'lenient'],
    'Where the trust policy refuses source identity or tags: fail, or open without them',
    'strict',
  ),
})

const guestPasses = record('Passes for people from outside, given by sponsors', {
  sponsors: record('Who may give passes', who),
  permissionSets: textList('Permission sets that passes may be for', { minItems: 1 }),
  accounts: textList(accountList, { minItems: 1 }),
  longest: span('Longest time from start to end of a pass', '14d'),
  linkAndPin: flag('Passes for people without an account anywhere'),
  terms: Type.Optional(localised('What guests agree to')),
})

const audit = record(
  'The audit trail',
  {
    readers: Type.Optional(record('Who may read the whole trail', who)),
    file: Type.Optional(text('A copy of each record as a line of JSON')),
    webhook: Type.Optional(secret('A copy of each record by POST')),
  },
  { default: {} },
)

const branding = record(
  'The look',
  {
    name: text('Instead of Sekisho', { default: 'Sekisho' }),
    logo: Type.Optional(text('An SVG or PNG file')),
    accent: Type.Optional(
      Type.String({
        pattern: '^#[0-9A-Fa-f]{6}$',
        patternErrorMessage: 'a colour such as "#28468c", in quotes',
        description: 'Colour of buttons and links',
      }),
    ),
    help: Type.Optional(text('Where people find help')),
    contact: Type.Optional(text('Whom people ask')),
  },
  { default: {} },
)

export const fileSchema = record(
  'Configuration of Sekisho, the identity broker for the AWS console',
  {
    publicUrl: text('The broker’s own origin as browsers see it'),
    listen,
    tls: Type.Optional(tls()),
    metrics: Type.Union(
      [
        Type.Literal(false),
        record('Where /metrics listens', {
          host: Type.Optional(text('Address to bind')),
          port: Type.Optional(port('Port; 0 takes a free one')),
        }),
      ],
      { description: 'Prometheus, on a listener of its own; false: none', default: {} },
    ),
    trustedProxies: textList('CIDRs whose X-Forwarded-For and X-Forwarded-Proto count', {
      default: [],
    }),
    store: secret('sqlite:FILE, relative to this file, or postgres://…', {
      default: 'sqlite:./data/sekisho.db',
    }),
    sessions,
    limits,
    drain: spanOrNone('How long visitors are served after SIGTERM, while /readyz says 503', '3s'),
    logLevel: oneOf(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'LOG_LEVEL of the environment overrides it',
      'info',
    ),
    identityProviders: mapOf(
      'words',
      identityProvider,
      'OpenID providers; the first is the company’s own',
    ),
    aws,
    environments: Type.Optional(mapOf('slugs', environment, 'Kinds of accounts')),
    accounts: mapOf('accounts', account, 'AWS accounts'),
    permissionSets: mapOf('slugs', permissionSet, 'Roles'),
    assignments: Type.Array(assignment, {
      description: 'Who may open what; the first match is the reason in the audit trail',
      default: [],
    }),
    denials: Type.Array(denial, { description: 'Stronger than any assignment', default: [] }),
    links: Type.Optional(mapOf('slugs', link, 'Named links')),
    portals: Type.Optional(mapOf('slugs', portal, 'Named portals')),
    guestPasses: Type.Optional(guestPasses),
    audit,
    operators: Type.Optional(record('Who sees what AWS’s refusals mean for the set-up', who)),
    announcement: Type.Optional(localised('Shown above every page')),
    branding,
    mail: Type.Optional(
      record('Sends invitations and reminders', {
        smtp: secret('smtps://user:password@host:465, or smtp://…'),
        from: text('Sender'),
      }),
    ),
  },
)

/** The file after interpolation, defaults filled in. */
export type FileConfig = Static<typeof fileSchema>

function tls() {
  return record('Our own certificate, where no proxy stands in front', {
    cert: text('PEM file with the certificate and its chain'),
    key: secret('PEM file with the private key'),
  })
}
