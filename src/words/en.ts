import { enFindings } from './en-findings.ts'
import {
  enConfirm,
  enFrame,
  enRoleFacts,
  enRoleNotHeld,
  enSignedOut,
  enSignIn,
} from './en-pages.ts'
import { enPortal } from './en-portal.ts'
import { enProblemPage, enProblems } from './en-problems.ts'
import { enTime } from './en-time.ts'
import { findingText, problemText } from './problem-words.ts'
import type { Words } from './words.ts'

export const en: Words = {
  language: 'en',
  time: enTime,
  frame: enFrame,
  portal: enPortal,
  signIn: enSignIn,
  signedOut: enSignedOut,
  roleFacts: enRoleFacts,
  confirm: enConfirm,
  roleNotHeld: enRoleNotHeld,
  problemPage: enProblemPage,
  problem: (code, facts = {}) => problemText(enProblems, code, facts, enTime),
  finding: (key) => findingText(enFindings, key),
  place: (account, environment, role) =>
    `${account}${environment === null ? '' : `, ${environment}`}\u00a0/ ${role}`,
  firstName: (displayName) => displayName.split(' ')[0] ?? displayName,
}
