/**
 * Follows a payment until it is decided: by its stream, which tells within milliseconds; while that is broken by asking, at first
 * every 2 s and then every 10 s, and by trying the stream again each time. Nothing here can change the payment.
 */
import type { Payment } from './answers.ts'
import { type Api, Refusal } from './api.ts'
import { wait } from './wait.ts'

export interface Watcher {
  /** Now, and whenever it changed. */
  payment(payment: Payment): void
  /** Whether the server can be heard. */
  connected(connected: boolean): void
}

const SOON_MS = 2_000
const LATER_MS = 10_000
const SOON_ROUNDS = 10
/** The gateway decides within minutes; whoever hears nothing for this long never will. */
const GIVE_UP_MS = 20 * 60_000

/**
 * Answers the payment once it is decided. Throws Refusal when the server will not show it any more, and the signal's reason when it
 * is aborted.
 */
export async function follow(api: Api, id: string, watcher: Watcher, signal: AbortSignal): Promise<Payment> {
  const until = performance.now() + GIVE_UP_MS
  for (let round = 0; performance.now() < until; round++) {
    const decided = await byStream(api, id, watcher, signal)
    if (decided) return decided
    watcher.connected(false)
    await wait(round < SOON_ROUNDS ? SOON_MS : LATER_MS, signal)
    const asked = await attempt(signal, () => api.payment(id, signal))
    if (!asked) continue
    watcher.connected(true)
    watcher.payment(asked)
    if (asked.status !== 'pending') return asked
  }
  throw new Refusal(504, { code: 'SERVER_ERROR', description: 'The payment is not decided yet' })
}

/** Undefined when the stream ended before the payment did. */
async function byStream(api: Api, id: string, watcher: Watcher, signal: AbortSignal): Promise<Payment | undefined> {
  return attempt(signal, async () => {
    for await (const payment of api.changes(id, signal)) {
      watcher.connected(true)
      watcher.payment(payment)
      if (payment.status !== 'pending') return payment
    }
    return undefined
  })
}

/** Undefined for what may pass: nobody answered, or the server cannot just now. */
async function attempt<Value>(signal: AbortSignal, run: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await run()
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Refusal && !error.isPassing) throw error
    return undefined
  }
}
