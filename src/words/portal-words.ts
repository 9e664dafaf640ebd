/** The words of the portal. */
export interface PortalWords {
  readonly title: string
  /** `null` where a language greets nobody by name. */
  greeting(firstName: string): string
  readonly filterLabel: string
  readonly filterHint: string
  readonly filter: string
  readonly matches: string
  roles(count: number): string
  accounts(count: number): string
  rolesInAccounts(roles: number, accounts: number): string
  /** For the script: `#` stands for a number. */
  readonly oneRole: string
  readonly manyRoles: string
  readonly bestShown: string
  readonly showEveryMatch: string
  readonly noMatch: string
  readonly showAllRoles: string
  readonly backToAll: string
  readonly favourites: string
  readonly openNow: string
  readonly open: string
  fiveSessions(count: number): string
  readonly recent: string
  readonly mostUsed: string
  readonly mostUsedFirst: string
  readonly latestFirst: string
  opened(times: number): string
  readonly caution: string
  readonly until: string
  readonly otherAccounts: string
  readonly namedLinks: string
  hidden(count: number): string
  readonly noRolesTitle: string
  readonly noRoles: string
  readonly noRolesAsk: string
  readonly emptyAccount: string
  readonly keyHint: string
  readonly tile: TileWords
  readonly settings: SettingsWords
}

export interface TileWords {
  copyLink(role: string): string
  favourite(role: string): string
  more(role: string): string
  readonly region: string
  readonly regionHint: string
  readonly duration: string
  longest(span: string): string
  readonly page: string
  readonly pageHint: string
  readonly link: string
  readonly openNow: string
  readonly copy: string
  readonly hide: string
  readonly showAgain: string
  because(assignment: string): string
}

export interface SettingsWords {
  readonly title: string
  readonly signOutFirst: string
  readonly signOutFirstHint: string
  readonly newTab: string
  readonly newTabHint: string
  readonly region: string
  readonly regionHint: string
  readonly on: string
  readonly off: string
  readonly turnOn: string
  readonly turnOff: string
  readonly save: string
}
