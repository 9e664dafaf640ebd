/** Ending a pass by hand, with every session that it led to, and what the trail says about a pass. */
import type { FastifyRequest } from 'fastify'
import type { AuditRecord } from '#domain/audit-event.ts'
import { passKey, type GuestPass } from '#domain/guest-pass.ts'
import { principalKey } from '#domain/principal.ts'
import { actorOf, eventOf } from '#plugins/audit-events.ts'
import { requireVisitor, type BrowserSessionOptions } from '#plugins/browser-session.ts'
import type { AuditQuery, AuditTrail, GuestPasses } from '#ports'

export interface EndingOptions {
  readonly session: BrowserSessionOptions
  readonly passes: GuestPasses
  readonly trail: AuditTrail
}

const mostRecordsShown = 200
const dayMilliseconds = 86_400_000

/**
 * The end comes first: a trail that cannot be written must not keep a pass alive. Asked for again, it
 * does what failed the first time, and nothing once the end is recorded: a pass of long ago is no
 * means of signing somebody out.
 */
export async function endPass(
  options: EndingOptions,
  request: FastifyRequest,
  pass: GuestPass,
): Promise<void> {
  const { session, passes, trail } = options
  if ((await revocationsOf(trail, pass)).length > 0) return
  await passes.revoke(pass.id, session.clock())
  const sessionsEnded = await endSessionsOf(options, pass)

  const { account, permissionSet } = pass.target
  const details = { pass: pass.id, guest: pass.guestName, sessionsEnded }
  const actor = actorOf(requireVisitor(request).principal)
  await trail.record(eventOf(request, 'pass.revoked', actor, { account, permissionSet, details }))
}

/** What was done with it, newest first; who prolonged and ended it stands under their own name. */
export async function recordsOf(
  trail: AuditTrail,
  pass: GuestPass,
): Promise<readonly AuditRecord[]> {
  const { records } = await trail.search({ actorKey: passKey(pass) }, mostRecordsShown)
  const byOthers = [...(await extensionsOf(trail, pass)), ...(await revocationsOf(trail, pass))]
  return [...records, ...byOthers].sort((a, b) => b.sequence - a.sequence)
}

/** All of it, the gift first, as it happened. Reads what others did with it at the first record. */
export async function* historyOf(trail: AuditTrail, pass: GuestPass): AsyncGenerator<AuditRecord> {
  const byOthers = [...(await giftsOf(trail, pass)), ...(await revocationsOf(trail, pass))]
  for await (const record of trail.stream({ actorKey: passKey(pass) })) {
    while (byOthers[0] && byOthers[0].sequence < record.sequence) yield* byOthers.splice(0, 1)
    yield record
  }
  yield* byOthers
}

async function revocationsOf(trail: AuditTrail, pass: GuestPass): Promise<AuditRecord[]> {
  const { revokedAt: from } = pass
  if (from === null) return []
  const until = new Date(from.getTime() + dayMilliseconds)
  return recordsAbout(trail, pass, { type: 'pass.revoked', from, until })
}

async function extensionsOf(trail: AuditTrail, pass: GuestPass): Promise<AuditRecord[]> {
  const given = await giftsOf(trail, pass)
  return given.filter(({ details }) => details['prolonged'] === true)
}

/** The gift itself, then each prolongation. */
function giftsOf(trail: AuditTrail, pass: GuestPass): Promise<AuditRecord[]> {
  const actorKey = principalKey(pass.sponsor)
  return recordsAbout(trail, pass, { type: 'pass.given', actorKey, from: pass.givenAt })
}

async function recordsAbout(
  trail: AuditTrail,
  pass: GuestPass,
  query: AuditQuery,
): Promise<AuditRecord[]> {
  const found: AuditRecord[] = []
  for await (const record of trail.stream(query)) {
    if (record.details['pass'] === pass.id) found.push(record)
  }
  return found
}

/** Everybody who used the pass is signed out of the broker, in every browser. */
async function endSessionsOf({ session, trail }: EndingOptions, pass: GuestPass): Promise<number> {
  const people = new Set<string>()
  const used = trail.stream({ actorKey: passKey(pass), type: 'pass.redeemed' })
  for await (const { details } of used) {
    if (typeof details['person'] === 'string') people.add(details['person'])
  }
  let ended = 0
  for (const key of people) ended += await session.sessions.endOfPrincipal(key, session.clock())
  return ended
}
