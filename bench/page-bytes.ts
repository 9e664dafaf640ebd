/** One page as it comes over the wire, and what it would weigh compressed. */
import { get } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

export interface PageBytes {
  readonly encoding: string | null
  readonly bytes: Buffer
}

/** fetch would unpack it. */
export function fetchPage(
  url: string,
  headers: Readonly<Record<string, string>>,
  status = 200,
): Promise<PageBytes> {
  const { promise, resolve, reject } = Promise.withResolvers<PageBytes>()
  get(url, { headers, agent: false })
    .once('error', reject)
    .once('response', (response) => {
      if (response.statusCode !== status) reject(new Error(`${url}: ${response.statusCode}`))
      const encoding = response.headers['content-encoding'] ?? null
      buffer(response).then((bytes) => resolve({ encoding, bytes }), reject)
    })
  return promise
}

/** By the levels that are quick enough to be used for every page. */
export function compressedSizes(bytes: Buffer): { readonly gzip: number; readonly brotli: number } {
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 4 }
  return {
    gzip: gzipSync(bytes).length,
    brotli: brotliCompressSync(bytes, { params: quality }).length,
  }
}
