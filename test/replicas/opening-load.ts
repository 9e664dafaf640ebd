/** People who open consoles one after the other, each opening told apart by the length it asks for. */
import assert from 'node:assert/strict'
import type { AuditRecord } from '#domain/audit-event.ts'
import type { Visitor } from '../support/cookie-jar.ts'

export interface Openings {
  /** Seconds asked for by those that ended in a redirect to AWS. */
  readonly answered: ReadonlySet<number>
  /** Those whose connection broke. */
  readonly broken: ReadonlySet<number>
}

export interface Load {
  readonly visitors: readonly Visitor[]
  readonly count: number
  /** Openings of one visitor at a time. */
  readonly lanes: number
  /** Told after every answer how many there were. */
  readonly onAnswer?: (answers: number) => void
}

/** AWS's shortest: the demo's roles then give exactly what was asked for, up to an hour. */
const shortestSeconds = 900

export async function openConsoles({ visitors, count, lanes, onAnswer }: Load): Promise<Openings> {
  const answered = new Set<number>()
  const broken = new Set<number>()
  let next = shortestSeconds

  async function work(visitor: Visitor): Promise<void> {
    while (next < shortestSeconds + count) {
      const seconds = next
      next += 1
      const path = `/go/playground/PowerUser?for=${seconds}s`
      const answer = await visitor.open(path, { follow: false }).catch(() => null)
      if (!answer) {
        broken.add(seconds)
        continue
      }
      assert.equal(answer.status, 303, answer.body)
      assert.match(answer.headers.location ?? '', /SigninToken=/)
      answered.add(seconds)
      onAnswer?.(answered.size)
    }
  }
  await Promise.all(
    visitors.flatMap((visitor) => Array.from({ length: lanes }, () => work(visitor))),
  )
  return { answered, broken }
}

/** One `console.opening` and one `console.opened` for each that was answered, and never two. */
export function assertRecorded(
  trail: readonly AuditRecord[],
  { answered, broken }: Openings,
): void {
  const openings = trail.filter(({ type }) => type === 'console.opening')
  const bySeconds = Map.groupBy(openings, ({ details }) => Number(details['wantedSeconds']))
  const opened = Map.groupBy(
    trail.filter(({ type }) => type === 'console.opened'),
    ({ openingId }) => openingId,
  )
  for (const seconds of answered) {
    const [opening, ...doubles] = bySeconds.get(seconds) ?? []
    assert.ok(opening, `the opening of ${seconds} s was answered and is not in the trail`)
    assert.deepEqual(doubles, [])
    const outcomes = opened.get(opening.openingId) ?? []
    assert.equal(outcomes.length, 1, `outcomes of the opening of ${seconds} s`)
    assert.ok((outcomes[0]?.sequence ?? 0) > opening.sequence)
  }
  for (const seconds of broken) assert.ok((bySeconds.get(seconds) ?? []).length <= 1)
  assert.equal(openings.length, new Set(openings.map(({ openingId }) => openingId)).size)
}
