/** How long a console session may last: the shortest of all limits, and what holds it to them. */

export interface DurationLimits {
  readonly permissionSetSeconds: number
  /** What the person asked for, which can only shorten; null: nothing. */
  readonly askedSeconds: number | null
  /** End of the assignment or guest pass; null: none. */
  readonly accessEndsAt: Date | null
  readonly now: Date
}

export interface ConsoleDuration {
  /** Can be below AWS's 900; 0 where access has ended already. */
  readonly wantedSeconds: number
  /** From here on a session policy must deny everything; null: the session's own end will do. */
  readonly deniedAfter: Date | null
}

/** AWS gives no shorter session (STS: DurationSeconds; federation endpoint: SessionDuration). */
export const shortestSessionSeconds = 900
export const longestSessionSeconds = 43_200

/** A sign-in URL works this long after it was made, so a session can start, and end, that much later. */
export const signInUrlSeconds = 900

export function consoleDuration(limits: DurationLimits): ConsoleDuration {
  const { permissionSetSeconds, askedSeconds, accessEndsAt, now } = limits
  const mostSeconds = Math.min(
    permissionSetSeconds,
    askedSeconds ?? Infinity,
    longestSessionSeconds,
  )
  const leftSeconds = accessEndsAt === null ? Infinity : secondsBetween(now, accessEndsAt)
  const wantedSeconds = Math.max(0, Math.min(mostSeconds, leftSeconds))

  if (wantedSeconds < shortestSessionSeconds && wantedSeconds < leftSeconds) {
    return { wantedSeconds, deniedAfter: new Date(now.getTime() + wantedSeconds * 1000) }
  }
  const couldOutlast = leftSeconds < wantedSeconds + signInUrlSeconds
  return { wantedSeconds, deniedAfter: couldOutlast ? accessEndsAt : null }
}

function secondsBetween(from: Date, until: Date): number {
  return Math.floor((until.getTime() - from.getTime()) / 1000)
}
