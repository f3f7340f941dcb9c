/**
 * Sends a payment until its outcome is known. One attempt has one idempotency key, so it may be sent as often as it takes: a double
 * click, a lost answer and a server that was away all end in one payment.
 */
import type { Instrument, Payment } from './answers.ts'
import { type Api, NoAnswer, Refusal } from './api.ts'
import { wait } from './wait.ts'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 8_000
/** Longer than the API needs to come back, shorter than a shopper's patience. */
const GIVE_UP_MS = 60_000

interface Open {
  body: string
  key: string
}

export class Attempts {
  readonly #api: Api
  readonly #onConnection: (connected: boolean) => void
  /** The last one whose outcome nobody knows: sent once more, it must be the same payment. */
  #open: Open | undefined

  constructor(api: Api, onConnection: (connected: boolean) => void) {
    this.#api = api
    this.#onConnection = onConnection
  }

  /** Throws what the server refused, or NoAnswer when it stayed away; then the same instrument goes out under the same key. */
  async pay(instrument: Instrument, replaces: string | undefined): Promise<Payment> {
    const body = JSON.stringify({ instrument, replaces })
    const open = this.#open?.body === body ? this.#open : { body, key: newKey() }
    this.#open = open
    const payment = await this.#send(instrument, open.key, replaces)
    this.#open = undefined
    return payment
  }

  async #send(instrument: Instrument, key: string, replaces: string | undefined): Promise<Payment> {
    const until = performance.now() + GIVE_UP_MS
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      try {
        const payment = await this.#api.pay(instrument, key, replaces)
        this.#onConnection(true)
        return payment
      } catch (error) {
        const passing = error instanceof NoAnswer || (error instanceof Refusal && error.isPassing)
        this.#onConnection(!passing)
        if (!passing) this.#open = undefined
        if (!passing || performance.now() + waitMs > until) throw error
        await wait(
          error instanceof Refusal && error.retryAfterMs ? Math.min(error.retryAfterMs, LONGEST_WAIT_MS) : waitMs,
        )
      }
    }
  }
}

/** Not randomUUID: it is missing on pages without TLS that are not on localhost. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
