/** What a whole file of tests shares: takes closings as a test's context does, and runs them at the end. */
export interface SharedResources {
  after(close: () => unknown): void
  /** Latest first. */
  close(): Promise<void>
}

export function sharedResources(): SharedResources {
  const closings: (() => unknown)[] = []
  return {
    after: (close) => void closings.push(close),
    async close() {
      for (const close of closings.toReversed()) await close()
    },
  }
}
