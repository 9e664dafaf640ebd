import compress from '@fastify/compress'
import fp from 'fastify-plugin'
import { constants } from 'node:zlib'

/**
 * Pages repeat themselves, so they shrink to a fifteenth. What an attacker could make a page echo
 * teaches nothing of its secrets (BREACH): the form token is masked anew for each page.
 */
export const compression = fp(
  async (app) => {
    await app.register(compress, {
      encodings: ['br', 'gzip'],
      threshold: 1_024,
      // The default takes ten times as long for a fifth less; quality 4 half as long again for 5 %.
      brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } },
      zlibOptions: { level: 6 },
    })
  },
  { name: 'compression' },
)
