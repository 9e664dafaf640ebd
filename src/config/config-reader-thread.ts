/** What runs in the thread of config-reader.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import type { ReaderInput } from './config-reader.ts'
import { readConfig } from './load.ts'

const input: ReaderInput = workerData
parentPort?.postMessage(await readConfig(input))
