/** Checks of the process itself: addresses, sessions, store, mail. */
import { isIP } from 'node:net'
import { readSpan } from '#domain/span.ts'
import { cidrProblem, originProblem, webAddressProblem } from './address-rules.ts'
import type { CheckContext } from './check-context.ts'
import { pointerTo } from './config-problem.ts'

export function checkServer(context: CheckContext): void {
  checkAddresses(context)
  checkProxies(context)
  checkSessions(context)
  checkDrain(context)
  checkStore(context)
  checkDeliveries(context)
}

function checkAddresses({ file, log }: CheckContext): void {
  const { publicUrl, listen, metrics } = file
  const problem = originProblem(publicUrl)
  if (problem !== null)
    log.problem('/publicUrl', `${log.quoted('/publicUrl', publicUrl)} ${problem}`)
  if (file.tls && listen.tls) log.problem('/tls', 'stands at /listen/tls too: keep one of them')

  checkPort(log, '/listen/port', listen.port)
  if (metrics === false) return
  checkPort(log, '/metrics/port', metrics.port ?? defaultMetrics.port)
  const { host, port } = { ...defaultMetrics, ...metrics }
  const isShared = Number(port) === Number(listen.port) && Number(port) !== 0
  if (isShared && (host === listen.host || isWildcard(host) || isWildcard(listen.host))) {
    log.problem('/metrics/port', 'is the public port too: metrics need a listener of their own')
  }
}

export const defaultMetrics = { host: '127.0.0.1', port: 9464 } as const

function checkPort(log: CheckContext['log'], pointer: string, port: number | string): void {
  if (Number(port) > 65_535) log.problem(pointer, 'must be at most 65535')
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function checkProxies({ file, log }: CheckContext): void {
  for (const [index, proxy] of file.trustedProxies.entries()) {
    const pointer = pointerTo('trustedProxies', index)
    const problem = cidrProblem(proxy)
    if (problem !== null) log.problem(pointer, `${problem}; found ${log.quoted(pointer, proxy)}`)
    else if (proxy.endsWith('/0'))
      log.warning(pointer, 'trusts everybody: anyone may claim an address')
  }
}

function checkSessions({ file, log, isSpoilt }: CheckContext): void {
  const { keys, idle, absolute } = file.sessions
  const seen = new Set<string>()
  for (const [index, key] of keys.entries()) {
    const pointer = pointerTo('sessions', 'keys', index)
    const folded = key.toLowerCase()
    if (new Set(folded).size === 1) {
      log.problem(pointer, 'is no random key: take what `openssl rand -hex 32` prints')
    }
    if (seen.has(folded)) log.warning(pointer, 'stands twice')
    seen.add(folded)
  }
  if (isSpoilt('/sessions/idle') || isSpoilt('/sessions/absolute')) return
  if ((readSpan(idle) ?? 0) > (readSpan(absolute) ?? Infinity)) {
    const message = `idle ${idle} is longer than absolute ${absolute}: a session would never be idle long enough`
    log.problem('/sessions/idle', message)
  }
}

/** Whoever waits for the process to end kills it before that. */
const longestDrainSeconds = 600

function checkDrain({ file, log }: CheckContext): void {
  if ((readSpan(file.drain) ?? 0) <= longestDrainSeconds) return
  log.problem('/drain', `must be at most 10m; found ${log.quoted('/drain', file.drain)}`)
}

/** The value is never shown: there may be a password in it. */
function checkStore({ file, log }: CheckContext): void {
  const { store } = file
  if (store === 'sqlite::memory:') log.warning('/store', 'nothing survives a restart')
  const isSqlite = /^sqlite:(?:\/\/\/|(?!\/\/))[^\0]+$/s.test(store)
  const isPostgres = /^postgres(?:ql)?:\/\//.test(store) && URL.canParse(store)
  if (isSqlite || isPostgres) return
  log.problem('/store', 'expected sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE')
}

function checkDeliveries({ file, log }: CheckContext): void {
  const { audit, mail } = file
  const problem = audit.webhook === undefined ? null : webAddressProblem(audit.webhook)
  if (problem !== null) log.problem('/audit/webhook', problem)
  if (!mail) return
  if (!isMailServer(mail.smtp)) {
    log.problem('/mail/smtp', 'expected smtps://USER:PASSWORD@HOST:465 or smtp://HOST:587')
  }
  if (!/[^\s@<]@[^\s@>]/.test(mail.from)) {
    log.problem(
      '/mail/from',
      `expected an e-mail address; found ${log.quoted('/mail/from', mail.from)}`,
    )
  }
}

function isMailServer(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return /^smtps?:$/.test(protocol) && (hostname !== '' || isIP(hostname) !== 0)
}
