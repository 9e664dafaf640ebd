/** The filter of the portal's script, held against the server's own, on few tiles and on thousands. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openPreview, previewBrowser } from '../support/preview-browser.ts'

const queries = [
  'prd adm',
  'adm prd',
  'read',
  'pay',
  'payments',
  '0203',
  'us',
  'ALICE’S',
  'plygrnd',
]

describe('the filter by script', () => {
  const preview = previewBrowser()

  const open = (t: TestContext, path: string, options?: BrowserContextOptions) =>
    openPreview(t, preview(), path, options)

  const found = async (page: Page): Promise<(string | null)[]> => {
    const links = await page.locator('#results .go').all()
    return Promise.all(links.map((link) => link.getAttribute('href')))
  }

  it('finds what the server finds by ?q=, in the same order', async (t) => {
    const page = await open(t, '/')
    const plain = await open(t, '/', { javaScriptEnabled: false })
    for (const query of queries) {
      await page.fill('#q', query)
      await plain.goto(`${preview().address}/?q=${encodeURIComponent(query)}`)
      assert.deepEqual(await found(page), await found(plain), query)
      assert.equal(
        await page.locator('#count').textContent(),
        await plain.locator('#count').textContent(),
      )
      assert.ok((await found(page)).length > 0, `${query} finds something`)
    }
  })

  it('marks the first match and no other, whatever was typed before', async (t) => {
    const page = await open(t, '/')
    for (const query of ['adm', 'read', 'adm', 'pay', 'pay adm', '', 'read']) {
      await page.fill('#q', query)
      const marked = page.locator('.hit')
      assert.equal(await marked.count(), query === '' ? 0 : 1, `after “${query}”`)
      if (query !== '')
        assert.equal(await page.locator('#results .role.hit:first-child').count(), 1)
    }
  })

  it('draws the best two dozen of 5,000, counts the rest, and has the server show them', async (t) => {
    const page = await open(t, '/?many=5000')
    await page.keyboard.type('readonly')
    assert.equal(await page.locator('#results .role').count(), 24)
    assert.equal(await page.locator('#count').textContent(), '2,500 roles')
    await page.getByRole('button', { name: 'show every match' }).click()
    await page.waitForURL('**/?q=readonly')
  })

  it('puts what does not match out of reach of eye, keyboard and screen reader, and brings it back', async (t) => {
    const page = await open(t, '/')
    const isThere = () => page.evaluate('document.querySelector("#tree .go").checkVisibility()')
    await page.keyboard.type('playground')
    assert.equal(await page.locator('#browse').isVisible(), false)
    assert.equal(await isThere(), false)
    assert.equal(await page.getByRole('heading', { name: 'Production' }).count(), 0)
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press('Tab')
      assert.equal(await page.evaluate('document.activeElement.closest("#browse")'), null)
    }
    await page.fill('#q', '')
    assert.equal(await page.locator('#browse').isVisible(), true)
    assert.equal(await isThere(), true)
  })

  it('goes on from a page that the server filtered', async (t) => {
    const page = await open(t, '/?q=playground')
    assert.equal(await page.locator('#browse').isVisible(), false)
    await page.fill('#q', '')
    assert.equal(await page.locator('#browse').isVisible(), true)
    assert.equal(await page.locator('#results').isVisible(), false)
  })

  it('finds what is folded away by team, in the order of the server; folds open without script', async (t) => {
    const page = await open(t, '/?many=700')
    assert.equal(await page.locator('#tree .go').filter({ visible: true }).count(), 0)
    await page.keyboard.type('storefront 1 read')
    const plain = await open(t, '/?many=700&q=storefront+1+read', { javaScriptEnabled: false })
    assert.deepEqual(await found(page), (await found(plain)).slice(0, 24))
    assert.match((await page.locator('#results .go').first().textContent()) ?? '', /Storefront 1/)

    await plain.goto(`${preview().address}/?many=700`)
    await plain.locator('.team > summary').first().press('Enter')
    assert.ok((await plain.locator('#tree .go').filter({ visible: true }).count()) > 20)
  })

  it('prefers a favourite among equals', async (t) => {
    const page = await open(t, '/')
    await page.keyboard.type('administrator')
    assert.equal((await found(page))[0], '/go/sandbox-alice/Administrator')
  })
})
