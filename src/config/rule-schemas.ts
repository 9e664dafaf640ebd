/** Shapes of what names people, accounts and permission sets: assignments, denials, links, portals. */
import { Type, type Static } from 'typebox'
import { localised, record, text, textList } from './field-schemas.ts'

export const who = {
  providers: Type.Optional(textList('Whose people; else the first provider’s', { minItems: 1 })),
  groups: Type.Optional(textList('Groups, compared exactly', { minItems: 1 })),
  emails: Type.Optional(
    Type.Array(
      Type.String({
        pattern: '^[^@\\s]+@[^@\\s]+$',
        patternErrorMessage: 'an e-mail address',
      }),
      { minItems: 1, description: 'Verified e-mail addresses' },
    ),
  ),
  users: Type.Optional(
    Type.Array(
      Type.String({
        pattern: '^[A-Za-z0-9_.-]+:[\\x21-\\x7e]{1,255}$',
        patternErrorMessage: '"PROVIDER:SUBJECT"',
      }),
      { minItems: 1, description: 'Single people as "PROVIDER:SUBJECT"' },
    ),
  ),
}

export const accountList = 'Accounts by name or id, "tag:key=value", "environment:name" or "*"'
const from = Type.Optional(text('ISO 8601 with a zone; a bare date means its start in UTC'))
const until = Type.Optional(text('ISO 8601 with a zone; a bare date means its end in UTC'))

export const assignment = record('Who may open what', {
  name: Type.Optional(text('The reason in the audit trail')),
  ...who,
  accounts: textList(accountList, { minItems: 1 }),
  permissionSets: textList('Names of permission sets', { minItems: 1 }),
  from,
  until,
})

export const denial = record('Stronger than any assignment', {
  name: Type.Optional(text('The reason in the audit trail')),
  ...who,
  accounts: Type.Optional(textList(`${accountList}; left out: all`, { minItems: 1 })),
  permissionSets: Type.Optional(textList('Permission sets; left out: all', { minItems: 1 })),
  from,
  until,
})

export const link = record('Opened by /to/NAME', {
  account: text('An account, by name or id'),
  permissionSet: text('A permission set'),
  to: Type.Optional(text('Console page: a path or an https URL')),
  region: Type.Optional(text('Region the console opens in')),
})

export const portal = record('Shown at /portal/NAME', {
  title: localised('Its title'),
  provider: Type.Optional(text('Its people sign in there')),
  accounts: textList(accountList, { minItems: 1, default: ['*'] }),
  message: Type.Optional(localised('A line above the tiles')),
})

/** As an assignment, but that lists may be missing. */
export type FileRule = Static<typeof denial>
export type FileWho = Pick<FileRule, keyof typeof who>
