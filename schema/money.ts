/**
 * Money is an integer in the currency's smallest unit (50000 is INR 500.00), in a number that holds it exactly. Nothing in the
 * gateway divides it, and nothing on the server formats it: whoever shows it knows the reader's language.
 */

export const MIN_AMOUNT = 100

/** Twelve digits. Nine thousand such amounts still add up exactly in a number. */
export const MAX_AMOUNT = 999_999_999_999

/** True for a whole number that an order or a payment may carry. */
export function isAmount(amount: unknown): amount is number {
  return isPart(amount) && amount >= MIN_AMOUNT
}

/** True for a whole number that a capture or a refund may carry: a part of an amount, from 1. */
export function isPart(amount: unknown): amount is number {
  return typeof amount === 'number' && Number.isInteger(amount) && amount >= 1 && amount <= MAX_AMOUNT
}

/** The active codes of ISO 4217 that are somebody's money; no metals, funds, or codes for testing. */
const CURRENCIES: ReadonlySet<string> = new Set(
  (
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP ' +
    'CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ' +
    'IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU ' +
    'MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG ' +
    'SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV ' +
    'WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG'
  ).split(' '),
)

/** True for an active currency's code, in capitals. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code)
}
