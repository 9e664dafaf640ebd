import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { noSubject } from '#domain/audit-event.ts'
import type { AuditEvent } from '#domain/audit-event.ts'
import { Problem } from '#domain/problem.ts'
import type { ProblemCode } from '#domain/problem.ts'
import type { Clock, Storage } from '#ports'

/** A database that the contracts are run on. */
export interface DatabaseUnderTest {
  readonly name: string
  /** The store URL of an empty database. */
  create(t: TestContext): Promise<string>
  /** Runs SQL past Sekisho and gives the rows of the last statement. */
  raw(url: string, ...statements: string[]): Promise<Record<string, unknown>[]>
  /** What somebody with the database's password would do first. */
  readonly removeTriggers: readonly string[]
}

export const noon = new Date('2026-11-25T12:00:00.000Z')

export const atNoon: Clock = () => noon

export function later(seconds: number): Date {
  return new Date(noon.getTime() + seconds * 1000)
}

export async function openOn(t: TestContext, url: string, clock = atNoon): Promise<Storage> {
  const storage = await openStorage(url, { clock })
  t.after(() => storage.close())
  return storage
}

/** Two storages on one database, as two replicas have them. */
export async function openTwice(
  t: TestContext,
  database: DatabaseUnderTest,
): Promise<[Storage, Storage]> {
  const url = await database.create(t)
  return [await openOn(t, url), await openOn(t, url)]
}

export function eventOf(name: string, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    ...noSubject,
    type: 'console.opening',
    actor: {
      kind: 'person',
      key: `company https://login.example ${name}`,
      name: `${name}@example.com`,
    },
    address: '192.0.2.1',
    requestId: `request-${name}`,
    ...more,
  }
}

/** For `assert.rejects`: a Problem of this code, whose cause says why in short. */
export function problemOf(code: ProblemCode): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Problem, `not a Problem: ${String(error)}`)
    assert.equal(error.code, code)
    assert.ok(error.cause instanceof Error)
    assert.equal(error.cause.name, 'StoreFailure')
    return true
  }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(items)
}

/** The same call many times at once, in turn on each of the storages. */
export function inParallel<T>(
  times: number,
  storages: readonly Storage[],
  call: (storage: Storage, index: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(
    Array.from({ length: times }, (_, index) => {
      const storage = storages[index % storages.length]
      assert.ok(storage)
      return call(storage, index)
    }),
  )
}

/** Quotes, comments, NUL, half a surrogate pair, an emoji, a line end. */
export const hostileText = `Zoë'; DROP TABLE audit_record; -- "\0\uD800 😀\n%_`
export const hostileTextStored = `Zoë'; DROP TABLE audit_record; -- "\uFFFD\uFFFD 😀\n%_`
