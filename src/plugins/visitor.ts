import type { Principal } from '#domain/principal.ts'

/** The signed-in person behind a request, and what pages need to know of them. */
export interface Visitor {
  readonly principal: Principal
  readonly providerName: string
  /** The absolute end of the broker's own session. */
  readonly signInEndsAt: Date
  readonly may: {
    readonly givePasses: boolean
    readonly readAudit: boolean
    readonly operate: boolean
  }
}
