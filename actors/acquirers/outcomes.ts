/**
 * What the simulated bank will do with an authorization: chance, the settings of a test run, or what the instrument
 * itself says. Test merchants speak outcomes in the UPI address or by the well-known test cards.
 *
 * A token names such an outcome and nothing else, so it may stand in any table: the card's number and CVV end here.
 */
import type { CardDetails } from './acquirer.ts'

export interface SimulatorSettings {
  /** TEST_MODE: delay and outcome are fixed, unless the instrument speaks. */
  testMode: boolean
  testPaymentSuccess: boolean
  /** Of payments and refunds, ms. */
  testProcessingDelayMs: number
  /** Chances of success from 0 to 1. */
  upiSuccessRate: number
  cardSuccessRate: number
  /** A payment takes between these, ms. */
  processingDelayMinMs: number
  processingDelayMaxMs: number
}

export type Instrument = { method: 'card'; card: CardDetails } | { method: 'upi'; vpa: string | null }

export interface Plan {
  /** silent: the bank never decides. */
  outcome: 'approved' | 'declined' | 'silent'
  /** Why it was declined, for the payer; null when it was not. */
  description: string | null
  delayMs: number
  /**
   * How the call itself is answered: `never` leaves the caller to its own deadline, `twice` calls back a second time.
   */
  answers: 'once' | 'never' | 'twice'
}

const TEST_CARDS = new Map([
  ['4242424242424242', 'success'],
  ['4111111111111111', 'success'],
  ['4000000000000002', 'declined'],
  ['4000000000009995', 'insufficient_funds'],
  ['4000000000000069', 'expired'],
])
const DECLINES = new Map([
  ['failure', 'Payment declined by the bank'],
  ['declined', 'Card declined'],
  ['insufficient_funds', 'Insufficient funds'],
  ['expired', 'Card expired'],
])
const SPOKEN = /^(success|failure|insufficient_funds|timeout|duplicate|(?:timeout\.)?success\.(\d{1,3})s)@sim$/
const TIMED = /^(timeout_)?success_(\d+)s$/
/** Longest delay that an instrument may ask for. */
const MAX_SPOKEN_SECONDS = 120
const REFUND_DELAY_MS = { min: 3_000, max: 5_000 }

/**
 * The token of an instrument, for example `sim_card_declined`. `test`: the merchant may speak outcomes; else chance
 * decides.
 */
export function tokenOf(instrument: Instrument, test: boolean): string {
  // Nobody holds a telephone to a simulated bank's code: it is paid as if somebody had.
  if (instrument.method === 'upi' && instrument.vpa === null)
    return tokenOf({ method: 'upi', vpa: 'success@sim' }, true)
  const word = test ? wordOf(instrument) : null
  return word === null ? `sim_${instrument.method}` : `sim_${instrument.method}_${word}`
}

function wordOf(instrument: Instrument): string | null {
  if (instrument.method === 'card') return TEST_CARDS.get(instrument.card.number.replace(/[ -]/g, '')) ?? null
  const spoken = SPOKEN.exec(instrument.vpa?.toLowerCase() ?? '')
  if (spoken === null || Number(spoken[2] ?? 0) > MAX_SPOKEN_SECONDS) return null
  return (spoken[1] as string).replaceAll('.', '_')
}

/** `random` answers a number in [0, 1). A token that is not of this bank is declined. */
export function planAuthorization(token: string, settings: SimulatorSettings, random: () => number): Plan {
  const [, method, word] = /^sim_(upi|card)(?:_(\w+))?$/.exec(token) ?? []
  const approved: Plan = { outcome: 'approved', description: null, delayMs: delayMs(settings, random), answers: 'once' }
  const declined = (description: string): Plan => ({ ...approved, outcome: 'declined', description })
  if (method === undefined) return declined('Unknown instrument')
  if (word === undefined)
    return succeeds(method, settings, random) ? approved : declined('Payment declined by the bank')
  if (word === 'success') return approved
  if (word === 'timeout') return { ...approved, outcome: 'silent', answers: 'never' }
  if (word === 'duplicate') return { ...approved, answers: 'twice' }
  const timed = TIMED.exec(word)
  if (timed) return { ...approved, delayMs: Number(timed[2]) * 1000, answers: timed[1] ? 'never' : 'once' }
  return declined(DECLINES.get(word) ?? 'Unknown instrument')
}

/** How long a refund takes, ms. */
export function refundDelayMs(settings: SimulatorSettings, random: () => number): number {
  return settings.testMode ? settings.testProcessingDelayMs : between(REFUND_DELAY_MS.min, REFUND_DELAY_MS.max, random)
}

function succeeds(method: string, settings: SimulatorSettings, random: () => number): boolean {
  if (settings.testMode) return settings.testPaymentSuccess
  return random() < (method === 'upi' ? settings.upiSuccessRate : settings.cardSuccessRate)
}

function delayMs(settings: SimulatorSettings, random: () => number): number {
  if (settings.testMode) return settings.testProcessingDelayMs
  return between(settings.processingDelayMinMs, settings.processingDelayMaxMs, random)
}

function between(min: number, max: number, random: () => number): number {
  return Math.round(min + (max - min) * random())
}
