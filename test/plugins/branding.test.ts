import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { BrandingSettings } from '#domain/settings.ts'
import { accentStyle } from '#plugins/branding.ts'
import { createPagePreview } from '../support/page-preview.ts'
import { sampleSettings } from '../support/sample-roles.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function startBranded(t: TestContext, more: Partial<BrandingSettings>) {
  const branding = { ...sampleSettings().branding, ...more }
  const app = createPagePreview({ settings: sampleSettings({ branding }) })
  t.after(() => app.close())
  return app
}

describe('branding', () => {
  it('puts the company’s name, logo and colour on every page', async (t) => {
    const folder = await temporaryFolder(t)
    const logoFile = join(folder, 'logo.svg')
    await writeFile(logoFile, '<svg xmlns="http://www.w3.org/2000/svg"/>')
    const app = startBranded(t, { name: 'Example AWS', logoFile, accent: '#118844' })

    const page = await app.inject('/sign-in?as=stranger')
    assert.match(page.body, /<title>Show your pass · Example AWS<\/title>/)
    assert.match(page.body, /<img src="\/branding\/logo\?v=[0-9a-f]{16}"/)
    assert.doesNotMatch(page.body, /関所/)
    const style = await app.inject('/branding/accent.css')
    assert.match(style.body, /--ai:light-dark\(oklch\(from #118844/)
    const logo = await app.inject('/branding/logo')
    assert.deepEqual([logo.statusCode, logo.headers['content-type']], [200, 'image/svg+xml'])
  })

  it('lets nothing but a colour into the style sheet', () => {
    assert.equal(accentStyle('red}body{display:none'), '')
    assert.equal(accentStyle('#12345'), '')
  })

  it('has nothing of its own to give where nothing is configured', async (t) => {
    const app = startBranded(t, {})
    assert.notEqual((await app.inject('/branding/logo')).statusCode, 200)
    assert.doesNotMatch((await app.inject('/')).body, /branding/)
  })
})
