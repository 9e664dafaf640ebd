/** Checks of everything that names people, accounts and permission sets. */
import { checkDestination, checkRegion } from './aws-problems.ts'
import {
  checkName,
  findFileAccount,
  partitionOfAccount,
  type CheckContext,
} from './check-context.ts'
import { pointerTo } from './config-problem.ts'
import { readInstant } from './instant.ts'
import type { FileRule, FileWho } from './rule-schemas.ts'
import { selectorsIn } from './account-selectors.ts'

export function checkRules(context: CheckContext): void {
  const { file } = context
  const selectors = selectorsIn(file)
  checkAssignments(context, selectors)
  checkDenials(context, selectors)
  checkPassesAndReaders(context, selectors)
  for (const [name, portal] of Object.entries(file.portals ?? {})) {
    const place = pointerTo('portals', name)
    if (portal.provider !== undefined) {
      checkName(context, 'identityProviders', portal.provider, `${place}/provider`)
    }
    checkSelectors(context, `${place}/accounts`, portal.accounts, selectors)
  }
  checkLinks(context)
}

function checkAssignments(context: CheckContext, selectors: ReadonlySet<string>): void {
  for (const [index, assignment] of context.file.assignments.entries()) {
    const place = pointerTo('assignments', index)
    if (namesNobody(context, place, assignment) && assignment.providers === undefined) {
      const message =
        'speaks of nobody: name groups, users or emails; or providers, for all of their people'
      context.log.problemWithKey(place, message)
    }
    checkRule(context, place, assignment, selectors)
    checkProvidersNamed(context, place, assignment)
  }
  checkRuleNames(context, 'assignments')
}

function checkDenials(context: CheckContext, selectors: ReadonlySet<string>): void {
  for (const [index, denial] of context.file.denials.entries()) {
    const place = pointerTo('denials', index)
    checkRule(context, place, denial, selectors)
    const { providers, accounts, permissionSets } = denial
    if (namesNobody(context, place, denial) && !providers && !accounts && !permissionSets) {
      context.log.warning(place, 'denies everything to everybody')
    }
  }
  checkRuleNames(context, 'denials')
}

/** The name is the reason in the audit trail. */
function checkRuleNames({ file, log }: CheckContext, section: 'assignments' | 'denials'): void {
  const first = new Map<string, number>()
  for (const [index, { name }] of file[section].entries()) {
    if (name === undefined) continue
    const other = first.get(name)
    if (other === undefined) first.set(name, index)
    else
      log.warning(pointerTo(section, index, 'name'), `duplicate name: rule ${other + 1} has it too`)
  }
}

function checkRule(
  context: CheckContext,
  place: string,
  rule: FileRule,
  selectors: ReadonlySet<string>,
): void {
  checkWho(context, place, rule)
  checkSelectors(context, `${place}/accounts`, rule.accounts ?? [], selectors)
  checkPermissionSets(context, `${place}/permissionSets`, rule.permissionSets ?? [])
  const from = instantAt(context, `${place}/from`, rule.from, 'start')
  const until = instantAt(context, `${place}/until`, rule.until, 'end')
  if (from !== null && until !== null && from >= until) {
    context.log.problem(`${place}/until`, 'is not after "from": the rule would never hold')
  }
}

function instantAt(
  { log }: CheckContext,
  pointer: string,
  text: string | undefined,
  bareDate: 'start' | 'end',
): Date | null {
  if (text === undefined) return null
  const reading = readInstant(text, bareDate)
  if ('instant' in reading) return reading.instant
  log.problem(pointer, `${log.quoted(pointer, text)}: ${reading.problem}`)
  return null
}

function checkPassesAndReaders(context: CheckContext, selectors: ReadonlySet<string>): void {
  const { guestPasses, audit, operators } = context.file
  if (guestPasses) {
    checkPeople(context, '/guestPasses/sponsors', guestPasses.sponsors)
    checkPermissionSets(context, '/guestPasses/permissionSets', guestPasses.permissionSets)
    checkSelectors(context, '/guestPasses/accounts', guestPasses.accounts, selectors)
  }
  if (audit.readers) checkPeople(context, '/audit/readers', audit.readers)
  if (operators) checkPeople(context, '/operators', operators)
}

/** Nobody named would mean everybody. */
function checkPeople(context: CheckContext, place: string, who: FileWho): void {
  if (namesNobody(context, place, who)) {
    context.log.problemWithKey(place, 'speaks of nobody: name groups, users or emails')
  }
  checkWho(context, place, who)
  checkProvidersNamed(context, place, who)
}

function namesNobody({ isSpoilt }: CheckContext, place: string, who: FileWho): boolean {
  const lists = { groups: who.groups, emails: who.emails, users: who.users }
  return Object.entries(lists).every(
    ([key, list]) => list === undefined && !isSpoilt(`${place}/${key}`),
  )
}

function checkWho(context: CheckContext, place: string, who: FileWho): void {
  for (const [index, provider] of (who.providers ?? []).entries()) {
    checkName(context, 'identityProviders', provider, `${place}/providers/${index}`)
  }
  for (const [index, user] of (who.users ?? []).entries()) {
    const provider = user.slice(0, user.indexOf(':'))
    checkName(context, 'identityProviders', provider, `${place}/users/${index}`)
  }
  const lists = {
    providers: who.providers,
    groups: who.groups,
    users: who.users,
    emails: who.emails,
  }
  for (const [key, list] of Object.entries(lists))
    warnOfTwins(context, `${place}/${key}`, list ?? [])
}

/** A partner's directory must not name its group as ours, so such a rule is the first one's only. */
function checkProvidersNamed({ file, log }: CheckContext, place: string, who: FileWho): void {
  const [first, ...others] = Object.keys(file.identityProviders)
  if (first === undefined || others.length === 0 || who.providers !== undefined) return
  if (who.groups === undefined && who.emails === undefined) return
  log.warning(
    place,
    `speaks of people of "${first}" only, the first identity provider; say so with providers: [${first}]`,
  )
}

function checkPermissionSets(context: CheckContext, place: string, list: readonly string[]): void {
  for (const [index, slug] of list.entries()) {
    checkName(context, 'permissionSets', slug, `${place}/${index}`)
  }
  warnOfTwins(context, place, list)
}

function checkSelectors(
  context: CheckContext,
  place: string,
  list: readonly string[],
  selectors: ReadonlySet<string>,
): void {
  for (const [index, selector] of list.entries()) {
    checkSelector(context, `${place}/${index}`, selector, selectors)
  }
  warnOfTwins(context, place, list)
}

function checkSelector(
  context: CheckContext,
  pointer: string,
  selector: string,
  selectors: ReadonlySet<string>,
): void {
  const { log } = context
  if (selector === '*' || selectors.has(selector)) return
  const shown = log.quoted(pointer, selector)
  if (/^tag:[^=]+=|^environment:./s.test(selector)) {
    log.warning(pointer, `${shown} matches no account`)
  } else if (selector.includes(':')) {
    log.problem(
      pointer,
      `${shown} is no selector; there are "tag:key=value", "environment:name" and "*"`,
    )
  } else {
    checkName(context, 'accounts', selector, pointer)
  }
}

function warnOfTwins({ log }: CheckContext, place: string, list: readonly string[]): void {
  const seen = new Set<string>()
  for (const [index, item] of list.entries()) {
    if (seen.has(item)) log.warning(`${place}/${index}`, 'stands twice')
    seen.add(item)
  }
}

function checkLinks(context: CheckContext): void {
  const { file } = context
  for (const [name, link] of Object.entries(file.links ?? {})) {
    const place = pointerTo('links', name)
    checkName(context, 'accounts', link.account, `${place}/account`)
    checkName(context, 'permissionSets', link.permissionSet, `${place}/permissionSet`)
    const partition = partitionOfAccount(findFileAccount(file, link.account) ?? {}, file)
    checkRegion(context, `${place}/region`, link.region, partition)
    checkDestination(context, `${place}/to`, link.to, partition)
  }
}
