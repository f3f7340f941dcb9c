/** A card's expiry while it is typed: four digits that read `MM / YY`. A card is good through the last day of its month. */

export interface Expiry {
  /** 1 to 12 */
  month: number
  /** four digits */
  year: number
}

const YEAR_DIGITS = 4

/** The digits of what was typed or pasted: `5` is May and so is `05`, and of `12/2028` the century goes. */
export function expiryDigits(text: string): string {
  const digits = text.replace(/\D/g, '')
  const padded = /^[2-9]/.test(digits) || /^\s*1\s*\//.test(text) ? `0${digits}` : digits
  return padded.length > YEAR_DIGITS && padded.slice(2, 4) === '20'
    ? padded.slice(0, 2) + padded.slice(4, 6)
    : padded.slice(0, 4)
}

/** `12` -> `12 / `, so that the year can follow at once. */
export function groupExpiry(digits: string): string {
  return digits.length < 2 ? digits : `${digits.slice(0, 2)} / ${digits.slice(2)}`
}

export function readExpiry(digits: string): Expiry {
  return { month: Number(digits.slice(0, 2)), year: 2000 + Number(digits.slice(2, 4)) }
}

export function judgeExpiry(digits: string, now: Date): 'short' | 'month' | 'past' | 'right' {
  const { month, year } = readExpiry(digits)
  if (digits.length >= 2 && (month < 1 || month > 12)) return 'month'
  if (digits.length < 4) return 'short'
  return now.getTime() >= Date.UTC(year, month, 1) ? 'past' : 'right'
}
