import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { configText, problemsOf, sessionKey, settingsOf } from './config-text.ts'

const secret = 'hunter2-swordfish'

function providerWith(clientSecret: string): string {
  return configText({
    identityProviders: `{ company: { issuer: "https://login.example.com", clientId: sekisho, clientSecret: ${clientSecret} } }`,
  })
}

describe('a reference in the config', () => {
  const secretOf = async (text: string, around: Parameters<typeof settingsOf>[1]) =>
    (await settingsOf(text, around)).identityProviders.get('company')?.clientSecret

  it('takes a variable of the environment, in the middle of a text too', async () => {
    const around = { environment: { SECRET: secret } }
    assert.equal(await secretOf(providerWith('"a-${SECRET}-b"'), around), `a-${secret}-b`)
  })

  it('takes a secret file without its last newline, beside the config or anywhere', async () => {
    const files = { '/etc/sekisho/secret.txt': `${secret}\n`, '/run/secrets/oidc': `${secret}\r\n` }
    assert.equal(await secretOf(providerWith('"${file:secret.txt}"'), { files }), secret)
    assert.equal(await secretOf(providerWith('"${file:/run/secrets/oidc}"'), { files }), secret)
  })

  it('is never looked for in what was filled in', async () => {
    const around = { environment: { SECRET: '${OTHER}', OTHER: 'x' } }
    assert.equal(await secretOf(providerWith('"${SECRET}"'), around), '${OTHER}')
  })

  it('is escaped by a second dollar sign', async () => {
    assert.equal(await secretOf(providerWith('"$${SECRET} and $5"'), {}), '${SECRET} and $5')
  })

  it('gives a port from the environment', async () => {
    const settings = await settingsOf(configText({ listen: '{ port: "${PORT}" }' }), {
      environment: { PORT: '9000' },
    })
    assert.equal(settings.server.listen.port, 9000)
  })

  it('is refused where the variable is empty, or comes from the prototype', async () => {
    const messages = [
      ...(await problemsOf(providerWith('"${EMPTY}"'), { environment: { EMPTY: '' } })),
      ...(await problemsOf(providerWith('"${toString}"'))),
    ].map(({ message }) => message)
    assert.deepEqual(messages, [
      'environment variable EMPTY is empty',
      'environment variable toString is not set',
    ])
  })
})

describe('a secret', () => {
  const around = { environment: { SECRET: secret }, files: { '/run/secret': secret } }
  const places: Readonly<Record<string, string>> = {
    publicUrl: '${SECRET}',
    store: '${SECRET}',
    logLevel: '${SECRET}',
    listen: '{ port: "${SECRET}" }',
    trustedProxies: '["${SECRET}"]',
    sessions: '{ keys: ["${SECRET}"], idle: "${SECRET}" }',
    identityProviders:
      '{ company: { issuer: "${SECRET}", clientId: a, clientSecret: b, groupsClaim: "/~${SECRET}", signingAlgorithms: ["${SECRET}"] } }',
    aws: '{ region: "${SECRET}", endpoints: { sts: "http://${SECRET}", console: "https://${SECRET}/{x}" } }',
    environments: '{ production: { colour: "${SECRET}" } }',
    accounts:
      '{ prod: { id: "${file:/run/secret}", environment: "${SECRET}", region: "${SECRET}", externalId: "%${SECRET}", destination: "${SECRET}" } }',
    permissionSets:
      '{ admin: { roleName: "/${SECRET}", consoleDuration: "${SECRET}", sessionTags: { a: "{${SECRET}}" }, transitiveTags: ["${SECRET}"], sessionPolicy: "${SECRET}", sessionPolicyArns: ["${SECRET}"] } }',
    assignments:
      '[{ providers: ["${SECRET}"], emails: ["${SECRET}"], users: ["${SECRET}:x"], accounts: ["${SECRET}", "x:${SECRET}"], permissionSets: ["${SECRET}"], from: "${SECRET}" }]',
    mail: '{ smtp: "${SECRET}", from: "${SECRET}" }',
    audit: '{ webhook: "${SECRET}" }',
    branding: '{ accent: "${SECRET}" }',
  }

  for (const [section, text] of Object.entries(places)) {
    it(`is never in a message about ${section}`, async () => {
      const problems = await problemsOf(configText({ [section]: text }), around)

      assert.ok(problems.length > 0)
      const leaking = problems.filter(({ message, path }) => (message + path).includes(secret))
      assert.deepEqual(leaking, [])
    })
  }

  it('is never in a message where it stands in the file itself', async () => {
    const inFile = [
      configText({ sessions: `{ keys: ["${secret}", "${sessionKey}" ] }` }),
      configText({ store: `mysql://root:${secret}@db` }),
      configText({ mail: `{ smtp: "http://root:${secret}@mail", from: a@example.com }` }),
      providerWith(`"${secret}" ${secret}`),
      providerWith(`"${secret}\\q"`),
    ]
    for (const text of inFile) {
      const problems = await problemsOf(text)
      assert.ok(problems.length > 0)
      assert.doesNotMatch(JSON.stringify(problems), new RegExp(secret))
    }
  })
})
