/**
 * The simulated bank, the default acquirer. It behaves as a bank does: slow, sometimes silent, with books of its own
 * that no worker's death can touch. Times are kept there by Postgres's clock, so a payment that was asked for by a
 * worker which died is decided at the same moment for the one that takes over.
 *
 * A void is always confirmed, and from then on nothing under its payment can be approved: neither an authorization that
 * was still undecided nor one that arrives later. So whoever gives a payment up needs one confirmed void, and has not
 * charged.
 *
 * Calls travel in groups: thousands of payments a second must not cost a query each.
 */
import { Batcher } from '../../runtime/batcher.ts'
import type { Database } from '../../schema/database.ts'
import { newUuid } from '../../schema/ids.ts'
import { abortable } from '../abortable.ts'
import type { BankAnswer, BankOperation, CallingAcquirer, LateAnswer } from './acquirer.ts'
import { books, type Draft, type Entry, type OperationKind } from './books.ts'
import {
  type Instrument,
  type Plan,
  planAuthorization,
  refundDelayMs,
  type SimulatorSettings,
  tokenOf,
} from './outcomes.ts'

export interface SimulatorOptions {
  /** A pool of the bank's own: its books are not part of the gateway's transactions. */
  database: Database
  settings: SimulatorSettings
  /** Numbers in [0, 1). */
  random?: () => number
}

const GROUPS = { max: 256, concurrency: 4, limit: 20_000 }
/** An operation that will never be decided says so to nobody: ask again, and again. */
const SILENT_ASK_AGAIN_MS = 5_000
const SECOND_ANSWER_MS = 1_000
/** Second answers waiting for their moment. */
const SECOND_ANSWERS = 1_000

type Decision = Pick<Plan, 'outcome' | 'description' | 'delayMs'>
const AT_ONCE: Decision = { outcome: 'approved', description: null, delayMs: 0 }

/** Who has scanned every QR code. */
const PAYER = 'payer@sim'

export function openSimulator(options: SimulatorOptions): Simulator {
  return new Simulator(options)
}

export class Simulator implements CallingAcquirer {
  readonly #settings: SimulatorSettings
  readonly #random: () => number
  readonly #writes: Batcher<Draft, Entry>
  readonly #inquiries: Batcher<string, Entry | null>
  readonly #listeners = new Set<(late: LateAnswer) => void>()
  readonly #secondAnswers = new Set<string>()

  constructor({ database, settings, random = Math.random }: SimulatorOptions) {
    this.#settings = settings
    this.#random = random
    const ledger = books(database)
    this.#writes = new Batcher((drafts) => ledger.write(drafts), GROUPS)
    this.#inquiries = new Batcher((keys) => ledger.find(keys), GROUPS)
  }

  async tokenize(instrument: Instrument, test: boolean): Promise<string> {
    return tokenOf(instrument, test)
  }

  async authorize(operation: BankOperation, signal: AbortSignal): Promise<BankAnswer> {
    const plan = planAuthorization(operation.instrument, this.#settings, this.#random)
    const entry = await this.#write('authorize', operation, plan, signal)
    if (plan.answers === 'never') return abortable(signal, new Promise<never>(() => undefined))
    if (plan.answers === 'twice') this.#answerAgain(entry)
    return answerOf(entry)
  }

  async capture(operation: BankOperation, signal: AbortSignal): Promise<BankAnswer> {
    return answerOf(await this.#write('capture', operation, AT_ONCE, signal))
  }

  async void(operation: BankOperation, signal: AbortSignal): Promise<BankAnswer> {
    return answerOf(await this.#write('void', operation, AT_ONCE, signal))
  }

  async refund(operation: BankOperation, signal: AbortSignal): Promise<BankAnswer> {
    const decision = { ...AT_ONCE, delayMs: refundDelayMs(this.#settings, this.#random) }
    return answerOf(await this.#write('refund', operation, decision, signal))
  }

  async inquire(key: string, signal: AbortSignal): Promise<BankAnswer | { state: 'unknown' }> {
    signal.throwIfAborted()
    const entry = await abortable(signal, this.#inquiries.add(key))
    return entry === null ? { state: 'unknown' } : answerOf(entry)
  }

  /** Hears the second answers of `duplicate@sim`, in the process that asked. Returns how to stop listening. */
  onLateAnswer(listener: (late: LateAnswer) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Writes the operation unless its key stands in the books; the decision counts only when it is new. Throws when the
   * key was used for something else: answering for that would be a lie about money.
   */
  async #write(kind: OperationKind, operation: BankOperation, decision: Decision, signal: AbortSignal): Promise<Entry> {
    signal.throwIfAborted()
    const { key, payment, amount, currency } = operation
    const { outcome, description, delayMs } = decision
    const draft = { key, kind, payment, amount, currency, outcome, description, delayMs, bankRef: newUuid() }
    const entry = await abortable(signal, this.#writes.add(draft))
    if (entry.kind !== kind || entry.payment !== payment || entry.amount !== amount || entry.currency !== currency) {
      throw new Error(`the key ${key} stands for another operation at the bank: one key, one operation`)
    }
    return entry
  }

  /** A moment after it was decided the operation is answered once more, with the same words. */
  #answerAgain(entry: Entry): void {
    const { key, payment } = entry
    if (this.#secondAnswers.has(key) || this.#secondAnswers.size >= SECOND_ANSWERS) return
    this.#secondAnswers.add(key)
    const answer = answerOf(entry.state === 'pending' ? { ...entry, state: 'done' } : entry)
    const timer = setTimeout(
      () => {
        this.#secondAnswers.delete(key)
        for (const listener of this.#listeners) listener({ key, payment, answer })
      },
      (entry.remainingMs ?? 0) + SECOND_ANSWER_MS,
    )
    timer.unref()
  }
}

function answerOf(entry: Entry): BankAnswer {
  const { state, bankRef } = entry
  if (state === 'done') return entry.kind === 'authorize' ? { state, bankRef, payer: PAYER } : { state, bankRef }
  if (state === 'pending') return { state, askAgainMs: entry.remainingMs ?? SILENT_ASK_AGAIN_MS }
  const code = entry.kind === 'refund' ? 'REFUND_FAILED' : 'PAYMENT_FAILED'
  return { state, bankRef, code, description: entry.description ?? 'Declined by the bank' }
}
