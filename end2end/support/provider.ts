// A real provider of OpenID Connect, in this process: panva's `oidc-provider`, with the pages it brings for trying it out.
// There whoever gives a name is that person; what it says of them is what the test has said before.
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import Oidc from 'oidc-provider'

const SECRET = 'swordfish-between-the-two'

export class Provider {
  /** What it says of each person beside their name. */
  readonly groups = new Map<string, string[]>()

  private constructor(
    readonly url: string,
    readonly stop: () => Promise<unknown>,
  ) {}

  /** One that lets people come back to a Tandem at that address. */
  static async start(tandem: string) {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const provider = new Provider(url, async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    })
    // It warns about keys and cookies that are made for trying it out.
    const { warn, info } = console
    console.warn = console.info = () => {}
    const oidc = new Oidc(url, {
      clients: [{ client_id: 'tandem', client_secret: SECRET, redirect_uris: [`${tandem}/sign-in/return`] }],
      claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
      pkce: { required: () => true },
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      features: { devInteractions: { enabled: true } },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: async () => ({ sub: id, preferred_username: id, name: `${id[0]?.toUpperCase()}${id.slice(1)} Example`, groups: provider.groups.get(id) ?? [] }),
      }),
    })
    Object.assign(console, { warn, info })
    server.on('request', oidc.callback())
    return provider
  }

  /** What a Tandem is started with to know it. */
  get options() {
    return ['--oidc-issuer', this.url, '--oidc-client-id', 'tandem', '--oidc-client-secret', SECRET, '--oidc-scopes', 'profile groups', '--oidc-label', 'Example']
  }
}
