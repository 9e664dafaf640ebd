import { formatterIn, spanParts, type TimeWords } from './time-words.ts'

const day = formatterIn('en-GB', { dateStyle: 'long' })
const clock = formatterIn('en-GB', { timeStyle: 'short' })
const short = { day: 'd', hour: 'h', minute: 'min', second: 's' } as const

export const enTime: TimeWords = {
  span: (seconds) =>
    spanParts(seconds)
      .map(({ unit, count }) => `${count} ${unit}${count === 1 ? '' : 's'}`)
      .join(' '),
  shortSpan,
  upTo: (seconds) => `up to ${shortSpan(seconds)}`,
  left,
  countdown: (seconds) =>
    seconds < 172_800 ? left(seconds) : `${Math.floor(seconds / 86_400)} days left`,
  leftHours: '{h} h {m} min left',
  leftMinutes: '{m} min left',
  over: 'ended',
  ago: (seconds) => (seconds < 60 ? 'just now' : `${largest(seconds)} ago`),
  instant: (at) => `${day(at)}, ${clock(at)} UTC`,
  day,
}

function left(seconds: number): string {
  return `${shortSpan(wholeMinutes(seconds))} left`
}

function shortSpan(seconds: number): string {
  return spanParts(seconds)
    .map(({ unit, count }) => `${count} ${short[unit]}`)
    .join(' ')
}

function wholeMinutes(seconds: number): number {
  return Math.floor(seconds / 60) * 60
}

function largest(seconds: number): string {
  const [part] = spanParts(seconds)
  if (!part) return ''
  return part.unit === 'day'
    ? `${part.count} ${part.count === 1 ? 'day' : 'days'}`
    : `${part.count} ${short[part.unit]}`
}
