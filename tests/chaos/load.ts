/**
 * The merchants' work during a chaos run: payments at a steady rate, and what merchants do with them - capture, refund, cancel, and
 * now and then all of it at once. It goes on through every fault, as merchants do.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../../runtime/clock.ts'
import type { Merchant } from '../fleet/merchant.ts'
import type { Random } from './random.ts'
import { type Call, decide, type Sending, type Story } from './story.ts'

export interface LoadOptions {
  merchant: Merchant
  random: Random
  /** Payments a second. */
  rate: number
}

const PLOTS = {
  leave: 0.4,
  capture: 0.12,
  'capture a part': 0.06,
  refund: 0.14,
  'refund twice at once': 0.06,
  'capture and refund': 0.08,
  'cancel at once': 0.06,
  cancel: 0.04,
  'everything at once': 0.04,
}
type Plot = keyof typeof PLOTS

/** Payments that live at once; a gateway that is away for long meets no endless crowd. */
const CROWD = 400
const LOOK_EVERY_MS = 700
const REPEATS = 0.15
const CARDS = 0.15

/** Cards and CVVs of the run; nothing of the gateway may remember them. */
export const CARD_NUMBERS = ['378282246310005', '371449635398431'] as const
export const CVVS = ['0739', '0926'] as const

export class Load {
  readonly stories: Story[] = []
  readonly #options: LoadOptions
  readonly #open = new Set<Promise<void>>()
  readonly #over = new AbortController()
  #stopped = false
  #running: Promise<void> | null = null

  constructor(options: LoadOptions) {
    this.#options = options
  }

  /** Stories that still wait for an answer or an end. */
  get open(): number {
    return this.#open.size
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** No new payments; waits until every story has ended, at most `limitMs`. Answers whether all have. */
  async finish(limitMs: number): Promise<boolean> {
    this.#stopped = true
    await this.#running
    await Promise.race([Promise.all(this.#open), sleep(limitMs, undefined, { ref: false })])
    const all = this.#open.size === 0
    this.#over.abort()
    return all
  }

  async #run(): Promise<void> {
    const { random, rate } = this.#options
    const since = monotonicMs()
    for (let n = 0; !this.#stopped; n++) {
      await sleep(Math.max(0, since + (n * 1_000) / rate - monotonicMs()))
      if (this.#open.size >= CROWD) continue
      const story = this.#tell(n, random.fork(`story ${n}`))
      this.#open.add(story)
      story.finally(() => this.#open.delete(story))
    }
  }

  async #tell(n: number, random: Random): Promise<void> {
    const story: Story = { orderId: `chaos_${n}`, amount: random.between(100, 5_000) * 100, paymentId: null, calls: [] }
    this.stories.push(story)
    const { merchant } = this.#options
    const teller = new Teller(story, { merchant, signal: this.#over.signal, repeats: random.chance(REPEATS) })
    if (await teller.pay(random.chance(CARDS) ? card(random) : { method: 'upi', vpa: `payer${n}@upi` })) {
      await teller.play(random.weighted(PLOTS), random)
    }
  }
}

function card(random: Random): object {
  const number = random.pick(CARD_NUMBERS)
  return {
    method: 'card',
    card: { number, cvv: random.pick(CVVS), expiry_month: 12, expiry_year: 2034, holder_name: 'A' },
  }
}

class Teller {
  readonly #story: Story
  readonly #sending: Sending

  constructor(story: Story, sending: Sending) {
    this.#story = story
    this.#sending = sending
  }

  /** False: it was not accepted. */
  async pay(instrument: object): Promise<boolean> {
    const { orderId, amount } = this.#story
    const body = { order_id: orderId, amount, currency: 'INR', ...instrument }
    const call = await this.#decide('pay', '/api/v1/payments', body, amount)
    if (call.status !== 201) return false
    this.#story.paymentId = (JSON.parse(call.text) as { id: string }).id
    return true
  }

  async play(plot: Plot, random: Random): Promise<void> {
    const { amount } = this.#story
    const some = () => random.between(1, Math.floor(amount / 2))
    if (plot === 'leave') return
    if (plot === 'cancel at once') return void (await this.#cancel())
    if (!(await this.#succeeds())) return
    switch (plot) {
      case 'capture':
        return void (await this.#capture())
      case 'capture a part':
        return void (await this.#capture(some()))
      case 'refund':
        await this.#refund(some())
        return void (await this.#refund(some()))
      case 'refund twice at once':
        return void (await Promise.all([this.#refund(amount), this.#refund(amount)]))
      case 'capture and refund':
        await this.#capture()
        return void (await Promise.all([this.#refund(some()), this.#refund(some()), this.#refund(some())]))
      case 'cancel':
        return void (await this.#cancel())
      case 'everything at once':
        await Promise.all([
          this.#capture(),
          this.#cancel(),
          this.#refund(some()),
          this.#refund(amount),
          this.#capture(),
        ])
    }
  }

  /** Waits for the payment's end; false when it failed, or the run is over. */
  async #succeeds(): Promise<boolean> {
    while (!this.#sending.signal.aborted) {
      await sleep(LOOK_EVERY_MS)
      const payment = await this.#sending.merchant.payment(this.#story.paymentId as string).catch(() => null)
      if (payment?.status === 'success') return true
      if (payment?.status === 'failed') return false
    }
    return false
  }

  #capture(amount?: number): Promise<Call> {
    return this.#command('capture', 'capture', amount === undefined ? {} : { amount }, amount ?? null)
  }

  #cancel(): Promise<Call> {
    return this.#command('cancel', 'cancel', {}, null)
  }

  #refund(amount: number): Promise<Call> {
    return this.#command('refund', 'refunds', { amount }, amount)
  }

  #command(name: Call['name'], path: string, body: object, amount: number | null): Promise<Call> {
    return this.#decide(name, `/api/v1/payments/${this.#story.paymentId}/${path}`, body, amount)
  }

  #decide(name: Call['name'], path: string, body: object, amount: number | null): Promise<Call> {
    const call: Call = {
      name,
      key: randomUUID(),
      amount,
      at: Date.now(),
      decidedAt: null,
      sent: 0,
      status: null,
      text: '',
      contradiction: null,
    }
    return decide(this.#story, call, path, body, this.#sending)
  }
}
