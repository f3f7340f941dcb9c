/** Counts, rates and shares. */
import { locale } from './locale.ts'

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })

export function count(value: number): string {
  return whole.format(value)
}

/** A rate with one decimal below a hundred: 12.4, 240. */
export function rate(value: number): string {
  return (value < 100 ? tenths : whole).format(value)
}

/** A share of one as percent: 0.962 is 96.2%. */
export function percent(share: number): string {
  return `${tenths.format(share * 100)}%`
}

/** `1, 'delivery', 'deliveries'`: the count with its noun. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}
