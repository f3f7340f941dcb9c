/** Sums as people read them. The API speaks in minor units; how many of them make one depends on the currency. */
import { locale } from './locale.ts'

const formats = new Map<string, { format: Intl.NumberFormat; digits: number }>()

function currencyFormat(currency: string) {
  let known = formats.get(currency)
  if (!known) {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
    known = { format, digits: format.resolvedOptions().maximumFractionDigits ?? 2 }
    formats.set(currency, known)
  }
  return known
}

/** `50000, 'INR'` is ₹500.00. */
export function money(minor: number, currency: string): string {
  const { format, digits } = currencyFormat(currency)
  return format.format(minor / 10 ** digits)
}

/** ₹ for INR: what stands before the field that an amount is typed into. */
export function currencySymbol(currency: string): string {
  return (
    currencyFormat(currency)
      .format.formatToParts(0)
      .find(({ type }) => type === 'currency')?.value ?? currency
  )
}

/** Major units with a point, as an input shows them: 500.00. */
export function majorUnits(minor: number, currency: string): string {
  const { digits } = currencyFormat(currency)
  return (minor / 10 ** digits).toFixed(digits)
}

/** What was typed, in minor units; null when it is no amount of that currency. Commas are a reader's help and are dropped. */
export function minorUnits(text: string, currency: string): number | null {
  const { digits } = currencyFormat(currency)
  const typed = text.replaceAll(',', '').trim()
  if (!/^\d{1,12}(\.\d*)?$/.test(typed)) return null
  const [whole = '', cents = ''] = typed.split('.')
  if (cents.length > digits) return null
  return Number(whole) * 10 ** digits + Number(cents.padEnd(digits, '0') || 0)
}
