/**
 * What a card's digits say by themselves: whether the number can exist, whose network it is on, whether it has expired.
 * No rule repeats what it was given: a card number in an error text would be a card number in a log.
 */

export type CardNetwork = 'visa' | 'mastercard' | 'amex' | 'rupay' | 'unknown'

/**
 * Issuer identification ranges of the networks that are told apart: a number belongs to the first line whose range holds
 * its first digits. ISO/IEC 7812-1 gives the scheme; the ranges are the networks' own: Visa 4; Mastercard 51-55 and, since 2017,
 * 2221-2720; American Express 34 and 37; RuPay (NPCI) 508, 60, 65 and 81-89.
 */
const NETWORKS: { network: CardNetwork; from: number; to: number }[] = [
  { network: 'visa', from: 4, to: 4 },
  { network: 'mastercard', from: 51, to: 55 },
  { network: 'mastercard', from: 2221, to: 2720 },
  { network: 'amex', from: 34, to: 34 },
  { network: 'amex', from: 37, to: 37 },
  { network: 'rupay', from: 60, to: 60 },
  { network: 'rupay', from: 65, to: 65 },
  { network: 'rupay', from: 81, to: 89 },
  { network: 'rupay', from: 508, to: 508 },
]

/** Drops the spaces and dashes that people group digits with. */
export function cardDigits(number: string): string {
  return number.replace(/[ -]/g, '')
}

/** `digits`: without spaces or dashes. */
export function isCardNumber(digits: string): boolean {
  return /^[0-9]{13,19}$/.test(digits) && passesLuhn(digits)
}

/** The check digit of ISO/IEC 7812-1, annex B: from the right every second digit counts twice, its digits summed. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    const weighed = index % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}

/** `digits`: without spaces or dashes. */
export function cardNetwork(digits: string): CardNetwork {
  const line = NETWORKS.find(({ from, to }) => {
    const prefix = Number(digits.slice(0, String(from).length))
    return prefix >= from && prefix <= to
  })
  return line?.network ?? 'unknown'
}

export interface Expiry {
  /** 1 to 12 */
  month: number
  /** four digits */
  year: number
}

/** Reads month 1-12 and year YY or YYYY, as numbers or text; null when they are no date. */
export function readExpiry(month: string | number, year: string | number): Expiry | null {
  const monthText = String(month).trim()
  const yearText = String(year).trim()
  if (!/^(0?[1-9]|1[0-2])$/.test(monthText) || !/^([0-9]{2}|[0-9]{4})$/.test(yearText)) return null
  return { month: Number(monthText), year: yearText.length === 2 ? 2000 + Number(yearText) : Number(yearText) }
}

/** Reads `MM/YY` or `MM/YYYY`, spaces allowed; null when it is neither. */
export function readExpiryText(text: string): Expiry | null {
  const [month, year, ...rest] = text.split('/')
  if (month === undefined || year === undefined || rest.length > 0) return null
  return readExpiry(month, year)
}

/** A card is good through the last day of its month, UTC. `nowMs`: since the epoch. */
export function hasExpired({ month, year }: Expiry, nowMs: number): boolean {
  return nowMs >= Date.UTC(year, month, 1)
}

export function isCvv(text: string): boolean {
  return /^[0-9]{3,4}$/.test(text)
}
