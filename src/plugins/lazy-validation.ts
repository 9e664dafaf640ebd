import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifySchema, FastifySchemaCompiler } from 'fastify'

/**
 * Checks of requests, each compiled when it is needed first: all of them together would be a
 * fifteenth of every start. Nothing is coerced, nothing taken away; the schemas are our own, and not
 * checked themselves.
 */
export function lazyValidation(): FastifySchemaCompiler<FastifySchema> {
  const ajv = new Ajv({
    useDefaults: true,
    addUsedSchema: false,
    meta: false,
    validateSchema: false,
    code: { optimize: false },
  })
  return ({ schema }) => {
    let compiled: ValidateFunction | null = null
    return (data) => {
      compiled ??= ajv.compile(schema)
      return compiled(data) ? true : { error: compiled.errors ?? [] }
    }
  }
}
