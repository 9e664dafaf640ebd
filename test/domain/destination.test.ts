import fc from 'fast-check'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { destinationUrl, multiSessionAccount, readDestination } from '#domain/destination.ts'
import { hostsOf, partitionNames, partitionOf } from '#domain/partition.ts'

const aws = partitionOf('aws')
const read = (to: string, override: URL | null = null) => readDestination(to, aws, override)
const accepted = (to: string) => {
  const reading = read(to)
  assert.equal(reading.outcome, 'destination', `${to}: ${JSON.stringify(reading)}`)
  return reading
}

describe('a destination', () => {
  it('is a path of the console, with its query and fragment as they are', () => {
    assert.deepEqual(accepted('/cloudwatch/home?x=1#logsV2:log-groups/$252Faws'), {
      outcome: 'destination',
      destination: '/cloudwatch/home?x=1#logsV2:log-groups/$252Faws',
      region: null,
    })
  })

  const urls: readonly (readonly [string, string, string | null])[] = [
    ['https://console.aws.amazon.com/', 'https://console.aws.amazon.com/', null],
    [
      'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:',
      'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:',
      'eu-west-1',
    ],
    [
      'https://ap-northeast-1.console.aws.amazon.com/s3/home',
      'https://ap-northeast-1.console.aws.amazon.com/s3/home',
      'ap-northeast-1',
    ],
    [
      'https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/s3/home#x',
      'https://eu-west-1.console.aws.amazon.com/s3/home#x',
      'eu-west-1',
    ],
    [
      'HTTPS://US-EAST-1.CONSOLE.AWS.AMAZON.COM/go/view?arn=arn:aws:s3:::x',
      'https://us-east-1.console.aws.amazon.com/go/view?arn=arn:aws:s3:::x',
      'us-east-1',
    ],
    [
      'https://console.aws.amazon.com/s3?region=us-west-2',
      'https://console.aws.amazon.com/s3?region=us-west-2',
      'us-west-2',
    ],
    [
      'https://console.aws.amazon.com/s3?region=evil.example/',
      'https://console.aws.amazon.com/s3?region=evil.example/',
      null,
    ],
  ]
  for (const [to, destination, region] of urls) {
    it(`takes ${to}${destination === to ? '' : ` as ${destination}`}`, () => {
      assert.deepEqual(accepted(to), { outcome: 'destination', destination, region })
    })
  }

  const refused: readonly (readonly [string, string, string | null])[] = [
    ['//evil.example/', 'other-site', 'evil.example'],
    ['/\\evil.example/', 'other-site', 'evil.example'],
    ['/x/..//evil.example', 'other-site', 'evil.example'],
    ['/\t/evil.example', 'not-a-url', null],
    ['/a\nb', 'not-a-url', null],
    ['', 'not-a-url', null],
    ['console/home', 'not-a-url', null],
    [' /console/home', 'not-a-url', null],
    ['https://', 'not-a-url', null],
    ['https:/console.aws.amazon.com/', 'not-a-url', 'console.aws.amazon.com'],
    ['https:\\\\console.aws.amazon.com/', 'not-a-url', 'console.aws.amazon.com'],
    ['javascript:alert(1)', 'not-https', null],
    ['data:text/html,x', 'not-https', null],
    ['http://console.aws.amazon.com/', 'not-https', 'console.aws.amazon.com'],
    ['https://console.aws.amazon.com@evil.example/', 'has-userinfo', 'evil.example'],
    ['https://user:secret@console.aws.amazon.com/', 'has-userinfo', 'console.aws.amazon.com'],
    ['https://@console.aws.amazon.com/', 'has-userinfo', 'console.aws.amazon.com'],
    ['https://console.aws.amazon.com:8443/', 'has-port', 'console.aws.amazon.com'],
    ['https://console.aws.amazon.com:443/', 'has-port', 'console.aws.amazon.com'],
    ['https://evil.example/', 'other-site', 'evil.example'],
    ['https://evilconsole.aws.amazon.com/', 'other-site', 'evilconsole.aws.amazon.com'],
    [
      'https://console.aws.amazon.com.evil.example/',
      'other-site',
      'console.aws.amazon.com.evil.example',
    ],
    ['https://console.aws.amazon.com./', 'other-site', 'console.aws.amazon.com.'],
    ['https://signin.aws.amazon.com/oauth', 'other-site', 'signin.aws.amazon.com'],
    ['https://111122223333-abcd1234.evil.example/', 'other-site', 'evil.example'],
    ['https://console.amazonaws.cn/', 'other-site', 'console.amazonaws.cn'],
    [
      'https://console。aws.amazon.com.evil.example/',
      'other-site',
      'console.aws.amazon.com.evil.example',
    ],
    [`/${'x'.repeat(5000)}`, 'too-long', null],
  ]
  for (const [to, reason, host] of refused) {
    it(`refuses ${JSON.stringify(to.slice(0, 60))} by name: ${reason}`, () => {
      assert.deepEqual(read(to), { outcome: 'refused', reason, host })
    })
  }

  it('may be on the origin of an override, port and all, and on no other one of that host', () => {
    const override = new URL('http://127.0.0.1:4100/eu-west-1')
    assert.equal(read('http://127.0.0.1:4100/s3/home', override).outcome, 'destination')
    assert.equal(read('http://127.0.0.1:4101/s3/home', override).outcome, 'refused')
    assert.equal(read('http://x@127.0.0.1:4100/s3/home', override).outcome, 'refused')
  })

  it('is of its own partition', () => {
    const china = partitionOf('aws-cn')
    const to = 'https://cn-north-1.console.amazonaws.cn/s3?region=eu-west-1'
    assert.deepEqual(readDestination(to, china, null), {
      outcome: 'destination',
      destination: to,
      region: 'cn-north-1',
    })
  })

  it('is refused as a URL where no public source names the console', () => {
    const reading = readDestination('https://console.aws.amazon.com/', partitionOf('aws-iso'), null)
    assert.equal(reading.outcome, 'refused')
  })
})

describe('the address of a destination', () => {
  const console = new URL('https://eu-west-1.console.aws.amazon.com')

  it('puts a path on the console of the Region, fragment and all', () => {
    assert.equal(
      destinationUrl('/s3/home?tab=x#y', 'eu-west-1', console).href,
      'https://eu-west-1.console.aws.amazon.com/s3/home?tab=x#y',
    )
  })

  it('names the Region where neither host nor query does', () => {
    const bare = new URL('http://127.0.0.1:4100')
    assert.equal(
      destinationUrl('/s3/home#y', 'eu-west-1', bare).href,
      'http://127.0.0.1:4100/s3/home?region=eu-west-1#y',
    )
    assert.equal(
      destinationUrl('https://console.aws.amazon.com/s3?a=b%20c', 'eu-west-1', console).href,
      'https://console.aws.amazon.com/s3?a=b%20c&region=eu-west-1',
    )
    assert.equal(
      destinationUrl('/s3?region=us-west-2', 'eu-west-1', bare).search,
      '?region=us-west-2',
    )
  })

  it('stays under the path of an override', () => {
    const override = new URL('http://127.0.0.1:4100/eu-west-1')
    assert.equal(destinationUrl('/s3/home', 'eu-west-1', override).pathname, '/eu-west-1/s3/home')
  })

  it('is on the console of the partition, whatever was asked', () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom(...partitionNames), (to, name) => {
        const partition = partitionOf(name)
        const reading = readDestination(to, partition, null)
        if (reading.outcome === 'refused') return
        const { consoleDomain, defaultRegion } = partition
        const { console } = hostsOf(partition, defaultRegion, noOverrides)
        const url = destinationUrl(
          reading.destination,
          defaultRegion,
          console ?? new URL('https://console.iso.example'),
        )
        const domain = consoleDomain ?? 'console.iso.example'
        assert.ok(url.hostname === domain || url.hostname.endsWith(`.${domain}`), url.href)
        assert.deepEqual(
          [url.protocol, url.port, url.username, url.password],
          ['https:', '', '', ''],
        )
        assert.doesNotMatch(reading.destination, /^\/[/\\]/)
      }),
      { numRuns: 2000 },
    )
  })

  it('reads its own answers the same way again', () => {
    fc.assert(
      fc.property(hostileText, (to) => {
        const reading = read(to)
        if (reading.outcome === 'destination') assert.deepEqual(read(reading.destination), reading)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the account that a multi-session host names', () => {
  it('is its first twelve digits', () => {
    const host = '111122223333-abcd1234.eu-west-1.console.aws.amazon.com'
    assert.equal(multiSessionAccount(host), '111122223333')
  })

  it('is nothing for other hosts', () => {
    assert.equal(multiSessionAccount('eu-west-1.console.aws.amazon.com'), null)
    assert.equal(multiSessionAccount('11112222333-abcd1234.console.aws.amazon.com'), null)
  })
})

const noOverrides = { sts: null, signIn: null, console: null }

/** Pieces that meet in attacks on URL checks, put together at random. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '\\',
        '/\\',
        '..',
        '/../',
        '@',
        ':',
        ':443',
        '?',
        '#',
        '%2f',
        '%5c',
        '\t',
        'https:',
        'https://',
        'http://',
        'javascript:',
        'console.aws.amazon.com',
        '\u3002',
        'eu-west-1.',
        '111122223333-abcd1234.',
        'evil.example',
        '.evil.example',
        '?region=',
        'console.amazonaws.cn',
        'us-west-2',
        'path.invalid',
        'console/home',
        '[::1]',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map((parts) => parts.join(''))
