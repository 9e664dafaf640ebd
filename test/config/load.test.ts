import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeProblems } from '#config/load.ts'
import {
  configText,
  loadText,
  problemsOf,
  sessionKey,
  settingsOf,
  warningsOf,
} from './config-text.ts'
import { designExample, exampleEnvironment, wholeExample } from './design-example.ts'

const example = { environment: exampleEnvironment, files: { '/etc/sekisho/logo.svg': '<svg/>' } }

describe('the config of the design', () => {
  it('is accepted', async () => {
    const settings = await settingsOf(wholeExample, example)

    assert.deepEqual([...settings.identityProviders.keys()], ['company', 'partners'])
    assert.deepEqual([...settings.policy.accounts.keys()], ['prod', 'staging'])
    assert.equal(settings.server.store, 'sqlite:/etc/sekisho/data/sekisho.db')
    assert.equal(settings.branding.logoFile, '/etc/sekisho/logo.svg')
    assert.equal(Buffer.from(settings.server.sessions.keys[0] ?? []).toString('hex'), sessionKey)
    assert.equal(settings.identityProviders.get('company')?.clientSecret, 'client secret')
    assert.deepEqual(
      settings.policy.permissionSets.get('viewer')?.sessionTags,
      new Map([['team', '{account.tags.team}']]),
    )
    assert.deepEqual(settings.links.get('prod-logs')?.target, {
      account: 'prod',
      permissionSet: 'viewer',
    })
  })

  it('lets a rule without providers speak of the first provider, and a denial of all', async () => {
    const { policy, operators } = await settingsOf(wholeExample, example)

    assert.deepEqual(operators?.providers, ['company'])
    assert.deepEqual([...policy.assignments.keys()], ['company', 'partners'])
    assert.deepEqual(
      [...(policy.assignments.get('partners')?.byGroup.keys() ?? [])],
      ['acme-migration'],
    )
    const [denial] = policy.denials.get('company')?.bySubject.get('u-1234') ?? []
    assert.deepEqual(denial?.rule.who.providers, ['company', 'partners'])
  })

  it('takes a bare date for its start, and an instant with its zone', async () => {
    const { policy } = await settingsOf(wholeExample, example)

    const [contractors] = policy.assignments.get('partners')?.byGroup.get('acme-migration') ?? []
    assert.equal(contractors?.rule.from?.toISOString(), '2026-12-01T00:00:00.000Z')
    assert.equal(contractors?.rule.until?.toISOString(), '2027-01-15T09:00:00.000Z')
  })

  it('warns of the selector that matches nothing, and of rules that speak of one provider', async () => {
    const warnings = await warningsOf(wholeExample, example)

    const messages = warnings.map(({ message }) => message)
    assert.ok(
      messages.some((message) => message.includes('"environment:sandbox" matches no account')),
    )
    assert.ok(messages.some((message) => message.includes('of "company" only')))
  })

  it('has nothing against it but the two names that the example leaves out', async () => {
    const problems = await problemsOf(designExample, example)

    const messages = new Set(problems.map(({ message }) => message))
    assert.deepEqual(
      [...messages],
      ['there is no identity provider "partners"', 'there is no account "staging"'],
    )
  })
})

describe('an account in a partition whose console nobody has named', () => {
  const inIso = {
    accounts: '{ prod: { id: "111122223333", partition: aws-iso } }',
    environments: '',
  }

  it('is warned of, since nothing can be opened in it', async () => {
    const [warning, ...more] = await warningsOf(configText(inIso))
    assert.equal(warning?.path, '/accounts/prod')
    assert.match(warning.message, /console of aws-iso: set aws\.endpoints\.console/)
    assert.deepEqual(more, [])
  })

  it('is nothing to speak of once the config names it', async () => {
    const aws = '{ endpoints: { console: "https://{region}.console.example" } }'
    assert.deepEqual(await warningsOf(configText({ ...inIso, aws })), [])
  })
})

describe('a config that says only what it must', () => {
  it('gets the defaults', async () => {
    const { server, aws, identityProviders, policy, ...rest } = await settingsOf(
      configText({ assignments: '', environments: '', accounts: '{}', permissionSets: '{}' }),
    )

    assert.deepEqual(server.listen, { host: '0.0.0.0', port: 8080 })
    assert.deepEqual(server.metrics, { host: '127.0.0.1', port: 9464 })
    const { keys: _, ...spans } = server.sessions
    assert.deepEqual(spans, {
      idleSeconds: 3600,
      absoluteSeconds: 28800,
      recheckSeconds: 900,
      attemptSeconds: 600,
    })
    assert.deepEqual(server.limits, {
      strangersPerMinute: 3000,
      attemptsPerMinute: 120,
      openingsPerMinute: 300,
    })
    assert.equal(server.drainSeconds, 3)
    assert.equal(server.store, 'sqlite:/etc/sekisho/data/sekisho.db')
    assert.deepEqual(aws, {
      region: 'us-east-1',
      failoverRegions: [],
      consoleSessionDuration: 'auto',
      endpoints: { sts: null, signIn: null, console: null },
      federationMethod: 'POST',
    })
    assert.deepEqual(identityProviders.get('company')?.scopes, ['openid', 'profile', 'email'])
    assert.equal(identityProviders.get('company')?.name, 'company')
    assert.equal(policy.accounts.size, 0)
    assert.equal(rest.guestPasses, null)
    assert.equal(rest.auditReaders, null)
    assert.equal(rest.operators, null)
    assert.equal(rest.mail, null)
  })
})

describe('what a config may say in more than one way', () => {
  it('finds an account by its id wherever it is named', async () => {
    const text = configText({
      assignments: '[{ groups: [a], accounts: ["111122223333", prod], permissionSets: [admin] }]',
      links: '{ logs: { account: "111122223333", permissionSet: admin } }',
    })
    const { policy, links } = await settingsOf(text)

    const [rule] = policy.assignments.get('company')?.byGroup.get('a') ?? []
    assert.deepEqual(rule?.rule.accounts, ['prod'])
    assert.equal(rule?.rule.name, 'assignment 1')
    assert.equal(links.get('logs')?.target.account, 'prod')
  })

  it('ends a rule with the day that a bare date names', async () => {
    const text = configText({
      assignments:
        '[{ groups: [a], accounts: [prod], permissionSets: [admin], from: 2026-12-01, until: 2026-12-01 }]',
    })
    const { policy } = await settingsOf(text)

    const [rule] = policy.assignments.get('company')?.byGroup.get('a') ?? []
    assert.equal(rule?.rule.until?.toISOString(), '2026-12-02T00:00:00.000Z')
  })

  it('takes a session policy as YAML or as JSON, and keeps it compact', async () => {
    const statement = '{ Effect: Allow, Action: "*", Resource: "*" }'
    const text = configText({
      permissionSets: `
  admin: { roleName: R, sessionPolicy: { Version: "2012-10-17", Statement: [${statement}] } }
  viewer: { roleName: R, sessionPolicy: '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] }' }`,
    })
    const { policy } = await settingsOf(text)

    const compact =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    assert.equal(policy.permissionSets.get('admin')?.sessionPolicy, compact)
    assert.equal(policy.permissionSets.get('viewer')?.sessionPolicy, compact)
  })

  it('takes texts of a portal for both languages, for each, and for one', async () => {
    const portals = `
  plain: { title: Acme, accounts: [staging] }
  each: { title: { en: Acme, ja: アクメ }, message: { en: Hello, ja: こんにちは }, accounts: [staging] }
  one: { title: { ja: アクメ }, message: { en: Hello }, accounts: [staging] }`
    const found = (await settingsOf(configText({ portals }))).portals
    const textsOf = (slug: string) => [found.get(slug)?.title, found.get(slug)?.message]
    assert.deepEqual(textsOf('plain'), [{ en: 'Acme', ja: 'Acme' }, null])
    assert.deepEqual(textsOf('each'), [
      { en: 'Acme', ja: 'アクメ' },
      { en: 'Hello', ja: 'こんにちは' },
    ])
    assert.deepEqual(textsOf('one'), [
      { en: 'アクメ', ja: 'アクメ' },
      { en: 'Hello', ja: 'Hello' },
    ])
  })

  it('takes colours by other names, one announcement for both languages, and no metrics', async () => {
    const text = configText({
      environments: '{ production: { colour: orange }, other: { colour: grey } }',
      announcement: 'Closed on Monday',
      metrics: 'false',
    })
    const settings = await settingsOf(text)

    assert.equal(settings.policy.accounts.get('prod')?.environment?.colour, 'amber')
    assert.deepEqual(settings.announcement, { en: 'Closed on Monday', ja: 'Closed on Monday' })
    assert.equal(settings.server.metrics, null)
  })

  it('folds e-mail addresses in ASCII only', async () => {
    const text = configText({
      assignments:
        '[{ emails: ["Ada@Example.COM", "\u212Aelvin@example.com"], accounts: [prod], permissionSets: [admin] }]',
    })
    const { policy } = await settingsOf(text)

    const emails = [...(policy.assignments.get('company')?.byEmail.keys() ?? [])]
    assert.deepEqual(emails, ['ada@example.com', '\u212Aelvin@example.com'])
  })

  it('lets LOG_LEVEL override the level, and says where it is wrong', async () => {
    const settings = await settingsOf(configText(), { environment: { LOG_LEVEL: 'debug' } })
    assert.equal(settings.server.logLevel, 'debug')

    const problems = await problemsOf(configText(), { environment: { LOG_LEVEL: 'loud' } })
    assert.match(problems[0]?.message ?? '', /expected one of trace.*LOG_LEVEL/)
  })

  it('takes a section with nothing in it for one that was left out', async () => {
    const settings = await settingsOf(
      configText({ denials: '', operators: '' }) + 'denials:\noperators:\n',
    )
    assert.equal(settings.operators, null)
  })

  it('puts the partition of an account where its Region is', async () => {
    const text = configText({
      accounts: '{ prod: { id: "111122223333", region: cn-north-1 } }',
    })
    const { policy } = await settingsOf(text)
    assert.equal(policy.accounts.get('prod')?.partition, 'aws-cn')
  })
})

describe('a config with several mistakes', () => {
  const text = configText({
    publicUrl: 'http://aws.example.com',
    colour: 'red',
    sessions: `{ keys: ["\${SESSION_KEY}"], idle: 9h }`,
    accounts: `
  prod: { id: 111122223333, name: Production }
  staging: { id: "111122224444", environment: nowhere }
  other: { id: "111122224444" }`,
    assignments: `
  - { groups: [platform], accounts: [prod], permissionSets: [nope] }
  - { groups: 7, accounts: [prod], permissionSets: [admin] }
  - { groups: [platform], accounts: [gone], permissionSets: [admin], until: soon }`,
  })

  it('is refused with all of them, in the order of the file', async () => {
    const problems = await problemsOf(text)

    assert.deepEqual(
      problems.map(({ path }) => path),
      [
        '/publicUrl',
        '/sessions/keys/0',
        '/sessions/idle',
        '/accounts/prod/id',
        '/accounts/staging/environment',
        '/accounts/other/id',
        '/assignments/0/permissionSets/0',
        '/assignments/1/groups',
        '/assignments/2/accounts/0',
        '/assignments/2/until',
        '/colour',
      ],
    )
  })

  it('is looked through even where a section is missing and a value has no shape', async () => {
    const problems = await problemsOf(
      configText({
        identityProviders: '',
        accounts: '{ prod: { id: 7 } }',
        assignments: '[{ groups: [a], accounts: [prod], permissionSets: [admin, nope] }]',
      }),
    )
    assert.deepEqual(problems.map(({ path }) => path).sort(), [
      '/accounts/prod/id',
      '/assignments/0/permissionSets/1',
      '/identityProviders',
    ])
  })

  it('is described by one line for each, with file, line, column and pointer', async () => {
    const lines = describeProblems('config/sekisho.yaml', await problemsOf(text)).split('\n')

    assert.equal(lines.length, 12)
    assert.equal(
      lines[0],
      'config/sekisho.yaml:1:12: /publicUrl: "http://aws.example.com" may be http on loopback only: use https',
    )
  })
})

describe('a config file that is no text of ours', () => {
  it('is refused where it is missing, empty, too large, or no UTF-8', async () => {
    const missing = await loadText(configText(), {})
    assert.equal(missing.outcome, 'loaded')

    const messages = await Promise.all(
      [
        '',
        '# only a comment\n',
        new Uint8Array([0xff, 0xfe, 0x00]),
        new Uint8Array(17 * 1024 * 1024),
      ].map(async (text) => (await problemsOf(text))[0]?.message),
    )
    assert.deepEqual(messages, [
      'the file is empty',
      'the file is empty',
      'the file cannot be read: it is not UTF-8',
      'the file cannot be read: it is too large',
    ])
  })
})
