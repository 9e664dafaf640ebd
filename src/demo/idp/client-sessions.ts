import type Provider from 'oidc-provider'

/** The part of oidc-provider's session that is used here. */
interface ProviderSession {
  uid: string
  accountId?: string | undefined
  sidFor(clientId: string): string | undefined
  destroy(): Promise<void>
}

/** Which sessions there are, which oidc-provider's store cannot tell, and how they are ended. */
export class ClientSessions {
  readonly #provider: Provider
  readonly #clientId: string
  readonly #sessions = new Map<string, ProviderSession>()

  constructor(provider: Provider, clientId: string) {
    this.#provider = provider
    this.#clientId = clientId
    provider.on('session.saved', (session) => this.#sessions.set(session.uid, session))
    provider.on('session.destroyed', (session) => this.#sessions.delete(session.uid))
  }

  /**
   * OpenID Connect Back-Channel Logout 1.0, 2.5: one logout token for each session of the
   * subject that the client took part in.
   * @throws if the client does not answer with 200 or 204
   */
  async end(subject: string): Promise<void> {
    const ended = [...this.#sessions.values()].filter(({ accountId }) => accountId === subject)
    for (const session of ended) {
      const sid = session.sidFor(this.#clientId)
      await session.destroy()
      if (sid !== undefined) await this.#sendLogoutToken(subject, sid)
    }
  }

  async #sendLogoutToken(subject: string, sid: string): Promise<void> {
    const client = await this.#provider.Client.find(this.#clientId)
    if (!client?.backchannelLogoutUri) return
    // oidc-provider's own method, with its signature and claims; the published types lack it.
    const send: unknown = client['backchannelLogout']
    if (typeof send !== 'function') throw new TypeError('oidc-provider sends no logout tokens')
    await Reflect.apply(send, client, [subject, sid])
  }
}
