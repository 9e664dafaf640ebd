import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import { Problem, type ProblemCode } from '#domain/problem.ts'
import {
  content,
  drip,
  hang,
  huge,
  json,
  redirect,
  type Reply,
} from '../support/hostile-replies.ts'
import { problemWith, setUpProvider } from '../support/provider-setup.ts'

const canary = 'canary-4f1d'

describe('a token endpoint that misbehaves', () => {
  const replies: readonly [string, Reply, ProblemCode][] = [
    [
      'refuses the code',
      json({ error: 'invalid_grant', error_description: canary }, 400),
      'sign-in-expired',
    ],
    [
      'refuses our secret',
      json({ error: 'invalid_client', error_description: canary }, 401),
      'sign-in-failed',
    ],
    [
      'breaks',
      content(`<html>${canary}</html>`, 'text/html', 500),
      'identity-provider-unavailable',
    ],
    [
      'answers HTML',
      content(`<html>${canary}</html>`, 'text/html'),
      'identity-provider-unavailable',
    ],
    ['answers a list', json([canary]), 'sign-in-failed'],
    ['answers no ID token', json({ access_token: canary, token_type: 'Bearer' }), 'sign-in-failed'],
    ['sends us elsewhere', redirect('http://127.0.0.1:1/token'), 'identity-provider-unavailable'],
    ['answers with fifty megabytes', huge(50_000_000), 'identity-provider-unavailable'],
  ]
  for (const [what, reply, code] of replies) {
    it(`and ${what} gives "${code}", and nothing of the exchange`, async (t) => {
      const { hostile, logged, signIn } = await setUpProvider(t)
      hostile.setToken(() => reply)
      const error = await signIn().then(
        () => assert.fail('signed in'),
        (problem: unknown) => problem,
      )
      assert.ok(error instanceof Problem)
      const everything = inspect(error, { depth: 20, showHidden: true }) + logged.join()
      assert.doesNotMatch(everything, new RegExp(`${canary}|hostile-secret|Basic |v{43}`))
      assert.ok([code, 'sign-in-failed'].includes(error.code), error.code)
    })
  }

  for (const [what, reply] of [
    ['hangs', hang],
    ['drips', drip],
  ] as const) {
    it(`and ${what} is given up on within five seconds`, async (t) => {
      const { hostile, signIn } = await setUpProvider(t)
      hostile.setToken(() => reply)
      const started = performance.now()
      await assert.rejects(signIn(), problemWith('identity-provider-unavailable'))
      assert.ok(performance.now() - started < 8_000)
    })
  }
})
