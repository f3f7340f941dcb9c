/**
 * Where payments stand, for the shoppers who watch them. All watched payments are read together, twenty times a second while there is
 * anybody to tell: a thousand open checkouts cost what one costs, and a success is shown before a shopper could blink twice.
 */
import type { Selectable } from 'kysely'
import { type Payment, toPayment } from '../../actors/index.ts'
import type { Database, Statement } from '../../schema/database.ts'
import type { PaymentsTable } from '../../schema/tables.ts'
import { unavailable } from '../errors.ts'
import type { Progress } from './view.ts'

export interface Standing {
  payment: Payment
  progress: Progress
  /** Rises with every change. */
  version: number
}

type Row = Selectable<PaymentsTable> & { bank: string | null; due_ms: number | null; age_ms: number }

const STANDINGS: Statement = {
  name: 'checkout_standings',
  text: `select p.*, o.state as bank, (extract(epoch from p.wake_at - now()) * 1000)::float8 as due_ms,
    (extract(epoch from now() - p.created_at) * 1000)::float8 as age_ms
    from unnest($1::text[]) as i (id)
    cross join lateral (select * from payments q where q.id = i.id offset 0) p
    left join lateral (select state from operations q where q.key = p.id || ':authorize' offset 0) o on true`,
}

const EVERY_MS = 50
/** Watched at a time; beyond it browsers ask by themselves now and then. */
const MAX_WATCHED = 5_000

type Listener = (standing: Standing) => void

export class Standings {
  readonly #database: Database
  readonly #listeners = new Map<string, Set<Listener>>()
  #looking = false

  constructor(database: Database) {
    this.#database = database
  }

  /** By id; none for what does not exist. */
  async read(ids: string[]): Promise<Standing[]> {
    return (await this.#database.run<Row>(STANDINGS, [ids])).map(toStanding)
  }

  /**
   * Tells where a payment stands, over and over until the returned function is called; whether it changed, the listener sees by its
   * version. Throws a 503 when too many are watched.
   */
  watch(id: string, listener: Listener): () => void {
    if (this.#listeners.size >= MAX_WATCHED)
      throw unavailable('Too many payments are watched. Ask for this one now and then.')
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners.add(listener))
    void this.#look()
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(id)
    }
  }

  async #look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    while (this.#listeners.size > 0) {
      // While Postgres is away nobody can be told anything; the streams stay, and go on when it is back.
      const standings = await this.read([...this.#listeners.keys()]).catch(() => [])
      for (const standing of standings) {
        for (const listener of this.#listeners.get(standing.payment.id) ?? []) listener(standing)
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
    this.#looking = false
  }
}

function toStanding(row: Row): Standing {
  const payment = toPayment({ ...row, operations: null, refunds: null })
  const expectedInMs = row.bank === 'pending' && row.due_ms !== null ? Math.max(0, Math.round(row.due_ms)) : null
  return {
    payment,
    progress: { sent: row.bank !== null, expectedInMs, ageMs: Math.round(row.age_ms) },
    version: row.version,
  }
}
