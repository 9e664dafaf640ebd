/** Where the broker's own credentials come from, as far as the SDK tells. */
export interface CredentialSource {
  /** What is learned of credentials is learned of their source: temporary ones change by the hour. */
  readonly key: string
  /** For operators: `http, temporary`. */
  readonly name: string
}

export function credentialSourceOf(credentials: {
  readonly accessKeyId: string
  readonly sessionToken?: string | undefined
}): CredentialSource {
  const name = `${providersOf(credentials)}, ${credentials.sessionToken ? 'temporary' : 'long-term'}`
  const key = credentials.sessionToken ? name : `${name} ${credentials.accessKeyId}`
  return { key, name }
}

/** The SDK notes the providers it went through in `$source`, for its User-Agent. */
function providersOf(credentials: object): string {
  const source: unknown = Reflect.get(credentials, '$source')
  const names = typeof source === 'object' && source !== null ? Object.keys(source) : []
  const known = names.map((name) =>
    name
      .replace(/^CREDENTIALS_/, '')
      .toLowerCase()
      .replaceAll('_', ' '),
  )
  return known.length === 0 ? 'given' : known.join(' + ')
}
