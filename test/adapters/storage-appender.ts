/**
 * A process that records to a store and prints each sequence once it is acknowledged.
 * Arguments: store URL, name of the actor, number of records.
 */
import { writeSync } from 'node:fs'
import { openStorage } from '#adapters/storage/open-storage.ts'
import { eventOf } from '../contracts/storage-under-test.ts'

const [url = '', name = '', count = ''] = process.argv.slice(2)
const storage = await openStorage(url, { clock: () => new Date() })
let left = Number(count)

async function append(): Promise<void> {
  while (left > 0) {
    left -= 1
    const { sequence } = await storage.trail.record(eventOf(name))
    // At once, past any buffer: what is printed was acknowledged before a kill.
    writeSync(1, `${sequence}\n`)
  }
}

await Promise.all([append(), append(), append(), append()])
await storage.close()
