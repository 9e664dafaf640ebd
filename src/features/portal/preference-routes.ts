/** Favourites, hidden roles and small settings: plain forms that come back with 303. */
import { Type } from 'typebox'
import { findAccount, type AccessRequest } from '#domain/access.ts'
import { principalKey } from '#domain/principal.ts'
import { Problem } from '#domain/problem.ts'
import { readReturnTarget, returnPath, homeTarget } from '#domain/return-target.ts'
import { requireVisitor } from '#plugins/browser-session.ts'
import type { Routes } from '#plugins/typebox-routes.ts'
import type { Settings } from '#domain/settings.ts'
import type { PortalOptions } from './portal-routes.ts'

const Mark = Type.Object({
  /** `account-slug/permission-set` */
  role: Type.String({ maxLength: 130, pattern: '^[A-Za-z0-9._=,+@-]+/[A-Za-z0-9._=,+@-]+$' }),
  on: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
  back: Type.Optional(Type.String({ maxLength: 4_000 })),
})

const settingNames = ['signOutFirst', 'dismissed', 'order', 'newTab', 'region'] as const
const Setting = Type.Object({
  name: Type.Union(settingNames.map((name) => Type.Literal(name))),
  value: Type.String({ maxLength: 100 }),
  back: Type.Optional(Type.String({ maxLength: 4_000 })),
})

export const preferenceRoutes: Routes<PortalOptions> = async (app, { session, preferences }) => {
  for (const [path, kind] of [
    ['/favourites', 'favourite'],
    ['/hidden', 'hidden'],
  ] as const) {
    app.post(path, { schema: { body: Mark } }, async (request, reply) => {
      const key = principalKey(requireVisitor(request).principal)
      const role = requireRole(session.config.current(), request.body.role)
      await preferences.mark(key, kind, role, request.body.on !== 'false')
      return reply.redirect(backTo(request.body.back), 303)
    })
  }

  app.post('/settings', { schema: { body: Setting } }, async (request, reply) => {
    const key = principalKey(requireVisitor(request).principal)
    await preferences.set(key, request.body.name, request.body.value)
    return reply.redirect(backTo(request.body.back), 303)
  })
}

/** Only what the config knows can be marked, so that nobody fills the store with names. */
function requireRole({ policy }: Settings, text: string): AccessRequest {
  const [account = '', permissionSet = ''] = text.split('/')
  const found = findAccount(policy, account)
  if (!found || !policy.permissionSets.has(permissionSet)) throw new Problem('not-found')
  return { account: found.slug, permissionSet }
}

/** One of our own pages; the portal keeps what it was filtered by. */
function backTo(path: string | undefined): string {
  const target = (path === undefined ? null : readReturnTarget(path)) ?? homeTarget
  const query = path !== undefined && target.kind === 'portal' ? (path.split('?')[1] ?? '') : ''
  return query === '' ? returnPath(target) : `${returnPath(target)}?${query}`
}
