import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { fileURLToPath } from 'node:url'

/** Style, script and mark. They hold nothing of anybody, so they need no session and no page. */
export const staticFiles: FastifyPluginAsync = async (app) => {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain').send('not found\n'),
  )
  app.register(fastifyStatic, {
    root: fileURLToPath(new URL('../../public', import.meta.url)),
    index: false,
    dotfiles: 'deny',
    // The address carries the content's hash.
    immutable: true,
    maxAge: '365d',
  })
}
