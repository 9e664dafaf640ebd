import { Problem } from '#domain/problem.ts'

/** What commands throw where the store fails them: which one, why, what to do. Else the error as it is. */
export function storeFailure(store: string, error: unknown): unknown {
  if (!isOfStore(error)) return error
  const reason = error.cause instanceof Error ? error.cause.message : 'no reason given'
  return new Error(
    `the store ${storeName(store)} cannot be used: ${reason}. ` +
      'Check `store` in the config, and that it can be reached from here',
  )
}

/** Without user, password and parameters. */
export function storeName(store: string): string {
  if (!URL.canParse(store)) return 'of the config'
  const { protocol, host, pathname } = new URL(store)
  return protocol === 'sqlite:' ? `sqlite:${pathname}` : `${protocol}//${host}${pathname}`
}

function isOfStore(error: unknown): error is Problem {
  return (
    error instanceof Problem &&
    (error.code === 'store-unavailable' || error.code === 'trail-unavailable')
  )
}
