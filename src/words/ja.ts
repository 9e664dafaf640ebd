import { jaFindings } from './ja-findings.ts'
import {
  jaConfirm,
  jaFrame,
  jaRoleFacts,
  jaRoleNotHeld,
  jaSignedOut,
  jaSignIn,
} from './ja-pages.ts'
import { jaPortal } from './ja-portal.ts'
import { jaProblemPage, jaProblems } from './ja-problems.ts'
import { jaTime } from './ja-time.ts'
import { findingText, problemText } from './problem-words.ts'
import type { Words } from './words.ts'

export const ja: Words = {
  language: 'ja',
  time: jaTime,
  frame: jaFrame,
  portal: jaPortal,
  signIn: jaSignIn,
  signedOut: jaSignedOut,
  roleFacts: jaRoleFacts,
  confirm: jaConfirm,
  roleNotHeld: jaRoleNotHeld,
  problemPage: jaProblemPage,
  problem: (code, facts = {}) => problemText(jaProblems, code, facts, jaTime),
  finding: (key) => findingText(jaFindings, key),
  place: (account, environment, role) =>
    `${account}${environment === null ? '' : `（${environment}）`}\u00a0/ ${role}`,
  firstName: (displayName) => displayName,
}
