import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Type, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'
import { demoCaller } from '#demo/demo-aws.ts'
import { demoPorts } from '#demo/demo-config.ts'

const Health = Type.Object({ test: Type.Array(Type.String()) })

const Hardened = Type.Object({
  build: Type.Object({ context: Type.Literal('.'), target: Type.String() }),
  command: Type.Array(Type.String()),
  network_mode: Type.Literal('service:postgres'),
  read_only: Type.Literal(true),
  cap_drop: Type.Tuple([Type.Literal('ALL')]),
  security_opt: Type.Tuple([Type.Literal('no-new-privileges:true')]),
  volumes: Type.Array(Type.String()),
  environment: Type.Optional(Type.Record(Type.String(), Type.String())),
  healthcheck: Type.Optional(Health),
  depends_on: Type.Record(
    Type.String(),
    Type.Object({ condition: Type.Literal('service_healthy') }),
  ),
})

const Compose = Type.Object({
  services: Type.Object(
    {
      postgres: Type.Object({
        environment: Type.Record(Type.String(), Type.String()),
        security_opt: Type.Tuple([Type.Literal('no-new-privileges:true')]),
        ports: Type.Array(Type.String()),
        healthcheck: Health,
      }),
      'stand-ins': Hardened,
      broker: Hardened,
    },
    { additionalProperties: false },
  ),
  volumes: Type.Record(Type.String(), Type.Unknown()),
})

interface Instruction {
  readonly name: string
  readonly rest: string
}

interface Stage {
  readonly base: string
  readonly instructions: readonly Instruction[]
}

const compose = parsed(Compose, readFileSync('docker-compose.yml', 'utf8'))
const { postgres, 'stand-ins': standIns, broker } = compose.services
const stages = stagesOf(readFileSync('Dockerfile', 'utf8'))

describe('docker-compose.yml', () => {
  it('publishes on loopback only, and only what a browser asks for', () => {
    const { broker: portal, company, partners, signIn, console: awsConsole } = demoPorts
    assert.deepEqual(
      postgres.ports,
      [portal, company, partners, signIn, awsConsole].map((port) => `127.0.0.1:${port}:${port}`),
    )
  })

  it('checks the health of the broker where the demo lets it listen', () => {
    assert.equal(broker.environment?.['PORT'], String(demoPorts.broker))
    assert.match(argument('broker', 'HEALTHCHECK'), /port: process\.env\.PORT \?\? 8080/)
    assert.match(
      standIns.healthcheck?.test.join(' ') ?? '',
      new RegExp(`127\\.0\\.0\\.1:${demoPorts.company}/`),
    )
  })

  it('has the demo config listen as the stand-ins know it, else no port could be reached', () => {
    const standInsSource = readFileSync('src/demo/stand-ins.ts', 'utf8')
    const [, listen = ''] = /replace\('(listen: [^']+)'/.exec(standInsSource) ?? []
    assert.notEqual(listen, '')
    assert.ok(readFileSync('config/demo.yaml', 'utf8').includes(listen), listen)
  })

  it('gives the broker the credentials that the AWS double knows, and no others', () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...others } = broker.environment ?? {}
    assert.equal(AWS_ACCESS_KEY_ID, demoCaller.accessKeyId)
    assert.equal(AWS_SECRET_ACCESS_KEY, demoCaller.secretAccessKey)
    assert.deepEqual(Object.keys(others).sort(), ['DRAIN', 'PORT'])
  })

  it('points the broker to the database that PostgreSQL makes', () => {
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = postgres.environment
    assert.equal(
      optionOf(standIns.command, '--store'),
      `postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@127.0.0.1:5432/${POSTGRES_DB}`,
    )
  })

  it('lets the broker read the config that the stand-ins write, and not change it', () => {
    const config = optionOf(standIns.command, '--write')
    assert.equal(optionOf(broker.command, '--config'), config)
    assert.deepEqual([standIns.volumes, broker.volumes], [['demo:/demo'], ['demo:/demo:ro']])
    assert.match(config, /^\/demo\//)
    assert.ok(Object.hasOwn(compose.volumes, 'demo'))
  })

  it('starts each when what it needs answers', () => {
    assert.deepEqual(Object.keys(standIns.depends_on), ['postgres'])
    assert.deepEqual(Object.keys(broker.depends_on), ['stand-ins'])
    // By socket, the server that fills a new volume would count as ready, and then go away.
    assert.equal(optionOf(postgres.healthcheck.test, '-h'), '127.0.0.1')
  })

  it('builds stages that there are, and runs files that there are', () => {
    for (const { build, command } of [standIns, broker]) {
      assert.ok(stages.has(build.target), build.target)
      const program = command.find((word) => word.endsWith('.ts'))
      assert.ok(existsSync(program ?? ''), command.join(' '))
    }
  })
})

describe('the Dockerfile', () => {
  it('runs nothing as root: by number, as Kubernetes can judge it', () => {
    for (const target of ['demo', 'broker']) {
      assert.equal(argument(target, 'USER'), '1000:1000')
      assert.equal(stageNamed(target).instructions.at(-1)?.name, 'CMD')
    }
  })

  it('copies only what exists and reaches the builder', () => {
    const allowed = readFileSync('.dockerignore', 'utf8').split('\n')
    assert.ok(allowed.includes('*'))
    const sources = [...stages.values()].flatMap((stage) => copiedFromContext(stage))
    assert.ok(sources.length > 8)
    for (const source of sources) {
      assert.ok(existsSync(source), `${source} is not there`)
      assert.ok(allowed.includes(`!${source.replace('./', '')}`), `${source} is held back`)
    }
  })

  it('lets no config but the samples reach the builder, for others hold secrets', () => {
    const kept = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!config'))
    assert.deepEqual(kept.sort(), [
      '!config/demo.yaml',
      '!config/sekisho.example.yaml',
      '!config/sekisho.schema.json',
    ])
  })

  it('keeps the demo out of every layer of the broker', () => {
    const copiesOf = (stage: string) => {
      const { base, instructions } = stageNamed(stage)
      assert.equal(base, '${NODE_IMAGE}')
      const isCopy = ({ name }: Instruction) => name === 'COPY' || name === 'ADD'
      return instructions.filter(isCopy).map(({ rest }) => rest)
    }
    assert.deepEqual(copiesOf('broker'), ['--from=compiled /app ./'])
    assert.deepEqual(copiesOf('compiled'), [
      '--from=dependencies /app/node_modules ./node_modules',
      '--from=sources /app ./',
    ])
    assert.equal(stageNamed('sources').instructions.at(-1)?.rest, 'rm -r src/demo')
  })

  it('installs neither development dependencies nor a second Node', () => {
    const installs = [...stages.values()]
      .flatMap(({ instructions }) => instructions)
      .filter(({ name, rest }) => name === 'RUN' && /\bnpm (ci|install)\b/.test(rest))
    assert.equal(installs.length, 2)
    for (const { rest } of installs) {
      assert.match(rest, /npm (ci|install) --omit=dev --omit=optional --ignore-scripts /)
    }
  })

  it('gives each folder that is written to, to whoever writes in it', () => {
    assert.match(argument('demo', 'RUN', -1), /mkdir \/demo && chown 1000:1000 \/demo$/)
    assert.match(argument('broker', 'RUN', -1), /mkdir \/data && chown 1000:1000 \/data$/)
    assert.equal(argument('broker', 'VOLUME'), '/data')
  })

  it('brings compiled code that the process can read and not change', () => {
    assert.equal(argument('compiled', 'USER'), argument('broker', 'USER'))
    assert.match(argument('broker', 'ENV'), /NODE_COMPILE_CACHE=\/app\/\.compiled$/)
    assert.match(argument('compiled', 'RUN', -1), /^NODE_COMPILE_CACHE=\/app\/\.compiled node /)
  })

  it('has only instructions that builders without BuildKit know', () => {
    for (const { instructions } of stages.values()) {
      for (const { name, rest } of instructions) {
        assert.doesNotMatch(`${name} ${rest}`, /<<|--link|--mount|--exclude|--parents/)
      }
    }
  })
})

function parsed<Schema extends TSchema>(schema: Schema, text: string) {
  const value: unknown = parse(text)
  const [first] = Value.Errors(schema, value)
  assert.equal(first, undefined, `${first?.instancePath} ${first?.message}`)
  return Value.Parse(schema, value)
}

function optionOf(command: readonly string[], name: string): string {
  assert.ok(command.includes(name), `${name} is not in ${command.join(' ')}`)
  return command[command.indexOf(name) + 1] ?? ''
}

/** Stages by name, continued lines joined, comments left out. */
function stagesOf(text: string): ReadonlyMap<string, Stage> {
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const found = new Map<string, { base: string; instructions: Instruction[] }>()
  for (const line of lines) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    const [, base = '', stage = ''] = /^(\S+) AS (\S+)$/.exec(rest) ?? []
    if (name === 'FROM') found.set(stage, { base, instructions: [] })
    else [...found.values()].at(-1)?.instructions.push({ name, rest })
  }
  return found
}

function stageNamed(name: string): Stage {
  const stage = stages.get(name)
  assert.ok(stage, `no stage is called ${name}`)
  return stage
}

/** What stands behind the instruction; `index` as of `Array.at`, where there are several. */
function argument(stage: string, name: string, index = 0): string {
  const all = stageNamed(stage).instructions.filter((instruction) => instruction.name === name)
  return all.at(index)?.rest ?? ''
}

function copiedFromContext({ instructions }: Stage): string[] {
  return instructions
    .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from='))
    .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1))
}
