/** Amounts, dates and durations as people read them. All by Intl, in the shopper's language and with Latin digits. */

/** `amount`: in the currency's smallest unit. */
export function formatAmount(amount: number, currency: string, language: string): string {
  const format = new Intl.NumberFormat(`${language}-IN-u-nu-latn`, { style: 'currency', currency })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

/** `iso`: ISO 8601. In the shopper's own time zone. */
export function formatMoment(iso: string, language: string): string {
  const format = new Intl.DateTimeFormat(`${language}-IN-u-nu-latn`, {
    dateStyle: 'medium',
    timeStyle: 'short',
    hour12: false,
  })
  return format.format(new Date(iso))
}

/** `month`: 1 to 12. */
export function formatMonth(month: number, year: number, language: string): string {
  return new Intl.DateTimeFormat(`${language}-IN-u-nu-latn`, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(Date.UTC(year, month - 1, 1))
}

/** Minutes and seconds, such as 4:32. */
export function formatClock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
