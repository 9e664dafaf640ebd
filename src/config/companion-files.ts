/** Reads what a config names beside itself: certificate, key, logo. */
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { CompanionFiles } from './compile-settings.ts'
import type { FindingLog } from './config-problem.ts'
import { whyUnreadable } from './interpolation.ts'
import type { FileConfig } from './schema.ts'

type ReadText = (path: string) => Promise<string>

export async function readCompanions(
  file: FileConfig,
  folder: string,
  readText: ReadText,
  log: FindingLog,
): Promise<CompanionFiles> {
  return {
    tls: await readTls(file, folder, readText, log),
    hasLogo: await hasLogo(file, folder, readText, log),
  }
}

async function readTls(
  { tls: own, listen }: FileConfig,
  folder: string,
  readText: ReadText,
  log: FindingLog,
): Promise<CompanionFiles['tls']> {
  const tls = own ?? listen.tls
  if (!tls) return null
  const place = own ? '/tls' : '/listen/tls'
  const read = async (name: 'cert' | 'key') => {
    // `${file:…}` gives the PEM text itself.
    if (tls[name].includes('-----BEGIN')) return tls[name]
    try {
      return await readText(resolve(folder, tls[name]))
    } catch (error) {
      log.problem(`${place}/${name}`, `cannot be read: ${whyUnreadable(error)}`)
      return null
    }
  }
  const [cert, key] = [await read('cert'), await read('key')]
  if (cert === null || key === null) return null
  if (isPair(cert, key)) return { cert, key }
  log.problem(`${place}/cert`, 'certificate and key are no PEM pair that belongs together')
  return null
}

function isPair(cert: string, key: string): boolean {
  try {
    createSecureContext({ cert, key })
    return true
  } catch {
    return false
  }
}

async function hasLogo(
  { branding }: FileConfig,
  folder: string,
  readText: ReadText,
  log: FindingLog,
): Promise<boolean> {
  if (branding.logo === undefined) return false
  try {
    await readText(resolve(folder, branding.logo))
    return true
  } catch (error) {
    const why = whyUnreadable(error)
    // A PNG is no text, and a logo all the same.
    if (why === unreadableAsText) return true
    log.warning('/branding/logo', `cannot be read: ${why}; Sekisho’s own mark is shown`)
    return false
  }
}

const unreadableAsText = 'it is not UTF-8'
