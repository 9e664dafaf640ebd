import assert from 'node:assert/strict'
import { chromiumPath } from './chromium-binary.ts'

/** Runs once before all test files: what would otherwise fail in each of them, silently or late. */
export async function globalSetup(): Promise<void> {
  const major = Number(process.versions.node.split('.')[0])
  // Without optional dependencies npm falls back to the system's Node and says nothing.
  assert.ok(major >= 26, `Sekisho's tests need Node 26, this is ${process.version}. Run: npm ci`)
  await chromiumPath()
}

export function globalTeardown(): void {
  // The unpacked browser stays: it is a cache, named after its version.
}
