import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { Problem } from '#domain/problem.ts'
import { StoreFailure } from './database.ts'

/** Rows are outside data. Throws `store-unavailable` where one is not as the migrations made it. */
export function rowsAs<Shape extends TSchema>(
  shape: Shape,
  rows: readonly unknown[],
): Static<Shape>[] {
  return rows.map((row) => rowAs(shape, row))
}

export function rowAs<Shape extends TSchema>(shape: Shape, row: unknown): Static<Shape> {
  if (Value.Check(shape, row)) return row
  throw new Problem('store-unavailable', {
    cause: new StoreFailure('a row does not have the shape of its table'),
  })
}
