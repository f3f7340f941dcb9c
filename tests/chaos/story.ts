/**
 * What a merchant's server did about one payment, and what it was answered: every call under an Idempotency-Key of its own, sent
 * again until it has an answer that decides. The stories are what the invariants hold the gateway to.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Merchant } from '../fleet/merchant.ts'

export interface Call {
  name: 'pay' | 'capture' | 'cancel' | 'refund'
  key: string
  amount: number | null
  /** ms since the epoch: first sent, and decided. */
  at: number
  decidedAt: number | null
  /** How often it was sent. */
  sent: number
  status: number | null
  text: string
  /** The answer to the same key once more, when it was another one. */
  contradiction: string | null
}

export interface Story {
  orderId: string
  amount: number
  /** Null until it is accepted. */
  paymentId: string | null
  calls: Call[]
}

/** Longer than the ten seconds after which the gateway says 202. */
const ANSWER_LIMIT_MS = 15_000
const AGAIN_MS = 300

export interface Sending {
  merchant: Merchant
  /** Aborted when the run waits no longer. */
  signal: AbortSignal
  /** Sends a decided call once more, to compare. */
  repeats: boolean
}

/** Sends until it is decided, or the run is over. The call is in the story from its first moment. */
export async function decide(story: Story, call: Call, path: string, body: object, sending: Sending): Promise<Call> {
  story.calls.push(call)
  while (!sending.signal.aborted) {
    const answer = await send(call, path, body, sending)
    if (answer && isDecision(answer)) {
      call.status = answer.status
      call.text = answer.text
      call.decidedAt = Date.now()
      if (sending.repeats) await compare(call, path, body, sending)
      return call
    }
    await sleep(AGAIN_MS * (0.5 + Math.random()))
  }
  return call
}

/** 202 means undecided; 409 that the same key is under way; 429 and 5xx that nothing was done. */
function isDecision({ status }: Answer): boolean {
  return status < 500 && ![202, 409, 429].includes(status)
}

async function compare(call: Call, path: string, body: object, sending: Sending): Promise<void> {
  const again = await send(call, path, body, sending)
  if (!again || !isDecision(again)) return
  if (again.status !== call.status || again.text !== call.text) call.contradiction = `${again.status} ${again.text}`
}

/** Null: no answer came. */
async function send(call: Call, path: string, body: object, { merchant }: Sending): Promise<Answer | null> {
  call.sent++
  try {
    return await merchant.call('POST', path, {
      body,
      headers: { 'idempotency-key': call.key },
      timeoutMs: ANSWER_LIMIT_MS,
    })
  } catch {
    return null
  }
}
