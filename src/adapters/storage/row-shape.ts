import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/schema'
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
  if (hasShape(shape, row)) return row
  throw new Problem('store-unavailable', {
    cause: new StoreFailure('a row does not have the shape of its table'),
  })
}

/** A compiled check is many times as fast, and compiling takes a moment: at the first row. */
const checks = new WeakMap<TSchema, { Check(row: unknown): boolean }>()

function hasShape<Shape extends TSchema>(shape: Shape, row: unknown): row is Static<Shape> {
  let check = checks.get(shape)
  if (!check) {
    check = Compile(shape)
    checks.set(shape, check)
  }
  return check.Check(row)
}
