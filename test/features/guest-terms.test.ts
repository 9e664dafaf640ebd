import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { startBroker } from '../support/broker.ts'
import { give, goOn, noteIn, passEvents, redeem } from '../support/guest-walk.ts'
import { formIn } from '../support/html-form.ts'
import { policyText } from '../support/policy-text.ts'

function withTerms(terms: string): string {
  const guestPasses = `
  sponsors: { groups: [platform] }
  permissionSets: [Viewer]
  accounts: [staging]
  longest: 14d
  linkAndPin: true
  terms: ${terms}`
  return policyText({ guestPasses })
}

describe('a guest who has to accept terms', () => {
  it('reads the terms of the config in their own language', async (t) => {
    const configText = withTerms('{ en: Wear a badge., ja: 名札をつけてください。 }')
    const broker = await startBroker(t, { configText })
    const { path } = await give(await broker.signedIn('ada'))
    const inJapanese = { headers: { 'accept-language': 'ja' } }
    assert.match((await broker.visitor().visit(path)).body, /Wear a badge\./)
    assert.match((await broker.visitor().visit(path, inJapanese)).body, /名札をつけてください。/)
  })

  it('accepts the text that they read, and the trail keeps its mark and language', async (t) => {
    const configText = withTerms(
      '{ en: "Wear a badge.\\n\\nBe kind.", ja: 名札をつけてください。 }',
    )
    const broker = await startBroker(t, { configText })
    const ada = await broker.signedIn('ada')
    for (const [language, text] of [
      ['en', 'Wear a badge.\nBe kind.'],
      ['ja', '名札をつけてください。'],
    ] as const) {
      const given = await give(ada)
      const guest = broker.visitor()
      const page = await guest.visit(given.path, { headers: { 'accept-language': language } })
      const { shown = '' } = formIn(page.body, ['shown'])?.fields ?? {}
      await goOn(guest, await redeem(guest, given, { shown }))
      const redeemed = (await broker.recorded()).findLast(({ type }) => type === 'pass.redeemed')
      const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
      assert.equal(redeemed?.details['terms'], `${language} ${hash}`)
    }
  })

  it('is asked again where the terms changed under the open page, and no PIN is counted', async (t) => {
    const broker = await startBroker(t, { configText: withTerms('Wear a badge.') })
    const given = await give(await broker.signedIn('ada'))
    const guest = broker.visitor()
    const shownOn = (body: string) => formIn(body, ['shown'])?.fields['shown'] ?? ''
    const before = shownOn((await guest.visit(given.path)).body)
    await broker.takeOver(withTerms('Wear a badge and a tie.'))
    const refused = await redeem(guest, { ...given, pin: '000000' }, { shown: before })
    assert.equal(refused.statusCode, 400)
    assert.equal(noteIn(refused.body), 'Accept the terms first.')
    assert.match(refused.body, /Wear a badge and a tie\./)
    assert.deepEqual(await passEvents(broker), ['pass.given'])
    const answer = await redeem(guest, given, { shown: shownOn(refused.body) })
    assert.equal((await goOn(guest, answer)).statusCode, 303)
  })
})
