import type { Adapter, AdapterPayload } from 'oidc-provider'

/**
 * Where a provider keeps its records of one kind (sessions, codes, tokens): in memory, until it
 * stops. The library's own store holds 1,000 records, which a load test fills. Expiry is checked
 * by the library whenever it reads.
 */
export function memoryRecords(): Adapter {
  const records = new Map<string, AdapterPayload>()

  return {
    async upsert(id, payload) {
      records.set(id, payload)
    },
    async find(id) {
      return records.get(id)
    },
    async findByUid(uid) {
      return records.values().find((payload) => payload.uid === uid)
    },
    async findByUserCode(userCode) {
      return records.values().find((payload) => payload.userCode === userCode)
    },
    async consume(id) {
      const payload = records.get(id)
      if (payload) payload.consumed = Math.floor(Date.now() / 1000)
    },
    async destroy(id) {
      records.delete(id)
    },
    async revokeByGrantId(grantId) {
      for (const [id, payload] of records) {
        if (payload.grantId === grantId) records.delete(id)
      }
    },
  }
}
