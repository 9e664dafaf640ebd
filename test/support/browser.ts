import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core'
import { chromiumPath, fontSettings } from './chromium-binary.ts'

/** Where a closing is registered: a `TestContext`, or `{ after }` of node:test for a whole suite. */
export interface Closing {
  after(close: () => Promise<void>): void
}

/** Something the browser objected to while a test looked at a page. */
export interface Complaint {
  kind: 'console' | 'page-error' | 'csp' | 'foreign-request'
  text: string
  url: string
}

export interface RecordedPage {
  page: Page
  complaints: readonly Complaint[]
  /** Fails with every complaint so far. The status of a page visited on purpose is none. */
  assertNoConsoleErrors: () => void
}

/** Only what keeps Chromium from calling home; nothing that would loosen CSP, CORS or cookies. */
const quietFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

/** A real Chromium that can reach nothing beyond loopback, closed with the test. */
export async function launchBrowser(t: Closing): Promise<Browser> {
  const executablePath = await chromiumPath()
  const browser = await chromium.launch({
    executablePath,
    args: quietFlags,
    env: { ...fontSettings(executablePath), ...process.env },
  })
  t.after(() => browser.close())
  return browser
}

/** A page in a context of its own: no cookie is shared with any other page of the test. */
export async function newPage(
  t: Closing,
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<RecordedPage> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  t.after(() => context.close())
  const page = await context.newPage()
  return { page, ...recordComplaints(page) }
}

function recordComplaints(page: Page): Omit<RecordedPage, 'page'> {
  const complaints: Complaint[] = []
  const visited = new Set<string>()

  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(complaintOf(message))
  })
  page.on('pageerror', (error) => {
    complaints.push({ kind: 'page-error', text: error.stack ?? error.message, url: page.url() })
  })
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
      visited.add(request.url())
    }
    if (!isLoopback(request.url())) {
      complaints.push({ kind: 'foreign-request', text: request.method(), url: request.url() })
    }
  })

  return {
    complaints,
    assertNoConsoleErrors() {
      // Chromium reports each 4xx as an error, also that of a page a test went to see.
      const unexpected = complaints.filter(
        ({ text, url }) => !(text.startsWith('Failed to load resource') && visited.has(url)),
      )
      assert.deepEqual(unexpected, [], 'the browser complained')
    },
  }
}

function complaintOf(message: ConsoleMessage): Complaint {
  const text = message.text()
  const kind = text.includes('Content Security Policy') ? 'csp' : 'console'
  return { kind, text, url: message.location().url }
}

function isLoopback(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  if (protocol !== 'http:' && protocol !== 'https:') return true
  return hostname === '127.0.0.1' || hostname === 'localhost'
}

interface AxeViolation {
  id: string
  help: string
  helpUrl: string
  nodes: { target: unknown[]; html: string; failureSummary?: string }[]
}

let axeSource: Promise<string> | undefined

/**
 * Runs axe-core with all of its default rules and fails with each violation, element and remedy.
 * The script goes in through the debugging protocol, which a page's CSP does not apply to.
 */
export async function assertAccessible(page: Page): Promise<void> {
  axeSource ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(await axeSource)
  const violations: AxeViolation[] = await page.evaluate(
    'axe.run().then((results) => results.violations)',
  )
  assert.equal(violations.length, 0, `${page.url()} is not accessible\n${inWords(violations)}`)
}

function inWords(violations: readonly AxeViolation[]): string {
  return violations
    .map(({ id, help, helpUrl, nodes }) => {
      const places = nodes.map(
        ({ target, html, failureSummary = '' }) =>
          `  at ${target.join(' ')}\n     ${html}\n     ${failureSummary.replaceAll('\n', '\n     ')}`,
      )
      return [`${id}: ${help} (${helpUrl})`, ...places].join('\n')
    })
    .join('\n\n')
}
