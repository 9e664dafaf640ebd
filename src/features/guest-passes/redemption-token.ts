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
  make(redemption: Redemption): string
  /** Mark of the terms accepted, once through all replicas; null for what is not, or no more, good. */
  take(token: string, passId: string, holder: string | null): Promise<string | null>
}

interface Redemption {
  readonly passId: string
  readonly holder: string | null
  /** `en 1a2b…`, see guest-terms.ts. */
  readonly terms: string
}

const validMilliseconds = 120_000
const shape = /^([0-9]{13})\.([A-Za-z0-9_-]{22})\.([a-z]{2})-([0-9a-f]{16})\.([A-Za-z0-9_-]{43})$/

export function createRedemptionTokens(
  seal: Seal,
  onceOnly: OnceOnly,
  clock: Clock,
): RedemptionTokens {
  const textOf = (endsAt: string, nonce: string, { terms, passId, holder }: Redemption) =>
    `${endsAt} ${nonce} ${terms} ${passId} ${holder ?? ''}`
  return {
    make(redemption) {
      const endsAt = String(clock().getTime() + validMilliseconds)
      const nonce = randomBytes(16).toString('base64url')
      const signature = seal.sign('redemption', textOf(endsAt, nonce, redemption))
      return `${endsAt}.${nonce}.${redemption.terms.replace(' ', '-')}.${signature}`
    },
    async take(token, passId, holder) {
      const [, endsAt = '0', nonce = '', language = '', hash = '', signature = ''] =
        shape.exec(token) ?? []
      const terms = `${language} ${hash}`
      const isOurs =
        clock().getTime() < Number(endsAt) &&
        seal.verify('redemption', textOf(endsAt, nonce, { terms, passId, holder }), signature)
      if (!isOurs) return null
      const isFirst = await onceOnly.take(`redemption ${nonce}`, new Date(Number(endsAt)))
      return isFirst ? terms : null
    },
  }
}
