import type { ServerResponse } from 'node:http'

import type { Answer } from './double-listener.ts'
import { stsFailure } from './sts-answer.ts'

/** What can be made to go wrong. Everything but `delay` and `wrong-date` spoils the answer. */
export type Fault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly body?: string
      readonly contentType?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  | {
      readonly kind: 'sts-error'
      readonly status: number
      readonly code: string
      readonly message: string
    }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Status 200, then a body that trickles in and never ends. */
  | { readonly kind: 'drip' }
  /** A TCP reset instead of an answer; with `after` the request is held until that is settled. */
  | { readonly kind: 'reset'; readonly after?: Promise<void> }
  /** The true answer, cut off in the middle but sent as if whole. */
  | { readonly kind: 'truncated' }
  /** Status 200 and this value as JSON, whatever was asked. */
  | { readonly kind: 'json'; readonly body: unknown }
  /** The true answer under a `Date` header a day ahead. */
  | { readonly kind: 'wrong-date' }
  /** Status 200 and a body of 50 MB. */
  | { readonly kind: 'oversized' }

export type FaultTarget = 'sts' | 'federation'

export interface DoubleFaults {
  /**
   * Makes the target fail from now on, in one Region or in all, for `times` requests or until told
   * otherwise. A fault for the Region goes before one for all. `null` ends the target's faults: that
   * of the Region named, else all of them. `federation` is getSigninToken; sign-ins go on working.
   */
  set(
    target: FaultTarget,
    fault: Fault | null,
    options?: { readonly region?: string; readonly times?: number },
  ): void
  clear(): void
}

export class FaultPlan implements DoubleFaults {
  readonly #armed = new Map<string, { readonly fault: Fault; left: number }>()

  set(
    target: FaultTarget,
    fault: Fault | null,
    { region, times = Infinity }: { readonly region?: string; readonly times?: number } = {},
  ): void {
    if (fault) this.#armed.set(keyOf(target, region), { fault, left: times })
    else if (region) this.#armed.delete(keyOf(target, region))
    else this.#disarm(target)
  }

  clear(): void {
    this.#armed.clear()
  }

  /** The fault that this request meets, which counts as one of its times. */
  take(target: FaultTarget, region: string | undefined): Fault | null {
    for (const key of new Set([keyOf(target, region), keyOf(target, undefined)])) {
      const armed = this.#armed.get(key)
      if (!armed || armed.left <= 0) continue
      armed.left -= 1
      return armed.fault
    }
    return null
  }

  #disarm(target: FaultTarget): void {
    for (const key of this.#armed.keys()) {
      if (key.startsWith(keyOf(target, undefined))) this.#armed.delete(key)
    }
  }
}

function keyOf(target: FaultTarget, region: string | undefined): string {
  return `${target}/${region ?? ''}`
}

/** How an answer gets onto the wire; the listener adds the `Date` and the record. */
export interface FaultStage {
  readonly target: FaultTarget
  readonly response: ServerResponse
  readonly trueAnswer: () => Answer
  readonly send: (answer: Answer) => void
}

export function playFault(fault: Fault, stage: FaultStage): void {
  const { response, send, trueAnswer } = stage
  switch (fault.kind) {
    case 'status':
      return send(statusAnswer(fault))
    case 'sts-error':
      return send(stsFailure(fault.status, fault.code, fault.message))
    case 'hang':
      return
    case 'delay':
      return delay(fault.milliseconds, response, () => send(trueAnswer()))
    case 'drip':
      return drip(stage)
    case 'reset':
      return reset(fault, response)
    case 'truncated':
      return send(truncated(trueAnswer()))
    case 'json':
      return send({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault.body),
      })
    case 'wrong-date':
      return send({ ...trueAnswer(), dateShiftSeconds: 86_400 })
    case 'oversized':
      return send({ status: 200, headers: contentTypeOf(stage.target), body: oversizedBody() })
    default:
      return fault satisfies never
  }
}

function reset({ after }: Fault & { readonly kind: 'reset' }, { socket }: ServerResponse): void {
  if (after) void after.finally(() => socket?.resetAndDestroy())
  else socket?.resetAndDestroy()
}

function statusAnswer(fault: Fault & { readonly kind: 'status' }): Answer {
  const contentType = fault.contentType ?? 'text/html; charset=utf-8'
  return {
    status: fault.status,
    headers: { 'content-type': contentType, ...fault.headers },
    body: fault.body ?? '<!doctype html><title>Unavailable</title><h1>Service Unavailable</h1>',
  }
}

function truncated(answer: Answer): Answer {
  return { ...answer, body: (answer.body ?? '').slice(0, (answer.body ?? '').length / 2) }
}

function delay(milliseconds: number, response: ServerResponse, then: () => void): void {
  const timer = setTimeout(then, milliseconds)
  response.once('close', () => clearTimeout(timer))
}

/** White space, so that a reader without a time-out of its own finds nothing wrong for ever. */
function drip({ response, send, target }: FaultStage): void {
  send({ status: 200, headers: contentTypeOf(target), body: ' ', unfinished: true })
  const timer = setInterval(() => response.write(' '), 50)
  response.once('close', () => clearInterval(timer))
}

function contentTypeOf(target: FaultTarget): Record<string, string> {
  return { 'content-type': target === 'sts' ? 'text/xml' : 'application/json' }
}

function oversizedBody(): string {
  return `{"SigninToken":"${'A'.repeat(50_000_000)}"}`
}
