import type { FastifyRequest } from 'fastify'
import { openingPath, type OpeningTarget } from '#domain/return-target.ts'
import type { Clock } from '#ports'
import type { Seal } from './seal.ts'

/**
 * The yes of a person to one opening: given by the confirm page's link, or carried through a sign-in
 * that the person began. Bound to browser session and target, good for two minutes.
 */
export interface OpeningTokens {
  /** The opening's address with the token in it. */
  addressOf(request: FastifyRequest, target: OpeningTarget): string
  holds(request: FastifyRequest, target: OpeningTarget, token: string): boolean
}

const validMilliseconds = 120_000
export const openingTokenParameter = 'continue'

export function createOpeningTokens(seal: Seal, clock: Clock): OpeningTokens {
  const textOf = (request: FastifyRequest, target: OpeningTarget, endsAt: number) =>
    `${request.session.sessionId} ${endsAt} ${openingPath(target, {})}`
  return {
    addressOf(request, target) {
      const endsAt = clock().getTime() + validMilliseconds
      const signature = seal.sign('opening', textOf(request, target, endsAt))
      return openingPath(target, { [openingTokenParameter]: `${endsAt}.${signature}` })
    },
    holds(request, target, token) {
      const [, digits = '', signature = ''] = /^([0-9]{13})\.([A-Za-z0-9_-]{43})$/.exec(token) ?? []
      const endsAt = Number(digits)
      return (
        clock().getTime() < endsAt &&
        seal.verify('opening', textOf(request, target, endsAt), signature)
      )
    },
  }
}
