import fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readReturnTarget, returnPath } from '#domain/return-target.ts'

const hostile = [
  '//evil.test',
  '///evil.test',
  '/\\evil.test',
  '\\/evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/%09/evil.test',
  '/%2f/evil.test',
  '/%5cevil.test',
  'https://evil.test/',
  'https:evil.test',
  'javascript:alert(1)',
  'data:text/html,x',
  '/go',
  '/go/a',
  '/go/a/b/c',
  '/go/../..//evil.test',
  '/go/a%2Fb/c',
  '/go/a/b?to=//evil.test&region=evil.test/',
  '/sign-out',
  '/sign-in/company',
  '/static/app.js',
  '/portal/a/b',
  '/@evil.test',
  '/.evil.test',
  '/;@evil.test',
  '/?@evil.test/../x',
  '/#/evil.test',
  'evil.test',
  '',
  ' /',
  '/ ',
]

describe('where to go after a sign-in', () => {
  const ours = [
    '/',
    '/portal/acme',
    '/links',
    '/history',
    '/to/prod-logs',
    '/go/prod/Viewer',
    '/go/111122223333/Viewer?region=eu-west-1&for=30m',
    '/go/prod/Viewer?to=%2Fcloudwatch%2Fhome%3Fregion%3Deu-west-1%23logsV2%3Alog-groups',
  ]
  for (const path of ours) {
    it(`is ${path}, which comes back with nothing lost`, () => {
      const target = readReturnTarget(path)
      assert.ok(target)
      const again = readReturnTarget(returnPath(target))
      assert.deepEqual(again, target)
    })
  }

  for (const text of hostile) {
    it(`never leaves this site for ${JSON.stringify(text)}`, () => {
      const target = readReturnTarget(text)
      if (target === null) return
      const url = new URL(returnPath(target), 'https://broker.test')
      assert.equal(url.origin, 'https://broker.test')
      assert.match(url.pathname, /^\/($|portal\/|go\/|to\/|links$)/)
    })
  }

  it('never leaves this site for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webPath(),
          fc.string().map((s) => `/${s}`),
        ),
        (text) => {
          const target = readReturnTarget(text)
          if (target === null) return
          const path = returnPath(target)
          assert.equal(new URL(path, 'https://broker.test').origin, 'https://broker.test')
          assert.match(path, /^\/(?![/\\])/)
        },
      ),
    )
  })

  it('gives an opening back with every option exactly as asked', () => {
    const text = fc.string({ minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(text, (to) => {
        const path = `/go/prod/Viewer?${new URLSearchParams({ to }).toString()}`
        const target = readReturnTarget(path)
        assert.equal(target?.kind === 'opening' && target.to, to)
      }),
    )
  })
})
