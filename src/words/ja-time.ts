import { formatterIn, spanParts, type TimeWords } from './time-words.ts'

const day = formatterIn('ja-JP', { dateStyle: 'long' })
const clock = formatterIn('ja-JP', { timeStyle: 'short' })
const units = { day: '日', hour: '時間', minute: '分', second: '秒' } as const

export const jaTime: TimeWords = {
  span,
  shortSpan: span,
  upTo: (seconds) => `最長${span(seconds)}`,
  left,
  countdown: (seconds) =>
    seconds < 172_800 ? left(seconds) : `残り${Math.floor(seconds / 86_400)}日`,
  leftHours: '残り{h}時間{m}分',
  leftMinutes: '残り{m}分',
  over: '終了',
  ago: (seconds) => (seconds < 60 ? 'たった今' : `${largest(seconds)}前`),
  instant: (at) => `${day(at)} ${clock(at)} UTC`,
  day,
}

function left(seconds: number): string {
  return `残り${span(Math.floor(seconds / 60) * 60)}`
}

function span(seconds: number): string {
  return spanParts(seconds)
    .map(({ unit, count }) => `${count}${units[unit]}`)
    .join('')
}

function largest(seconds: number): string {
  const [part] = spanParts(seconds)
  return part ? `${part.count}${units[part.unit]}` : ''
}
