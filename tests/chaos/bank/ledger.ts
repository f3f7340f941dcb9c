/**
 * The books of the chaos bank: lines in a file, written before anything is answered, so that a killed bank knows what it did. They are
 * the judge of the whole run: what stands here has happened to somebody's money.
 *
 * It rules as any bank does, and believes nothing of what the gateway thinks: one key is one operation; nobody gets more back than
 * was taken; a void releases what was not captured, and what was undecided when it came never stands.
 */
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'

export type Kind = 'authorize' | 'capture' | 'void' | 'refund'

/** What the bank is asked. Amounts in minor units. */
export interface Asked {
  key: string
  kind: Kind
  payment: string
  amount: number
  currency: string
}

export interface Entry extends Asked {
  approved: boolean
  /** Why not. */
  reason: string | null
  bankRef: string
  /** When it was asked, and when it is decided, ms since the epoch. */
  at: number
  readyAt: number
}

/** The same key for something else: the one thing that a gateway must never do. */
export class Clash extends Error {
  override name = 'Clash'
}

export class Ledger {
  readonly #file: number
  readonly #byKey = new Map<string, Entry>()
  readonly #byPayment = new Map<string, Entry[]>()

  /** Opens the books as they were left. */
  constructor(path: string) {
    for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
      if (line !== '') this.#note(JSON.parse(line) as Entry)
    }
    this.#file = openSync(path, 'a')
  }

  find(key: string): Entry | undefined {
    return this.#byKey.get(key)
  }

  of(payment: string): readonly Entry[] {
    return this.#byPayment.get(payment) ?? []
  }

  all(): Iterable<Entry> {
    return this.#byKey.values()
  }

  /** Writes what is new, with what the bank would decide by itself; answers what stands under the key. Throws Clash. */
  write(asked: Asked, wish: Pick<Entry, 'approved' | 'reason' | 'bankRef' | 'at' | 'readyAt'>): Entry {
    const standing = this.#byKey.get(asked.key)
    if (standing) {
      const same = (['kind', 'payment', 'amount', 'currency'] as const).every((name) => standing[name] === asked[name])
      if (!same) throw new Clash(`${asked.key} stands for ${standing.kind} of ${standing.amount}`)
      return standing
    }
    const refusal = this.#refusal(asked, wish.at)
    const ruled = refusal === null ? wish : { ...wish, approved: false, reason: refusal, readyAt: wish.at }
    const entry: Entry = { ...asked, ...ruled }
    writeSync(this.#file, `${JSON.stringify(entry)}\n`)
    this.#note(entry)
    return entry
  }

  /** How an entry stands at a moment. */
  stateOf(entry: Entry, now: number): 'pending' | 'done' | 'declined' {
    if (this.#voidedBefore(entry)) return 'declined'
    if (entry.readyAt > now) return 'pending'
    return entry.approved ? 'done' : 'declined'
  }

  /** What was moved under a payment by now, by kind. */
  sums(payment: string, now: number): Record<Kind, number> {
    const sums = { authorize: 0, capture: 0, void: 0, refund: 0 }
    for (const entry of this.of(payment)) if (this.stateOf(entry, now) === 'done') sums[entry.kind] += entry.amount
    return sums
  }

  close(): void {
    closeSync(this.#file)
  }

  #refusal({ kind, payment, amount }: Asked, now: number): string | null {
    const { authorize, capture, void: voided } = this.sums(payment, now)
    // A refund that is under way has been promised: it counts.
    const refunds = this.of(payment).filter((entry) => entry.kind === 'refund' && entry.approved)
    const refunded = refunds.reduce((sum, entry) => sum + entry.amount, 0)
    if (kind === 'capture' && capture > 0) return 'captured already'
    if (kind === 'capture' && amount > authorize - voided - refunded) return 'more than what is authorized'
    if (kind === 'refund' && amount > (capture > 0 ? capture : authorize - voided) - refunded)
      return 'more than was charged'
    return null
  }

  #voidedBefore(entry: Entry): boolean {
    if (entry.kind !== 'authorize') return false
    return this.of(entry.payment).some(({ kind, at }) => kind === 'void' && at < entry.readyAt)
  }

  #note(entry: Entry): void {
    this.#byKey.set(entry.key, entry)
    const others = this.#byPayment.get(entry.payment)
    if (others) others.push(entry)
    else this.#byPayment.set(entry.payment, [entry])
  }
}
