import type { FastifyPluginAsync, FastifyTypeProvider, RawServerDefault } from 'fastify'
import { Type, type Static, type TSchema } from 'typebox'
import { slugPattern } from '#domain/return-target.ts'

/** Types of a route follow from its schemas. */
export interface TypeBoxProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  readonly serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown
}

export type Routes<Options extends object> = FastifyPluginAsync<
  Options,
  RawServerDefault,
  TypeBoxProvider
>

/** Path and query values arrive decoded: ASCII only, so that no look-alike or control character does. */
export const Slug = Type.String({ pattern: slugPattern })
/** A path of ours with its query, as it stands in `to`. */
export const LocalPath = Type.String({ maxLength: 4_000 })
