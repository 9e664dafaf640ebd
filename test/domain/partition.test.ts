import { STSClient } from '@aws-sdk/client-sts'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import {
  hostsOf,
  isRegionOf,
  partitionNames,
  partitionOf,
  signInHostOf,
  urlUnder,
} from '#domain/partition.ts'
import type { PartitionName } from '#domain/partition.ts'

const none = { sts: null, signIn: null, console: null }

describe('the hosts of a partition', () => {
  const table: readonly (readonly [PartitionName, string, string, string, string | null])[] = [
    [
      'aws',
      'us-east-1',
      'sts.us-east-1.amazonaws.com',
      'signin.aws.amazon.com',
      'us-east-1.console.aws.amazon.com',
    ],
    [
      'aws',
      'eu-west-1',
      'sts.eu-west-1.amazonaws.com',
      'eu-west-1.signin.aws.amazon.com',
      'eu-west-1.console.aws.amazon.com',
    ],
    [
      'aws-cn',
      'cn-north-1',
      'sts.cn-north-1.amazonaws.com.cn',
      'signin.amazonaws.cn',
      'cn-north-1.console.amazonaws.cn',
    ],
    [
      'aws-cn',
      'cn-northwest-1',
      'sts.cn-northwest-1.amazonaws.com.cn',
      'cn-northwest-1.signin.amazonaws.cn',
      'cn-northwest-1.console.amazonaws.cn',
    ],
    [
      'aws-us-gov',
      'us-gov-west-1',
      'sts.us-gov-west-1.amazonaws.com',
      'signin.amazonaws-us-gov.com',
      'us-gov-west-1.console.amazonaws-us-gov.com',
    ],
    [
      'aws-us-gov',
      'us-gov-east-1',
      'sts.us-gov-east-1.amazonaws.com',
      'us-gov-east-1.signin.amazonaws-us-gov.com',
      'us-gov-east-1.console.amazonaws-us-gov.com',
    ],
    [
      'aws-eusc',
      'eusc-de-east-1',
      'sts.eusc-de-east-1.amazonaws.eu',
      'eusc-de-east-1.signin.amazonaws-eusc.eu',
      'eusc-de-east-1.console.amazonaws-eusc.eu',
    ],
    [
      'aws-iso',
      'us-iso-east-1',
      'sts.us-iso-east-1.c2s.ic.gov',
      'us-iso-east-1.signin.c2shome.ic.gov',
      null,
    ],
    [
      'aws-iso-b',
      'us-isob-east-1',
      'sts.us-isob-east-1.sc2s.sgov.gov',
      'us-isob-east-1.signin.sc2shome.sgov.gov',
      null,
    ],
    [
      'aws-iso-e',
      'eu-isoe-west-1',
      'sts.eu-isoe-west-1.cloud.adc-e.uk',
      'eu-isoe-west-1.signin.csphome.adc-e.uk',
      null,
    ],
    [
      'aws-iso-f',
      'us-isof-south-1',
      'sts.us-isof-south-1.csp.hci.ic.gov',
      'us-isof-south-1.signin.csphome.hci.ic.gov',
      null,
    ],
  ]
  for (const [name, region, sts, signIn, console] of table) {
    it(`are those of ${region} in ${name}`, () => {
      const hosts = hostsOf(partitionOf(name), region, none)
      assert.deepEqual(
        [hosts.sts.host, hosts.signIn.host, hosts.console?.host ?? null],
        [sts, signIn, console],
      )
    })
  }

  it('have STS where the SDK of AWS itself looks for it, in every partition', () => {
    for (const name of partitionNames) {
      const partition = partitionOf(name)
      const region = partition.defaultRegion
      const client = new STSClient({ region })
      const { url } = client.config.endpointProvider({ Region: region })
      assert.equal(hostsOf(partition, region, none).sts.host, url.host)
      client.destroy()
    }
  })

  it('have a Region-prefixed sign-in everywhere, for the way back from a sign-out', () => {
    for (const name of partitionNames) {
      const partition = partitionOf(name)
      const hosts = hostsOf(partition, partition.defaultRegion, none)
      assert.equal(signInHostOf(hosts, false), hosts.signIn)
      assert.equal(signInHostOf(hosts, true), hosts.prefixedSignIn)
      assert.equal(
        hosts.prefixedSignIn.host,
        `${partition.defaultRegion}.${partition.signInDomain}`,
      )
    }
  })

  it('are overridden one by one, with the Region put in', () => {
    const overrides = { ...none, sts: 'http://127.0.0.1:1/{region}', signIn: 'https://in.example' }
    const hosts = hostsOf(partitionOf('aws'), 'eu-west-1', overrides)
    assert.equal(hosts.sts.href, 'http://127.0.0.1:1/eu-west-1')
    assert.equal(hosts.prefixedSignIn.href, 'https://in.example/')
    assert.equal(hosts.console?.host, 'eu-west-1.console.aws.amazon.com')
  })
})

describe('a Region', () => {
  it('belongs to the partition that its name says', () => {
    for (const name of partitionNames) {
      const { defaultRegion } = partitionOf(name)
      const owners = partitionNames.filter((other) => isRegionOf(other, defaultRegion))
      assert.deepEqual(owners, [name])
    }
  })

  it('is never a text that would change the host it is put into', () => {
    for (const text of ['', 'eu-west-1.evil.example', 'eu-west-1/', 'EU-WEST-1', 'eu-west-1\n']) {
      assert.equal(isRegionOf('aws', text), false, JSON.stringify(text))
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (isRegionOf('aws', text)) assert.match(text, /^[a-z0-9-]+$/)
      }),
    )
  })
})

describe('a URL under a base', () => {
  it('keeps the path of the base, with one slash between', () => {
    assert.equal(urlUnder(new URL('http://h/a/'), '/b?c#d').href, 'http://h/a/b?c#d')
    assert.equal(urlUnder(new URL('http://h'), '//evil.example').host, 'h')
  })
})
