import type { Preferences } from '#ports'

/** How far a sink has come, for all replicas. */
export interface StoredPosition {
  /** 0 before the first record. */
  read(): Promise<number>
  write(sequence: number): Promise<void>
}

/** Key of the broker itself in the trail; no person's has fewer than two spaces. */
const systemKey = 'system'

/** Kept as a setting of the broker itself: shared by all replicas and in every backup of the store. */
export function storedPosition(preferences: Preferences, sink: string): StoredPosition {
  const name = `audit sink ${sink}`
  return {
    async read() {
      const settings = await preferences.settingsOf(systemKey)
      const position = Number(settings.get(name) ?? 0)
      if (!Number.isSafeInteger(position)) throw new Error('the position is unreadable')
      return position
    },
    write: (sequence) => preferences.set(systemKey, name, String(sequence)),
  }
}
