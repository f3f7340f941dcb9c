/** Moments and how long things take. A number and its unit are joined by a no-break space, so that no line ends between them. */
import { locale } from './locale.ts'

const NBSP = '\u00a0'
const clockFormat = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const hourFormat = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
const shortDayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const zoneFormat = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' })

/** How long: 8.6 ms, 84 ms, 8 s, 6.3 s, 11 min 8 s, 2 h 5 min, 3 d 4 h. */
export function span(ms: number): string {
  const left = Math.max(0, ms)
  if (left < 9.95) return `${Number(left.toFixed(1))}${NBSP}ms`
  if (left < 1_000) return `${Math.round(left)}${NBSP}ms`
  if (left < 59_950) return `${(left / 1_000).toFixed(left % 1_000 === 0 ? 0 : 1)}${NBSP}s`
  const seconds = Math.round(left / 1_000)
  if (seconds < 3_600) return pair(seconds, 60, 'min', 's')
  if (seconds < 86_400) return pair(Math.round(seconds / 60), 60, 'h', 'min')
  return pair(Math.round(seconds / 3_600), 24, 'd', 'h')
}

function pair(value: number, base: number, big: string, small: string): string {
  const rest = value % base
  const head = `${Math.floor(value / base)}${NBSP}${big}`
  return rest === 0 ? head : `${head} ${rest}${NBSP}${small}`
}

/** Since the beginning of something: +7.377, and from a thousand seconds on +1:04:02. */
export function since(ms: number): string {
  if (ms < 999_999.5) return `+${(ms / 1_000).toFixed(3)}`
  const seconds = Math.round(ms / 1_000)
  const two = (part: number) => String(part).padStart(2, '0')
  return `+${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** 09:42:09 */
export function clock(at: string | number): string {
  return clockFormat.format(new Date(at))
}

/** 09:42:09.914 */
export function preciseClock(at: string | number): string {
  const date = new Date(at)
  return `${clockFormat.format(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** 09:42 */
export function hourAndMinute(at: string | number): string {
  return hourFormat.format(new Date(at))
}

/** The clock for today, the day before it otherwise: 22 Nov, 09:42:09. */
export function moment(at: string | number, now = Date.now()): string {
  const date = new Date(at)
  const today = new Date(now).toDateString() === date.toDateString()
  return today ? clockFormat.format(date) : `${shortDayFormat.format(date)}, ${clockFormat.format(date)}`
}

/** 23 Nov 2026, 09:41:07.214 IST */
export function fullMoment(at: string | number): string {
  const zone = zoneFormat.formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return `${dayFormat.format(new Date(at))}, ${preciseClock(at)} ${zone}`
}

/** 23 Nov 2026 */
export function day(at: string | number): string {
  return dayFormat.format(new Date(at))
}

/** In an answer's words: "in 5.9 s", or "now" when it is due. */
export function dueIn(at: string | number, now: number): string {
  const ms = new Date(at).getTime() - now
  return ms <= 0 ? 'now' : `in ${span(Math.max(100, ms))}`
}
