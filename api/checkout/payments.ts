/**
 * Paying through the checkout's token: one payment of an order lives at a time, and none follows a success.
 *
 * Who wins is decided by the insert itself: a unique index lets in one payment an order that was made through a token and has not
 * failed (payments_exclusive). So two tabs, a double click and two API processes meet in Postgres, and no lock is held. A payment with
 * the merchant's secret is not in that index; one that succeeded is looked for before.
 *
 * A QR code is a payment from the moment it is shown. One that nobody has paid gives way to the shopper's next choice: its actor is
 * asked to cancel it, which it refuses when the bank was faster.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { NewPayment } from '../../actors/index.ts'
import type { Statement } from '../../schema/database.ts'
import { GatewayError } from '../../schema/errors.ts'
import { unavailable } from '../errors.ts'
import type { Stamp } from '../idempotency.ts'
import { type Channel, Payments } from '../payments.ts'
import type { Services } from '../services.ts'
import type { Claims } from './token.ts'
import { isOpenCode } from './view.ts'

type Body = Parameters<Payments['create']>[1]

/** A payment that stands in the way of another. */
interface Standing {
  id: string
  method: 'upi' | 'card'
  vpa: string | null
  status: 'pending' | 'success' | 'failed'
}

const FIND_EXCLUSIVE: Statement = {
  name: 'checkout_find_exclusive',
  text: `select id, method, vpa, status from payments
    where merchant_id = $1 and order_id = $2 and exclusive and status <> 'failed' and not canceled`,
}

const FIND_OF_ORDER: Statement = {
  name: 'checkout_find_of_order',
  text: 'select id, method, vpa, status from payments where id = $1 and merchant_id = $2 and order_id = $3',
}

const CANCELED = 200

export class CheckoutPayments {
  readonly #services: Services
  readonly #payments: Payments

  constructor(services: Services) {
    this.#services = services
    this.#payments = new Payments(services)
  }

  /** `replaces`: a code that this page shows and gives up. `view`: the answer. Throws CONFLICT_ERROR with its reason. */
  accept(
    request: FastifyRequest,
    reply: FastifyReply,
    claims: Claims,
    { body, replaces, view }: { body: Body; replaces: string | null; view: (payment: NewPayment) => object },
  ): Promise<FastifyReply> {
    const channel: Channel = { exclusive: claims.once, notes: null, view }
    return this.#services.idempotency.creation(request, reply, async (stamp, key) => {
      const create = (withStamp: Stamp) => this.#payments.create(request, body, channel, withStamp, key)
      if (replaces !== null) await this.#giveUpNamed(request, claims, replaces)
      if (claims.once) await this.#requireUnpaid(claims)
      try {
        return await create(stamp)
      } catch (error) {
        if (!(error instanceof GatewayError) || error.code !== 'CONFLICT_ERROR') throw error
        await this.#makeWay(request, claims)
        return create(stamp)
      }
    })
  }

  async #requireUnpaid({ merchant, orderId }: Claims): Promise<void> {
    const progress = await this.#services.orders.progress(merchant.id, [orderId])
    if (progress.get(orderId)?.status === 'paid') throw alreadyPaid('order_paid')
  }

  /** Whatever has taken the order's place: a code that nobody has paid is given up, anything else stays. */
  async #makeWay(request: FastifyRequest, { merchant, orderId }: Claims): Promise<void> {
    const [standing] = await this.#services.database.run<Standing>(FIND_EXCLUSIVE, [merchant.id, orderId])
    if (standing) await this.#giveUp(request, standing)
  }

  async #giveUpNamed(request: FastifyRequest, { merchant, orderId }: Claims, id: string): Promise<void> {
    const [standing] = await this.#services.database.run<Standing>(FIND_OF_ORDER, [id, merchant.id, orderId])
    if (!standing) throw new GatewayError('NOT_FOUND_ERROR', 'Payment not found', { field: 'replaces' })
    if (standing.status !== 'failed') await this.#giveUp(request, standing)
  }

  async #giveUp(request: FastifyRequest, standing: Standing): Promise<void> {
    if (standing.status === 'success') throw alreadyPaid('order_paid')
    if (!isOpenCode(standing)) throw alreadyPaid('payment_pending')
    const { id } = standing
    const body = { only_pending: true }
    const command = { kind: 'payment', noun: 'Payment', name: 'cancel', actorId: id, objectId: id, body } as const
    const decided = await this.#services.commands.decide(request, command)
    if (!decided) throw unavailable('The QR code that is on show could not be taken back in time. Try again.')
    if (decided.status !== CANCELED) await this.#requireFailed(request, id)
  }

  /** The actor would not cancel it: either it had failed by itself, or the bank was faster than the shopper. */
  async #requireFailed(request: FastifyRequest, id: string): Promise<void> {
    const { database } = this.#services
    const row = await database.kysely
      .selectFrom('payments')
      .select('status')
      .where('id', '=', id)
      .where('merchant_id', '=', request.merchant.id)
      .executeTakeFirst()
    if (row?.status !== 'failed') throw alreadyPaid('order_paid')
  }
}

/** One text for both, as the contract has it; the reason tells a browser whether waiting helps. */
function alreadyPaid(reason: 'order_paid' | 'payment_pending'): GatewayError {
  return new GatewayError('CONFLICT_ERROR', 'Order already paid', { field: 'order_id', reason })
}
