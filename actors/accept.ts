/**
 * The accepting half of the truth: what the API writes. It inserts orders, payments and commands, each with its idempotency key,
 * and never updates a row that an actor owns. When one of these methods resolves, what it accepted survives anything.
 *
 * Every method rejects with Overloaded when too much is waiting already (nothing was written), and with StoreAway when Postgres
 * is away (then it may or may not stand: the same idempotency key, or the object's id, tells).
 */
import type { Database } from '../schema/database.ts'
import { sqlState } from '../schema/database.ts'
import { GatewayError } from '../schema/errors.ts'
import { insertCommands, type KeyedCommand } from './accept/commands.ts'
import type { CreationKey } from './accept/creation.ts'
import { grouped } from './accept/group.ts'
import { findOrInsertOrders, insertOrders, type KeyedOrder, type OrderTerms } from './accept/orders.ts'
import { insertPayments, type KeyedPayment } from './accept/payments.ts'
import { findReplay } from './accept/replay.ts'
import { addTestEvent, type TestEvent } from './accept/test-event.ts'
import { insertWebhookEndpoint, type NewWebhookEndpoint } from './accept/webhook-endpoints.ts'
import { insertWebhookReplay, type NewWebhookReplay } from './accept/webhook-replays.ts'
import { fromStore } from './away.ts'

export interface NewOrder {
  merchantId: string
  id: string
  amount: number
  currency: string
  receipt: string | null
  notes: Record<string, unknown> | null
  clientSecretHash: Buffer | null
  /** ISO 8601 */
  createdAt: string
}

export interface NewPayment {
  id: string
  merchantId: string
  tenant: string
  orderId: string
  amount: number
  currency: string
  method: 'upi' | 'card'
  vpa: string | null
  cardNetwork: string | null
  cardLast4: string | null
  /** The acquirer's token. */
  instrument: string
  notes?: Record<string, unknown> | null
  /** Through the checkout's token: refused while the order has another such payment that lives or succeeded. */
  exclusive?: boolean
  /** ISO 8601 */
  createdAt: string
}

export interface IdempotencyKey {
  key: string
  fingerprint: Buffer
}

export interface NewCommand {
  actorId: string
  kind: 'payment' | 'delivery' | 'replay'
  merchantId: string
  tenant: string
  commandId: string
  name: string
  body: object
  /** Redis list that wants to hear of the result. */
  replyTo: string | null
  /** What a replay of the key names, for example the refund's id. */
  objectId: string
}

/**
 * not_found: no such actor of this merchant's. full: its mailbox holds 1,000 unhandled commands. rival: the key is taken (see replay).
 * In all three nothing was written.
 */
export type CommandOutcome =
  | { outcome: 'accepted'; seq: number }
  | { outcome: 'not_found' }
  | { outcome: 'full' }
  | { outcome: 'rival' }

export interface Replay {
  fingerprint: Buffer
  objectId: string
  /** ISO 8601 */
  createdAt: string
  /** Of a creation: the answer that was given. */
  status: number | null
  response: string | null
  /** Of a command: where its result appears; null while it is undecided. */
  command: {
    actorId: string
    kind: 'payment' | 'delivery' | 'replay'
    id: string
    seq: number
    result: unknown | null
  } | null
}

const ROWS_A_STATEMENT = 256
const COMMANDS_A_STATEMENT = 64

export class Acceptance {
  readonly #database: Database
  readonly #insertOrder: (item: KeyedOrder) => Promise<boolean>
  readonly #ensureOrder: (order: NewOrder) => Promise<OrderTerms>
  readonly #insertPayment: (item: KeyedPayment) => Promise<boolean>
  readonly #insertCommand: (item: KeyedCommand) => Promise<CommandOutcome>

  constructor(database: Database) {
    this.#database = database
    const rows = { max: ROWS_A_STATEMENT, repeatable: true }
    this.#insertOrder = grouped((group) => insertOrders(database, group), rows)
    this.#ensureOrder = grouped((group) => findOrInsertOrders(database, group), rows)
    this.#insertPayment = grouped((group) => insertPayments(database, group), rows)
    // A command that ran twice would be two commands: two refunds.
    const commands = { max: COMMANDS_A_STATEMENT, repeatable: false }
    this.#insertCommand = grouped((group) => insertCommands(database, group), commands)
  }

  /** Inserts the order if its merchant has none of that id; answers the terms of the one that stands, whoever wrote it. */
  ensureOrder(order: NewOrder): Promise<OrderTerms> {
    return this.#ensureOrder(order)
  }

  /** False: lost its idempotency key to a rival, and nothing was written; the rival's answer is in `replay`. */
  order(order: NewOrder, key: CreationKey | null): Promise<boolean> {
    return this.#insertOrder({ order, key })
  }

  /** As `order`. Throws CONFLICT_ERROR when the payment is exclusive and its order has one already. */
  async payment(payment: NewPayment, key: CreationKey | null): Promise<boolean> {
    try {
      return await this.#insertPayment({ payment, key })
    } catch (error) {
      if (!payment.exclusive || sqlState(error) !== UNIQUE_VIOLATION) throw error
      throw new GatewayError('CONFLICT_ERROR', 'Order already paid', { field: 'order_id', cause: error })
    }
  }

  command(command: NewCommand, key: IdempotencyKey | null): Promise<CommandOutcome> {
    return this.#insertCommand({ command, key })
  }

  /** What the key stands for; null: nobody holds it. */
  replay(merchantId: string, key: string): Promise<Replay | null> {
    return fromStore(() => findReplay(this.#database, merchantId, key))
  }

  /** A webhook.test event with its delivery; in the transaction, when one is named. */
  testEvent(event: TestEvent, transaction = this.#database.kysely): Promise<void> {
    return fromStore(() => addTestEvent(transaction, event))
  }

  /** As `order`. */
  webhookEndpoint(endpoint: NewWebhookEndpoint, key: CreationKey | null): Promise<boolean> {
    return fromStore(() => insertWebhookEndpoint(this.#database, endpoint, key))
  }

  /** As `order`. Throws CONFLICT_ERROR when another replay fills the same endpoint's gaps: together they would fill them twice. */
  async webhookReplay(replay: NewWebhookReplay, key: CreationKey | null): Promise<boolean> {
    try {
      return await fromStore(() => insertWebhookReplay(this.#database, replay, key))
    } catch (error) {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error
      const description = 'A replay of what this endpoint is missing is running. Wait for it, or cancel it.'
      throw new GatewayError('CONFLICT_ERROR', description, { field: 'endpoint_id', cause: error })
    }
  }
}

const UNIQUE_VIOLATION = '23505'
