import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { fileURLToPath } from 'node:url'

/** Style, script and mark. They hold nothing of anybody, so they need no session. */
export const staticFiles: FastifyPluginAsync = async (app) => {
  app.register(fastifyStatic, {
    root: fileURLToPath(new URL('../../public', import.meta.url)),
    prefix: '/static/',
    index: false,
    dotfiles: 'deny',
    cacheControl: true,
    maxAge: '1h',
  })
}
