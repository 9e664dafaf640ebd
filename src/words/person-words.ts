/** The words of one person's report. */
export interface PersonWords {
  title(name: string): string
  /** Leads there from the list of all entries. */
  readonly toReport: string
  readonly toPass: string
  readonly backToAudit: string
  readonly facts: string
  readonly provider: string
  readonly issuer: string
  readonly subject: string
  readonly endedBefore: string
  endedBy(operator: string, sessions: number): string
  readonly events: string
  readonly passesApart: string
  readonly csv: string
  readonly allEntries: string
  readonly end: string
  readonly endHint: string
  readonly endNow: string
  readonly endOnlyOperators: string
  readonly denialHint: string
  readonly cut: string
  readonly cutNothing: string
  readonly cutHint: string
  readonly role: string
  readonly sessionName: string
  readonly endsBy: string
  readonly cutReaches: readonly string[]
  readonly copyPolicy: string
  readonly copyDenial: string
}
