/** What the schema cannot say: names that stand for nothing, and values that make no sense. */
import { checkAws } from './aws-problems.ts'
import type { CheckContext } from './check-context.ts'
import { pointerTo } from './config-problem.ts'
import { checkPackedSizes } from './packed-size-problems.ts'
import { checkProviders } from './provider-problems.ts'
import { checkRules } from './rule-problems.ts'
import { checkServer } from './server-problems.ts'

/** Writes its findings to the log of the context. */
export function checkReferences(context: CheckContext): void {
  checkReservedNames(context)
  checkServer(context)
  checkProviders(context)
  checkAws(context)
  checkPackedSizes(context)
  checkRules(context)
}

const namedSections = [
  'identityProviders',
  'environments',
  'accounts',
  'permissionSets',
  'links',
  'portals',
] as const

/** Names that every JavaScript object answers to, such as `constructor`: a look-up would find them. */
function checkReservedNames({ file, log }: CheckContext): void {
  for (const section of namedSections) {
    for (const name of Object.keys(file[section] ?? {})) {
      if (!(name in Object.prototype)) continue
      log.problemWithKey(pointerTo(section, name), `"${name}" is a reserved name`)
    }
  }
}
