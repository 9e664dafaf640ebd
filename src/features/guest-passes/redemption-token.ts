import { randomBytes } from 'node:crypto'
import type { Clock, OnceOnly } from '#ports'
import type { Seal } from '#plugins/seal.ts'

/**
 * A redemption between the form and the opening. Chromium applies `form-action` to each redirect
 * after a form, so the form cannot lead to AWS: it answers with a page whose link carries this.
 * Bound to the pass and the signed-in person, good for two minutes and for one opening.
 */
export interface RedemptionTokens {
  /** `holder`: `principalKey` of who is signed in; null for link and PIN. */
  make(passId: string, holder: string | null): string
  /** True once, through all replicas. */
  take(token: string, passId: string, holder: string | null): Promise<boolean>
}

const validMilliseconds = 120_000
const shape = /^([0-9]{13})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

export function createRedemptionTokens(
  seal: Seal,
  onceOnly: OnceOnly,
  clock: Clock,
): RedemptionTokens {
  const textOf = (endsAt: string, nonce: string, passId: string, holder: string | null) =>
    `${endsAt} ${nonce} ${passId} ${holder ?? ''}`
  return {
    make(passId, holder) {
      const endsAt = String(clock().getTime() + validMilliseconds)
      const nonce = randomBytes(16).toString('base64url')
      const signature = seal.sign('redemption', textOf(endsAt, nonce, passId, holder))
      return `${endsAt}.${nonce}.${signature}`
    },
    async take(token, passId, holder) {
      const [, endsAt = '0', nonce = '', signature = ''] = shape.exec(token) ?? []
      const isOurs =
        clock().getTime() < Number(endsAt) &&
        seal.verify('redemption', textOf(endsAt, nonce, passId, holder), signature)
      return isOurs && onceOnly.take(`redemption ${nonce}`, new Date(Number(endsAt)))
    },
  }
}
