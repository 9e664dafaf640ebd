import { urlUnder } from '#domain/partition.ts'

export interface SignInAddress {
  /** The host that gave the token: no other redeems it. */
  readonly signIn: URL
  readonly signinToken: string
  readonly destination: URL
  /** AWS's `Issuer`: where people return whose console session has ended. */
  readonly signInPage: URL
  /** Goes through `/oauth?Action=logout`, which returns on Region-prefixed hosts only. */
  readonly signOutFirst: boolean
}

/** `Action=login`: a bearer secret for 15 minutes. */
export function signInUrl(address: SignInAddress): URL {
  const login = urlUnder(address.signIn, '/federation')
  login.search = queryOf({
    Action: 'login',
    Issuer: address.signInPage.href,
    Destination: address.destination.href,
    SigninToken: address.signinToken,
  })
  if (!address.signOutFirst) return login
  const logout = urlUnder(address.signIn, '/oauth')
  logout.search = queryOf({ Action: 'logout', redirect_uri: login.href })
  return logout
}

/** Percent-encoded once, after RFC 3986: AWS does not read `+` as a space everywhere. */
export function queryOf(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encoded(value)}`)
    .join('&')
}

function encoded(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
