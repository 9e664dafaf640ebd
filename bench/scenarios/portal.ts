/** The portal page: time on the server, weight on the wire, and the filter in a browser. */
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../../test/support/browser.ts'
import { profiled, startChild, type Child } from '../child-process.ts'
import { columns, inRounds, quantile, type Bench, type Figure, type Scenario } from '../figure.ts'
import { measureFilter } from '../filter-in-browser.ts'
import { clickHeaders, sendLoad } from '../load.ts'
import { compressedSizes, fetchPage } from '../page-bytes.ts'
import { startPlant, type Plant } from '../plant.ts'

export const portal: Scenario = {
  name: 'portal',
  title: 'The portal page',
  async run(bench) {
    await using parts = new AsyncDisposableStack()
    const browser = await launchBrowser({ after: (close) => parts.defer(close) })
    const figures: Figure[] = []
    for (const tiles of [50, 500, 5_000]) {
      bench.say(`  ${tiles} tiles`)
      figures.push(...(await measure(bench, browser, tiles)))
    }
    return figures
  },
}

const setsInAccount = 5

async function measure(bench: Bench, browser: Browser, tiles: number): Promise<Figure[]> {
  await using parts = new AsyncDisposableStack()
  const plant = await startPlant({
    size: { accounts: tiles / setsInAccount, permissionSets: setsInAccount },
    aws: false,
  })
  parts.defer(() => plant.stop())
  const bare = await startChild<{ readonly url: string }>('bytes-process.ts', {
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })
  parts.defer(() => bare.stop())
  const isGoal = tiles === 5_000
  return [
    ...(await onTheServer(bench, plant, bare, tiles)),
    ...(await onTheWire(plant, tiles, isGoal)),
    ...(isGoal ? await besideThePage(plant) : []),
    ...(await inTheBrowser(bench, browser, plant, tiles)),
  ]
}

async function onTheServer(
  { isQuick, profileFolder }: Bench,
  { broker, cookie }: Plant,
  bare: Child<{ readonly url: string }>,
  tiles: number,
): Promise<Figure[]> {
  const seconds = isQuick ? 0.4 : 2
  const url = `${broker.ready.url}/`
  const asked = { ...clickHeaders, cookie }
  const { 'accept-encoding': _packed, ...plain } = asked
  const time = async (at: string, headers: Readonly<Record<string, string>>) => {
    const { times } = await sendLoad({ url: at, headers, atOnce: 1, seconds, status: 200 })
    return quantile(times, 0.5)
  }
  const timeBytes = async (headers: Readonly<Record<string, string>>) => {
    await bare.ask('serve', (await fetchPage(url, headers)).bytes.toString('base64'))
    return time(bare.ready.url, headers)
  }
  const rounds = await inRounds(isQuick ? 1 : 3, async () => ({
    asked: await time(url, asked),
    plain: await time(url, plain),
    askedBytes: await timeBytes(asked),
    plainBytes: await timeBytes(plain),
  }))
  const of = columns(rounds)
  await profiled(profileFolder, `portal-${tiles}`, broker, () => time(url, asked))
  const fromMemory = 'ms for the same bytes from memory'
  return [
    {
      what: `${tiles} tiles: server time, as browsers ask`,
      unit: 'ms',
      samples: of('asked'),
      yardstick: { what: fromMemory, samples: of('askedBytes') },
      ...(tiles === 5_000 && { reach: { atMost: 25 } }),
    },
    {
      what: `${tiles} tiles: server time, no compression asked for`,
      unit: 'ms',
      samples: of('plain'),
      yardstick: { what: fromMemory, samples: of('plainBytes') },
    },
  ]
}

async function onTheWire(
  { broker, cookie }: Plant,
  tiles: number,
  isGoal: boolean,
): Promise<Figure[]> {
  const url = `${broker.ready.url}/`
  const { 'accept-encoding': _packed, ...plain } = { ...clickHeaders, cookie }
  const raw = (await fetchPage(url, plain)).bytes
  const sent = await fetchPage(url, {
    ...plain,
    'accept-encoding': clickHeaders['accept-encoding'],
  })
  const sizes = compressedSizes(raw)
  const kilobytes = (what: string, bytes: number) => ({
    what: `${tiles} tiles: ${what}`,
    unit: 'kB',
    samples: [bytes / 1000],
  })
  return [
    kilobytes('page, raw', raw.length),
    kilobytes('page, if by gzip 6', sizes.gzip),
    kilobytes('page, if by brotli 4', sizes.brotli),
    {
      ...kilobytes(`page, as sent (${sent.encoding ?? 'not compressed'})`, sent.bytes.length),
      ...(isGoal && { reach: { atMost: 150 } }),
    },
  ]
}

/** Sheet and scripts do not change with the tiles, so they are weighed once. */
async function besideThePage({ broker, cookie }: Plant): Promise<Figure[]> {
  const { 'accept-encoding': packed, ...plain } = { ...clickHeaders, cookie }
  const page = (await fetchPage(`${broker.ready.url}/`, plain)).bytes.toString()
  const figures: Figure[] = []
  for (const name of ['style.css', 'app.js', 'tile-filter.js']) {
    const [, path] = new RegExp(`"([^"]*/${RegExp.escape(name)}[^"]*)"`).exec(page) ?? []
    if (path === undefined) throw new Error(`the page does not ask for ${name}`)
    const { href } = new URL(path, broker.ready.url)
    const raw = (await fetchPage(href, plain)).bytes
    const sent = await fetchPage(href, { ...plain, 'accept-encoding': packed })
    const kilobytes = (what: string, bytes: number) => ({
      what: `any number of tiles: ${name}, ${what}`,
      unit: 'kB',
      samples: [bytes / 1000],
    })
    figures.push(
      kilobytes('raw', raw.length),
      kilobytes(`as sent (${sent.encoding ?? 'not compressed'})`, sent.bytes.length),
    )
  }
  return figures
}

/** 60 frames a second. */
const frameMilliseconds = 16.7

async function inTheBrowser(
  { isQuick }: Bench,
  browser: Browser,
  { broker, cookie }: Plant,
  tiles: number,
): Promise<Figure[]> {
  const visits = await inRounds(isQuick ? 2 : 7, () =>
    measureFilter(browser, `${broker.ready.url}/`, cookie),
  )
  const reach = tiles === 5_000 ? { reach: { atMost: frameMilliseconds } } : {}
  return [
    {
      what: `${tiles} tiles: filter answers, first letter at once after the load`,
      unit: 'ms',
      samples: visits.map(({ cold }) => cold),
      ...reach,
    },
    {
      what: `${tiles} tiles: filter answers, later letters (slowest of each visit)`,
      unit: 'ms',
      samples: visits.map(({ warm }) => quantile(warm, 1)),
      ...reach,
    },
    {
      what: `${tiles} tiles: page usable in Chromium`,
      unit: 'ms',
      samples: visits.map(({ load }) => load),
    },
  ]
}
