/** What sponsors and guests do, for tests of guest passes: the plumbing, never the assertion. */
import assert from 'node:assert/strict'
import type { LightMyRequestResponse } from 'fastify'
import type { TestBroker } from './broker.ts'
import type { TestVisitor } from './test-visitor.ts'

export interface GivenForTest {
  readonly id: string
  /** `/pass/TOKEN` */
  readonly path: string
  readonly pin: string
}

/** Fields of the form that differ from a pass for one opening, until the end of 27 November. */
export type PassFields = Readonly<Record<string, string>>

export const passFields: PassFields = {
  kind: 'link-and-pin',
  name: 'Mei Lin',
  email: '',
  role: 'staging/Viewer',
  to: '',
  from: '2026-11-25T09:00',
  until: '2026-11-27',
  zone: 'UTC',
  openings: '1',
  reason: 'T-1',
}

export async function give(sponsor: TestVisitor, fields: PassFields = {}): Promise<GivenForTest> {
  const page = await sponsor.submit('/passes', { ...passFields, ...fields })
  assert.equal(page.statusCode, 200, 'the pass is given')
  return {
    id: /href="\/passes\/([0-9a-z]+)"/.exec(page.body)?.[1] ?? '',
    path: /data-copy="(\/pass\/[^"]+)"/.exec(page.body)?.[1] ?? '',
    pin: /id="pass-pin">([0-9]{6})</.exec(page.body)?.[1] ?? '',
  }
}

/** The form of the guest's page. */
export function redeem(
  guest: TestVisitor,
  { path, pin }: Pick<GivenForTest, 'path' | 'pin'>,
  form: PassFields = {},
): Promise<LightMyRequestResponse> {
  return guest.visit(path, { site: 'same-origin', form: { pin, terms: 'yes', ...form } })
}

/** Follows the page "Your console is ready", as its Refresh header does. */
export function goOn(
  guest: TestVisitor,
  ready: LightMyRequestResponse,
): Promise<LightMyRequestResponse> {
  const address = /^0; url=(\/.+)$/.exec(String(ready.headers['refresh']))?.[1]
  assert.ok(address, `not the page that leads on: ${ready.statusCode}`)
  return guest.visit(address, { site: 'same-origin' })
}

/** From link and PIN to the console. */
export async function open(
  guest: TestVisitor,
  given: GivenForTest,
): Promise<LightMyRequestResponse> {
  return goOn(guest, await redeem(guest, given))
}

/** What the guest's page says of the try before; null where it says nothing. */
export function noteIn(body: string): string | null {
  return /<p class="note" role="alert">([^<]*)</.exec(body)?.[1] ?? null
}

/** `type reason` of everything recorded about passes and consoles. */
export async function passEvents(broker: TestBroker): Promise<string[]> {
  const events = await broker.recorded()
  return events
    .filter(({ type }) => /^(pass|console)\./.test(type))
    .map(({ type, reason }) => (type === 'pass.refused' ? `${type} ${reason ?? ''}` : type))
}
