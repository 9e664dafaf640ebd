/** What a company puts in place of our own: accent colour and logo, from the running config. */
import type { FastifyPluginAsync } from 'fastify'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { Problem } from '#domain/problem.ts'
import type { RunningConfig } from '#ports'

export const accentPath = '/branding/accent.css'
export const logoPath = '/branding/logo'

const imageTypes: ReadonlyMap<string, string> = new Map([
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.webp', 'image/webp'],
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
])

/** They hold nothing of anybody, so strangers may see them. */
export const branding: FastifyPluginAsync<{ config: RunningConfig }> = async (app, { config }) => {
  app.get(accentPath, async (_request, reply) => {
    const { accent } = config.current().branding
    if (accent === null) throw new Problem('not-found')
    return reply
      .type('text/css; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .send(accentStyle(accent))
  })

  app.get(logoPath, async (_request, reply) => {
    const { logoFile } = config.current().branding
    const type = logoFile === null ? undefined : imageTypes.get(extname(logoFile).toLowerCase())
    if (logoFile === null || type === undefined) throw new Problem('not-found')
    const image = await readFile(logoFile).catch((cause: unknown) => {
      throw new Problem('not-found', { cause })
    })
    return reply.type(type).header('cache-control', 'public, max-age=3600').send(image)
  })
}

/**
 * The hue is the company's, the lightness ours: text on it and beside it keeps its contrast in both
 * themes (WCAG 2.2, 1.4.3). Anything but `#rrggbb` gives nothing.
 */
export function accentStyle(accent: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(accent)) return ''
  const light = `oklch(from ${accent} min(l, .46) min(c, .16) h)`
  const dark = `oklch(from ${accent} .82 min(c, .09) h)`
  return `:root{--ai:light-dark(${light},${dark})}\n`
}
