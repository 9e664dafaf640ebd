import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const projectRoot = join(import.meta.dirname, '..', '..')

/**
 * The machine's fonts, and after them those in the package: where there is no font at all,
 * Chromium dies at the first form field. The package's own file names folders of AWS Lambda.
 */
const fontsFile = 'sekisho-fonts.conf'
const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
</fontconfig>
`

/**
 * The path of a Chromium that can be launched: `CHROMIUM_PATH`, or else the one that came with
 * `npm ci`, unpacked into `node_modules/.cache` on first use (about two seconds).
 *
 * Several processes may call this at once: each unpacks under a name of its own, and the first
 * to rename wins. Two processes writing one file would end in ETXTBSY.
 */
export async function chromiumPath(): Promise<string> {
  const chosen = process.env['CHROMIUM_PATH']
  if (chosen) return chosen

  // The version is in the folder's name, since the package returns whatever was unpacked before.
  const folder = join(projectRoot, 'node_modules', '.cache', `chromium-${await packagedVersion()}`)
  const binary = join(folder, 'chromium')
  if (!existsSync(binary)) await unpackInto(folder)
  return binary
}

/** What names the fonts for an unpacked Chromium; nothing for one chosen by `CHROMIUM_PATH`. */
export function fontSettings(binary: string): { FONTCONFIG_FILE?: string } {
  const file = join(dirname(binary), fontsFile)
  return existsSync(file) ? { FONTCONFIG_FILE: file } : {}
}

async function packagedVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const manifest: unknown = JSON.parse(
    await readFile(join(dirname(entry), '..', 'package.json'), 'utf8'),
  )
  return (manifest as { version: string }).version
}

async function unpackInto(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const scratch = await mkdtemp(`${folder}-unpacking-`)
  try {
    // A process of its own, because the package takes its target from TMPDIR and nowhere else.
    await run(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import chromium from '@sparticuz/chromium'; await chromium.executablePath()`,
      ],
      { cwd: projectRoot, env: { ...process.env, TMPDIR: scratch } },
    )
    await writeFile(join(scratch, fontsFile), fonts)
    await rename(scratch, folder)
  } catch (error) {
    if (!existsSync(join(folder, 'chromium'))) throw error
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
