import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { loadBrokerArn } from '#adapters/aws/broker-arn.ts'
import { chained, longTerm, setUpAws } from '../support/aws-openings.ts'

describe("the broker's own ARN", () => {
  it('is that of the role behind its session, as trust policies need it', async (t) => {
    const { settings } = await setUpAws(t)
    const credentials = { ...chained }
    assert.deepEqual(await loadBrokerArn({ settings, product: 'Sekisho/0.1.0', credentials }), {
      outcome: 'arn',
      arn: 'arn:aws:iam::999988887777:role/console-broker',
    })
  })

  it('is unknown, with the reason, where AWS does not know the credentials', async (t) => {
    const { settings } = await setUpAws(t)
    const credentials = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: longTerm.secretAccessKey }
    const reading = await loadBrokerArn({ settings, product: 'Sekisho/0.1.0', credentials })
    assert.equal(reading.outcome, 'unknown')
    assert.match(reading.why, /broker-credentials-unknown/)
  })
})
