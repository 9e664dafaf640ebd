import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import fc from 'fast-check'
import { rankTiles, tileText, type FilterRow, type TileText } from '#domain/tile-filter.ts'

/** `own` and `shared` are what the browser calls the two texts. */
interface Row extends FilterRow {
  readonly label: string
  readonly own: TileText
  readonly shared: TileText
}

function row(role: string, account: string, environment: string, rest: string, boost = 0): Row {
  const own = tileText([role], [])
  const shared = tileText([account, environment], [rest])
  return {
    label: `${account} ${role}`,
    texts: [own, shared],
    own,
    shared,
    boost,
  }
}

const rows = [
  row('Administrator', 'Payments', 'Production', 'payments-prod 111122220101 1111-2222-0101'),
  row('ReadOnly', 'Payments', 'Production', 'payments-prod 111122220101 1111-2222-0101 team money'),
  row('ReadOnly', 'Playground', 'Sandbox', 'playground 111122220304 1111-2222-0304'),
  row('NetworkAdmin', 'Shared network', 'Production', 'network 111122220104 1111-2222-0104'),
  row('閲覧', '決済', '本番', 'kessai 111122220109 1111-2222-0109'),
]

const found = (query: string) => rankTiles(rows, query).map(({ label }) => label)

describe('the filter over tiles', () => {
  it('finds words in any order and with gaps', () => {
    assert.equal(found('prd adm')[0], 'Payments Administrator')
    assert.deepEqual(found('adm prd'), found('prd adm'))
    assert.deepEqual(found('pymnts rdnly'), ['Payments ReadOnly'])
  })

  it('asks for every word', () => {
    assert.deepEqual(found('payments sandbox'), [])
  })

  it('puts the beginning of a name before its inside', () => {
    assert.deepEqual(found('admin'), ['Payments Administrator', 'Shared network NetworkAdmin'])
  })

  it('finds part of an account number, with and without hyphens, and tags', () => {
    assert.deepEqual(found('0304'), ['Playground ReadOnly'])
    assert.deepEqual(found('2222-0304'), ['Playground ReadOnly'])
    assert.deepEqual(found('111122220304'), ['Playground ReadOnly'])
    assert.deepEqual(found('money'), ['Payments ReadOnly'])
  })

  it('guesses only where nothing says the word: prod does not bring the playground', () => {
    assert.ok(!found('prod').includes('Playground ReadOnly'))
    assert.ok(found('plygrnd').includes('Playground ReadOnly'))
  })

  it('is blind to case, width and the marks between words', () => {
    assert.deepEqual(found('ＰＡＹＭＥＮＴＳ／readonly'), ['Payments ReadOnly'])
    assert.deepEqual(found('決済'), ['決済 閲覧'])
  })

  it('lets a favourite win between equals', () => {
    const equals = [
      row('ReadOnly', 'One', 'Production', ''),
      row('ReadOnly', 'Two', 'Production', '', 0.5),
    ]
    assert.deepEqual(
      rankTiles(equals, 'read').map(({ label }) => label),
      ['Two ReadOnly', 'One ReadOnly'],
    )
  })

  it('leaves everything in place where nothing is asked', () => {
    assert.equal(rankTiles(rows, ' / '), rows)
  })

  it('finds every tile by the beginnings of its own words', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z0-9あ-ん]{1,8}$/), { minLength: 1, maxLength: 4 }),
        fc.nat(7),
        (words, length) => {
          const one = { texts: [tileText(words, [])], boost: 0 }
          const query = words.map((word) => word.slice(0, length + 1)).join(' ')
          assert.deepEqual(rankTiles([one], query), [one])
        },
      ),
    )
  })

  it('answers quickly whatever is typed', () => {
    const hostile = [{ texts: [tileText(['a'.repeat(5_000)], [])], boost: 0 }]
    const startedAt = process.cpuUsage()
    rankTiles(hostile, `${'a'.repeat(99)}b`)
    assert.ok(process.cpuUsage(startedAt).user < 500_000)
  })
})

describe('the parts of a tile', () => {
  it('say together what one text would say', () => {
    const words = fc.array(fc.stringMatching(/^[a-c]{1,3}$/), { maxLength: 4 })
    fc.assert(
      fc.property(fc.tuple(words, words, words, words), words, ([a, b, c, d], asked) => {
        const whole = { texts: [tileText([...a, ...b], [...c, ...d])], boost: 0 }
        const parts = { texts: [tileText(a, c), tileText(b, d)], boost: 0 }
        const other = { texts: [tileText(['abc'], ['c'])], boost: 0.5 }
        const query = asked.join(' ')
        const places = (row: FilterRow) => {
          const rows = [row, other]
          return rankTiles(rows, query).map((one) => rows.indexOf(one))
        }
        assert.deepEqual(places(parts), places(whole))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the filter in the browser', () => {
  before(async () => {
    // @ts-expect-error: a script of the page has no types
    await import('../../public/tile-filter.js')
  })

  const browserRank = (query: string): readonly string[] => {
    const rank = Reflect.get(globalThis, 'rankTiles') as (
      all: readonly Row[],
      text: string,
    ) => readonly Row[]
    return rank(rows, query).map(({ label }) => label)
  }

  it('is the same rule as on the server', () => {
    const letters = fc.constantFrom(...'padmrdonly prod 0120/-決済ＰＡ閲'.split(''))
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 14 }), (query) => {
        assert.deepEqual(browserRank(query), found(query))
      }),
      { numRuns: 2_000 },
    )
  })
})
