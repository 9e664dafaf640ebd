import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { demoCaller } from '#demo/demo-aws.ts'
import { demoPassword } from '#demo/demo-people.ts'
import { createVisitor } from '../support/cookie-jar.ts'
import { startTestDemo } from '../support/demo.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

const environment = {
  PATH: process.env['PATH'],
  AWS_ACCESS_KEY_ID: demoCaller.accessKeyId,
  AWS_SECRET_ACCESS_KEY: demoCaller.secretAccessKey,
}

/** The command as an operator runs it: a process of its own. */
function run(...parameters: string[]): Promise<Ended> {
  return runWith(environment, ...parameters)
}

function runWith(env: NodeJS.ProcessEnv, ...parameters: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['src/main.ts', ...parameters], { env }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, out, err })
    })
  })
}

/** The demo's config with another store. */
async function configWith(t: TestContext, store: string): Promise<string> {
  const path = join(await temporaryFolder(t), 'sekisho.yaml')
  const text = await readFile('config/demo.yaml', 'utf8')
  await writeFile(path, text.replace(/^store: .*$/m, `store: ${store}`))
  return path
}

const demoConfig = ['--config', 'config/demo.yaml']

describe('the command line', () => {
  it('says how to use it, and exits with 2, where the command is none', async () => {
    const { code, err, out } = await run('fly')
    assert.equal(code, 2)
    assert.match(err, /usage:/)
    assert.equal(out, '')
  })

  it('names the file that it cannot read', async () => {
    const { code, err } = await run('check', '--config', '/nowhere/sekisho.yaml')
    assert.equal(code, 1)
    assert.match(err, /\/nowhere\/sekisho\.yaml/)
  })
})

describe('check', () => {
  it('finds the demo’s config sound, without a word on stderr', async () => {
    const { code, out, err } = await run('check', ...demoConfig)
    assert.equal(code, 0)
    assert.match(out, /14 accounts/)
    assert.equal(err, '')
  })

  it('lists all problems at once, each with line and column', async (t) => {
    const path = join(await temporaryFolder(t), 'bad.yaml')
    await writeFile(
      path,
      'publicUrl: http://example.com\nlisten: { port: many }\naccounts: { prod: { id: 1 } }\n',
    )
    const { code, err } = await run('check', '--config', path)
    assert.equal(code, 1)
    const places = err
      .trim()
      .split('\n')
      .map((line) => /:([0-9]+):[0-9]+: /.exec(line)?.[1])
    assert.ok(places.length >= 4, err)
    assert.ok(
      places.every((place) => place !== undefined),
      err,
    )
  })
})

describe('explain', () => {
  it('names the assignment that grants a role', async () => {
    const { code, out } = await run(
      'explain',
      'company:u-bob',
      'payments-prod/ReadOnly',
      '--groups',
      'payments',
      ...demoConfig,
    )
    assert.equal(code, 0)
    assert.match(out, /granted by assignment "payments developers"/)
  })

  it('names what would grant a role that somebody has not', async () => {
    const { out } = await run(
      'explain',
      'company:u-bob',
      'payments-prod/Administrator',
      '--groups',
      'payments',
      ...demoConfig,
    )
    assert.match(out, /denied/)
    assert.match(out, /"platform team" to group platform/)
  })

  it('says so where somebody holds no role, rather than nothing', async () => {
    const { code, out } = await run('explain', 'company:u-nobody', ...demoConfig)
    assert.equal(code, 0)
    assert.match(out, /in no group\n {2}holds no role now\n$/)
  })

  it('names the denial that is stronger', async () => {
    const { out } = await run(
      'explain',
      'company:u-d',
      'sandbox-bob/Auditor',
      '--groups',
      'security',
      ...demoConfig,
    )
    assert.match(out, /denied by denial "auditors stay out of the benches"/)
  })

  it('lists what ends soon', async (t) => {
    const demo = await startTestDemo(t)
    const { out } = await run('explain', '--ending', '30d', '--config', demo.configPath)
    assert.match(out, /migration contractors/)
  })
})

describe('url', () => {
  it('prints a sign-in URL that opens the console, and nothing else on stdout', async (t) => {
    const demo = await startTestDemo(t)
    const { code, out } = await run(
      'url',
      'payments-prod/Administrator',
      '--config',
      demo.configPath,
    )
    assert.equal(code, 0)
    assert.match(out, /^http:\/\/127\.0\.0\.1:\S+\n$/)
    const login = await createVisitor(demo.url).open(out.trim(), { follow: false })
    assert.equal(login.status, 302)
    assert.ok(String(login.headers.location).startsWith(demo.aws.consoleUrl))
    assert.equal(
      demo.aws.sessions.at(-1)?.roleArn,
      'arn:aws:iam::111122220101:role/sekisho/AdministratorAccess',
    )
  })

  it('says what AWS refused, on stderr, with exit code 1', async (t) => {
    const demo = await startTestDemo(t)
    const { code, out, err } = await run('url', 'network/NetworkAdmin', '--config', demo.configPath)
    assert.equal(code, 1)
    assert.equal(out, '')
    assert.match(err, /assume-role-refused: AWS does not say why\. Check in this order/)
    assert.match(err, /AWS said: User: .* sts:AssumeRole/)
    assert.match(err, /role: arn:aws:iam::\d{12}:role\/sekisho\/NetworkAdmin\n/)
    assert.ok(err.includes(`called as: ${demoCaller.arn}\n`))
  })

  it('says that AWS cannot be reached, and by which finding, with exit code 1', async (t) => {
    const demo = await startTestDemo(t)
    await demo.aws.stop()
    const { code, out, err } = await run('url', 'build/ReadOnly', '--config', demo.configPath)
    assert.equal(code, 1)
    assert.equal(out, '')
    assert.match(err, /aws-unavailable: unreachable: AWS could not be reached/)
  })
})

describe('iam', () => {
  for (const [format, start] of [
    ['json', /^\{/],
    ['cloudformation', /AWSTemplateFormatVersion/],
    ['terraform', /resource "aws_iam_role"/],
  ] as const) {
    it(`prints ${format} for an account, with the broker's own ARN`, async (t) => {
      const demo = await startTestDemo(t)
      const { code, out } = await run(
        'iam',
        '--format',
        format,
        'payments-prod',
        '--config',
        demo.configPath,
      )
      assert.equal(code, 0)
      assert.match(out, start)
      assert.ok(out.includes(demoCaller.arn))
      assert.ok(
        out.includes('sekisho-payments-prod-7f3a'),
        'the external id is in the trust policy',
      )
    })
  }
})

describe('iam without credentials', () => {
  it('says once that they are missing, and leaves a place for the ARN', async (t) => {
    const env = {
      PATH: process.env['PATH'],
      HOME: await temporaryFolder(t),
      AWS_EC2_METADATA_DISABLED: 'true',
    }
    const { code, out, err } = await runWith(env, 'iam', 'build', ...demoConfig)
    assert.equal(code, 0)
    assert.match(out, /arn:aws:iam::BROKER_ACCOUNT:role/)
    assert.equal(err.match(/broker-credentials-missing/g)?.length, 1, err)
  })
})

describe('audit verify', () => {
  it('finds the trail of a day intact, while the broker runs', async (t) => {
    const demo = await startTestDemo(t)
    const visitor = createVisitor(demo.url)
    await visitor.signIn(`${demo.url}/sign-in/company?to=/`, 'alice', demoPassword)
    await visitor.open('/go/build/ReadOnly')
    const { code, out } = await run('audit', 'verify', '--config', demo.configPath)
    assert.equal(code, 0)
    assert.match(out, /^intact: 4 records/)
  })

  it('names the database that does not answer, without its password, and what to do', async (t) => {
    const config = await configWith(t, 'postgres://sekisho:s3cret-word@127.0.0.1:1/trail?x=y')
    const { code, out, err } = await run('audit', 'verify', '--config', config)
    assert.equal(code, 1)
    assert.equal(out, '')
    assert.match(
      err,
      /the store postgres:\/\/127\.0\.0\.1:1\/trail cannot be used: .*ECONNREFUSED.*Check `store` in the config/,
    )
    assert.doesNotMatch(err, /s3cret-word/)
  })

  it('says where a file is no database', async (t) => {
    const path = join(await temporaryFolder(t), 'store.db')
    await writeFile(path, 'not a database, whatever it is called: '.repeat(100))
    const { code, err } = await run(
      'audit',
      'verify',
      '--config',
      await configWith(t, `sqlite:${path}`),
    )
    assert.equal(code, 1)
    assert.match(err, /the store sqlite:.*store\.db cannot be used: .*not a database/)
  })

  it('does not take a file that is not there for an intact trail, and makes none', async (t) => {
    const path = join(await temporaryFolder(t), 'gone.db')
    const config = await configWith(t, `sqlite:${path}`)
    const { code, out, err } = await run('audit', 'verify', '--config', config)
    assert.equal(code, 1)
    assert.equal(out, '')
    assert.match(err, /there is no file sqlite:.*gone\.db/)
    assert.equal(existsSync(path), false)
  })
})
