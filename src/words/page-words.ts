/** The words of the frame and of the pages with one decision each. */

export interface FrameWords {
  readonly skip: string
  readonly navigation: string
  readonly roles: string
  readonly links: string
  readonly passes: string
  readonly audit: string
  readonly history: string
  readonly signedInAs: string
  readonly signInEnds: string
  readonly signOut: string
  readonly dismiss: string
  readonly announcement: string
  readonly recorded: string
  readonly help: string
  readonly contact: string
  readonly linkCopied: string
  readonly requestId: string
  /** The other language, in that language. */
  readonly otherLanguage: string
}

export interface SignInWords {
  readonly title: string
  readonly explanation: string
  readonly onYourWayTo: string
  continueWith(provider: string): string
  readonly trouble: string
}

export interface SignedOutWords {
  readonly title: string
  readonly explanation: string
  readonly consoleStays: string
  readonly signInAgain: string
}

export interface RoleFactWords {
  readonly account: string
  readonly role: string
  readonly caution: string
  readonly page: string
  readonly region: string
  readonly ends: string
  readonly you: string
  readonly startPage: string
  readonly anyRegion: string
}

export interface ConfirmWords {
  title(firstName: string, place: string): string
  readonly fromElsewhere: string
  fromHost(host: string): string
  readonly fromOurs: string
  readonly cautionAsks: string
  readonly readThere: string
  continueTo(role: string): string
  readonly backToRoles: string
  lasts(span: string, isLongest: boolean): string
}

export interface RoleNotHeldWords {
  readonly title: string
  explanation(place: string, who: string): string
  inAccount(account: string): string
  readonly whomToAsk: string
  readonly askExplanation: string
  readonly message: string
  messageText(facts: { who: string; role: string; account: string; number: string }): string
  readonly copyMessage: string
  readonly backToRoles: string
}
