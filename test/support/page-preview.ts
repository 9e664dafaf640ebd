/**
 * Every page with sample data, to look at and to run axe on: `node test/support/page-preview.ts`
 * serves them and prints the address. Nobody signs in; `?as=stranger` shows what a stranger sees.
 */
import fastifyCookie from '@fastify/cookie'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { confirmView } from '#features/console/confirm-view.ts'
import { roleNotHeldView } from '#features/console/role-not-held-view.ts'
import { portalView, type PortalInput } from '#features/portal/portal-view.ts'
import { signInView } from '#features/sign-in/sign-in-view.ts'
import { Problem, problemCodes } from '#domain/problem.ts'
import type { Settings } from '#domain/settings.ts'
import { language, languageOf } from '#plugins/language.ts'
import { problemView } from '#plugins/problem-view.ts'
import { securityHeaders } from '#plugins/security-headers.ts'
import { staticFiles } from '#plugins/static-files.ts'
import { views } from '#plugins/views.ts'
import type { Visitor } from '#plugins/visitor.ts'
import { wordsFor } from '../../src/words/words.ts'
import {
  accounts,
  alice,
  manyEntitlements,
  noPreferences,
  roles,
  sampleEntitlement,
  sampleEntitlements,
  sampleNow,
  samplePreferences,
  sampleSettings,
  sampleVisitor,
} from './sample-roles.ts'

export interface PreviewOptions {
  readonly settings?: Settings
  readonly visitor?: Partial<Visitor>
  /** Changes what the portal is made of. */
  readonly portal?: Partial<PortalInput>
}

type Query = Readonly<Record<string, string>>

export function createPagePreview(options: PreviewOptions = {}): FastifyInstance {
  const settings = options.settings ?? sampleSettings()
  const config = { current: () => settings }
  const app = Fastify()
  app.register(securityHeaders, { isHttps: false, formTargets: () => [] })
  app.register(fastifyCookie)
  app.register(language, { config })
  app.register(views, {
    config,
    clock: () => sampleNow,
    visitorOf: (request) =>
      queryOf(request)['as'] === 'stranger' ? null : sampleVisitor(options.visitor),
    csrfToken: () => 'sample-token',
  })
  app.register(staticFiles, { prefix: '/static' })
  app.register(async (pages) => registerPages(pages, settings, options.portal ?? {}))
  return app
}

function registerPages(
  app: FastifyInstance,
  settings: Settings,
  portal: Partial<PortalInput>,
): void {
  app.get('/', (request, reply) => {
    return reply.page('portal', portalView({ ...portalInput(request), ...portal }))
  })
  app.get('/sign-in', (request, reply) => {
    const choices = [
      { name: 'Company SSO', href: '/sign-in/company?to=%2F' },
      { name: 'Partner directory', href: '/sign-in/partners?to=%2F' },
    ]
    const target = {
      kind: 'opening',
      account: 'payments-prod',
      permissionSet: 'ReadOnly',
      to: null,
      region: null,
      for: null,
    } as const
    const words = wordsFor(languageOf(request))
    return reply.page('sign-in', signInView({ words, settings, target, choices }))
  })
  app.get('/signed-out', (_request, reply) => reply.page('signed-out', { signInHref: '/' }))
  app.get('/go/:account/:permissionSet', (request, reply) => showConfirm(request, reply))
  app.get('/open/:account/:permissionSet', (request, reply) => showConfirm(request, reply))
  app.get('/not-held', (request, reply) => {
    const held = [roles.read, roles.logs].map((role) => sampleEntitlement(accounts.payments, role))
    const view = roleNotHeldView({
      words: wordsFor(languageOf(request)),
      principal: alice,
      account: accounts.payments,
      wantedName: 'Administrator',
      held,
      contact: 'payments@example.com',
    })
    return reply.page('role-not-held', view, { status: 403 })
  })
  for (const code of problemCodes) {
    app.get(`/problem/${code}`, (request, reply) => showProblem(request, reply, new Problem(code)))
  }
  app.get('/problem/operator', (request, reply) => showProblem(request, reply, refusedByAws))
}

function portalInput(request: FastifyRequest): PortalInput {
  const { q = '', account, hidden, many, empty, plain } = queryOf(request)
  const all = many ? manyEntitlements(Number(many)) : sampleEntitlements
  const shown = account ? all.filter((one) => one.account.slug === account) : all
  return {
    words: wordsFor(languageOf(request)),
    principal: alice,
    entitlements: empty ? [] : shown,
    preferences: plain || empty ? noPreferences : samplePreferences,
    longestSeconds: ({ permissionSet }) => permissionSet.consoleSeconds,
    now: sampleNow,
    query: q,
    account: account ?? null,
    showHidden: hidden === '1',
    csrfToken: 'sample-token',
    portal: null,
    links: [
      {
        name: 'prod-logs',
        target: { account: 'payments-prod', permissionSet: 'LogReader' },
        to: '/cloudwatch/home',
        region: null,
      },
    ],
    regions: ['ap-northeast-1', 'us-west-2'],
  }
}

function showConfirm(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const words = wordsFor(languageOf(request))
  const view = confirmView({
    words,
    principal: alice,
    entitlement: sampleEntitlement(accounts.payments, roles.admin),
    destination:
      'https://ap-northeast-1.console.aws.amazon.com/cloudformation/home#/stacks/create/review',
    region: 'ap-northeast-1',
    wantedSeconds: 3_600,
    endsAt: new Date(sampleNow.getTime() + 3_600_000),
    continueUrl: '/go/payments-prod/Administrator?ok=sample',
    cameFrom: 'chat.example.com',
  })
  return reply.page('confirm', view)
}

const refusedByAws = new Problem('aws-refused', {
  operatorNote: {
    finding: 'trust-policy-refuses',
    callerArn: 'arn:aws:sts::111122229999:assumed-role/sekisho-broker/i-0123456789abcdef0',
    roleArn: 'arn:aws:iam::111122220101:role/sekisho/ReadOnlyAccess',
    message:
      'User: arn:aws:sts::111122229999:assumed-role/… is not authorized to perform: sts:AssumeRole',
    trustPolicy: JSON.stringify(
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::111122229999:role/sekisho-broker' },
            Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
            Condition: { StringEquals: { 'sts:ExternalId': 'sekisho-payments-prod-7f3a' } },
          },
        ],
      },
      null,
      2,
    ),
  },
})

function showProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const view = problemView(wordsFor(languageOf(request)), problem, {
    requestId: '01K7-Q4MZ-X92H-TB5A',
    now: sampleNow,
    visitor: queryOf(request)['as'] === 'stranger' ? null : sampleVisitor(),
    contact: 'platform@example.com',
  })
  return reply.page('problem', view, { status: problem.status })
}

function queryOf(request: FastifyRequest): Query {
  const { query } = request
  return typeof query === 'object' && query !== null ? (query as Query) : {}
}

if (import.meta.main) {
  const address = await createPagePreview().listen({ host: '127.0.0.1', port: 0 })
  process.stdout.write(`${address}\n`)
}
