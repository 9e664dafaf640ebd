/** How roles open for this person: kept with them, so that it is the same on every device. */
import type { Words } from '../../words/words.ts'

export interface SettingsView {
  readonly toggles: readonly {
    readonly name: 'signOutFirst' | 'newTab'
    readonly label: string
    readonly hint: string
    readonly state: string
    /** What the button sends. */
    readonly value: 'true' | 'false'
    readonly action: string
  }[]
  readonly region: string
}

export function settingsView(
  { portal }: Words,
  settings: ReadonlyMap<string, string>,
): SettingsView {
  const { on, off, turnOn, turnOff, ...text } = portal.settings
  const toggle = (name: 'signOutFirst' | 'newTab', label: string, hint: string) => {
    const isOn = settings.get(name) === 'true'
    return {
      name,
      label,
      hint,
      state: isOn ? on : off,
      value: isOn ? ('false' as const) : ('true' as const),
      action: isOn ? turnOff : turnOn,
    }
  }
  return {
    toggles: [
      toggle('signOutFirst', text.signOutFirst, text.signOutFirstHint),
      toggle('newTab', text.newTab, text.newTabHint),
    ],
    region: settings.get('region') ?? '',
  }
}
