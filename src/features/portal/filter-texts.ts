/**
 * What the filter looks through: texts of permission sets and accounts, normalised once for as long
 * as the config lives. They say what an account is called, never who may open it.
 */
import type { Entitlement } from '#domain/access.ts'
import type { Account, PermissionSet } from '#domain/access-policy.ts'
import { tileText, type FilterRow, type TileText } from '#domain/tile-filter.ts'
import { accountNumber } from '../../words/account-number.ts'
import type { RoleMarks } from './role-marks.ts'
import { accountsOf, type EnvironmentRoles } from './role-groups.ts'

/**
 * For the page's script: `names,rest;…` of permission sets, and `names,rest,0.1*;…` of accounts in
 * the order of the page, with the places of the permission sets held there and a star for a
 * favourite. Normalised texts hold no punctuation, so nothing needs to be quoted.
 */
export interface FilterTexts {
  readonly roles: string
  readonly accounts: string
}

export function filterTexts(
  environments: readonly EnvironmentRoles[],
  favourites: RoleMarks<true>,
): FilterTexts {
  const places = new Map<PermissionSet, number>()
  const placeOf = (permissionSet: PermissionSet) => {
    const place = places.get(permissionSet) ?? places.size
    places.set(permissionSet, place)
    return place
  }
  let accounts = ''
  for (const { account, held } of accountsOf(environments)) {
    let tiles = ''
    for (const entitlement of held) {
      if (tiles !== '') tiles += '.'
      tiles += placeOf(entitlement.permissionSet)
      if (favourites.of(entitlement)) tiles += '*'
    }
    accounts += `${accounts === '' ? '' : ';'}${printed(accountText(account))},${tiles}`
  }
  const roles = [...places.keys()].map((permissionSet) => printed(roleText(permissionSet)))
  return { roles: roles.join(';'), accounts }
}

/** What `?q=` looks through. */
export function filterRow(
  entitlement: Entitlement,
  favourites: RoleMarks<true>,
): FilterRow & { readonly entitlement: Entitlement } {
  const { account, permissionSet } = entitlement
  return {
    texts: [roleText(permissionSet), accountText(account)],
    boost: favourites.of(entitlement) ? 0.5 : 0,
    entitlement,
  }
}

const accountText = remembered(({ name, environment, slug, id, tags }: Account) =>
  tileText(
    [name, environment?.name ?? ''],
    [slug, id, accountNumber(id), ...[...tags].flatMap(([key, value]) => [key, value])],
  ),
)

const roleText = remembered(({ name, slug }: PermissionSet) => tileText([name], [slug]))

/** Forgotten together with the config that holds the key. */
function remembered<Key extends object>(make: (key: Key) => TileText): (key: Key) => TileText {
  const known = new WeakMap<Key, TileText>()
  return (key) => {
    const text = known.get(key) ?? make(key)
    known.set(key, text)
    return text
  }
}

function printed({ names, rest }: TileText): string {
  return `${names.trim()},${rest.trim()}`
}
