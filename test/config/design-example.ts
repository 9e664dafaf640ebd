import { sessionKey } from './config-text.ts'

export const exampleEnvironment = { SESSION_KEY: sessionKey, OIDC_CLIENT_SECRET: 'client secret' }

/** The config of the design document, its ellipses filled in. */
export const designExample = `
publicUrl: https://aws.example.com        # the only source of our own origin, never a request header
listen: { host: 0.0.0.0, port: 8080 }     # and tls: { cert: …, key: … } where no proxy stands in front
metrics: { host: 127.0.0.1, port: 9464 }
trustedProxies: [10.0.0.0/8]              # CIDRs only; from these, X-Forwarded-For and X-Forwarded-Proto count
store: sqlite:./data/sekisho.db           # relative to the config file; or postgres://…
sessions: { keys: ["\${SESSION_KEY}"], idle: 1h, absolute: 8h, recheck: 15m, attempt: 10m }
logLevel: info                            # LOG_LEVEL overrides

identityProviders:
  company:
    name: Example SSO
    issuer: https://login.example.com/realms/main
    clientId: sekisho
    clientSecret: \${OIDC_CLIENT_SECRET}
    scopes: [openid, profile, email]
    groupsClaim: groups                   # a claim name, or a JSON pointer such as /realm_access/roles
    claimsFrom: id_token                  # or userinfo (whose sub must be the ID token's)
    clientAuthentication: client_secret_basic
    signingAlgorithms: [RS256]            # http issuers only on loopback

aws:
  region: ap-northeast-1                  # home Region: STS, sign-in and console hosts
  failoverRegions: [us-west-2]
  consoleSessionDuration: auto            # auto | always | never: is SessionDuration sent to the federation endpoint
  endpoints: {}                           # sts, signIn, console: for doubles and private endpoints

environments:
  production: { name: Production, colour: red }

accounts:                                 # also: partition, region, destination
  prod: { id: "111122223333", name: Production, environment: production, tags: { team: platform }, externalId: sekisho-prod }

permissionSets:                           # also: region, sessionPolicy (inline), sessionPolicyArns, transitiveTags, attribution
  admin:
    name: Administrator
    roleName: sekisho/AdministratorAccess # path and name in every account that it is assigned in
    consoleDuration: 1h
    destination: /console/home
    caution: Writes to everything.        # marked on the tile, asked before opening
  viewer: { name: Viewer, roleName: sekisho/ViewOnlyAccess, consoleDuration: 8h, sourceIdentity: true, sessionTags: { team: "{account.tags.team}" } }

assignments:                              # who may open what; the first match is the reason in the audit trail
  - name: platform team
    groups: [platform]                    # and/or users: ["company:SUBJECT"], emails: [...] (verified e-mail only)
    accounts: [prod, "tag:team=platform", "environment:sandbox", "*"]
    permissionSets: [admin, viewer]
  - name: migration contractors
    providers: [partners]
    groups: [acme-migration]
    accounts: [staging]
    permissionSets: [viewer]
    from: 2026-12-01
    until: 2027-01-15T18:00:00+09:00
denials:                                  # stronger than any assignment; same selectors
  - { name: on leave, users: ["company:u-1234"] }

links:
  prod-logs: { account: prod, permissionSet: viewer, to: "/cloudwatch/home#logsV2:log-groups", region: ap-northeast-1 }

portals:
  acme: { title: Acme migration, provider: partners, accounts: [staging], message: "Questions: platform@example.com" }

guestPasses:
  sponsors: { groups: [platform] }
  permissionSets: [viewer]
  accounts: [staging]
  longest: 14d
  linkAndPin: true                        # passes for people without an account anywhere
  terms: { en: Behave., ja: 規則を守ってください。 }
audit: { readers: { groups: [security] } }
operators: { groups: [platform] }         # see what AWS's refusals mean for the set-up
announcement: { en: Hello, ja: こんにちは }
branding: { name: Example AWS, logo: ./logo.svg, accent: "#28468c", help: https://wiki.example.com, contact: platform@example.com }
mail: { smtp: "smtps://mail.example.com", from: sekisho@example.com }   # optional
`

/** The example shortens its lists: these are the two names that it uses and leaves out. */
export const wholeExample = designExample
  .replace(
    '\naws:',
    `  partners: { issuer: https://login.partner.example, clientId: sekisho, clientSecret: other }\n\naws:`,
  )
  .replace(
    '\npermissionSets:',
    `  staging: { id: "111122224444", name: Staging }\n\npermissionSets:`,
  )
