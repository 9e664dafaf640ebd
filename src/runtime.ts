/** How Node runs this program: set before the rest of it is loaded. */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { join } from 'node:path'

/**
 * Compiled code is kept from one start to the next, beside the packages and trusted like them;
 * `NODE_COMPILE_CACHE` names another folder. Where the folder cannot be written, nothing is kept.
 */
export function prepareRuntime(): void {
  enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'sekisho'))
}

/** For a process that runs until it is killed: what it has compiled would be lost with it. */
export function keepCompiledCode(): void {
  flushCompileCache()
}
