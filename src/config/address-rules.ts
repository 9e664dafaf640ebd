/** Which addresses the config may name: https anywhere, http on loopback only. */
import { isIP } from 'node:net'

/** What is wrong with an https URL, or an http one on loopback; null where nothing is. */
export function webAddressProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'is no URL'
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https URL'
  if (url.username !== '' || url.password !== '') return 'must hold no user name or password'
  if (url.protocol === 'http:' && !isLoopback(url)) return 'may be http on loopback only: use https'
  return null
}

/** An origin: scheme, host and port, and nothing behind them but one slash. */
export function originProblem(text: string): string | null {
  const problem = webAddressProblem(text)
  if (problem !== null) return problem
  const url = new URL(text)
  const isOrigin = url.pathname === '/' && !/[?#]/.test(text)
  return isOrigin ? null : 'must be an origin: no path, query or fragment'
}

/** `localhost` and names under it never leave the machine (RFC 6761, section 6.3). */
export function isLoopback({ hostname }: URL): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    (isIP(hostname) === 4 && hostname.startsWith('127.'))
  )
}

/** What is wrong with a CIDR; null where nothing is. */
export function cidrProblem(text: string): string | null {
  const [address = '', prefix, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || address.includes('%') || rest.length > 0) {
    return 'expected a CIDR such as 10.0.0.0/8'
  }
  const bits = family === 4 ? 32 : 128
  if (prefix === undefined) return `expected a CIDR: for this one address write ${address}/${bits}`
  const isLegal = /^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= bits
  return isLegal ? null : `expected a prefix length from 0 to ${bits} behind the slash`
}
