/**
 * Accepting a payment, from the body to the answer's text. On this way stands one statement, the insert: the merchant and the
 * order are known in memory, and the answer is built once, as the bytes that are stored under the idempotency key.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { acceptedPaymentView, type IdempotencyKey, type NewPayment, toAddress, wallMs } from '../actors/index.ts'
import { GatewayError } from '../schema/errors.ts'
import { newId } from '../schema/ids.ts'
import { unavailable } from './errors.ts'
import type { Stamp } from './idempotency.ts'
import type { KnownOrder } from './orders.ts'
import { Amount, Currency, Notes, nullable, OrderId } from './schemas.ts'
import type { Services } from './services.ts'
import { CardFields, readCard } from './validation/card-body.ts'
import { PAYMENT_NOTES_MAX, requireCurrency, requireShortNotes } from './validation/order.ts'
import { isVpa, VPA_MAX } from './validation/vpa.ts'

const order = {
  order_id: OrderId,
  amount: Type.Optional(nullable(Amount)),
  currency: Type.Optional(nullable(Currency)),
  notes: Type.Optional(nullable(Notes)),
}

export const NewPaymentBody = Type.Union(
  [
    Type.Object({ ...order, method: Type.Literal('upi'), vpa: Type.String({ description: 'name@bank' }) }),
    Type.Object({ ...order, method: Type.Literal('card'), ...CardFields }),
  ],
  { discriminator: { propertyName: 'method' } },
)

/** UPI without a payer: a QR code, whose payer the bank will name. Only the checkout can show one. */
export interface QrBody {
  order_id: string
  amount?: null
  currency?: null
  method: 'upi'
  vpa: null
}

type Body = Static<typeof NewPaymentBody> | QrBody

/** What differs by who brings a payment in. */
export interface Channel {
  /** The order may have one such payment that lives or succeeded. */
  exclusive: boolean
  /** The merchant's own, which a shopper's page can't write. */
  notes: Record<string, unknown> | null
  /** The answer. */
  view(payment: NewPayment): object
}

const MERCHANTS_OWN = {
  exclusive: false,
  view: (payment: NewPayment) => acceptedPaymentView({ ...payment, status: 'pending' }),
}

/** What a payment keeps of how it is paid, and what makes the acquirer's token of it. */
interface Instrument {
  columns: Pick<NewPayment, 'method' | 'vpa' | 'cardNetwork' | 'cardLast4'>
  tokenize(): Promise<string>
}

export class Payments {
  readonly #services: Services

  constructor(services: Services) {
    this.#services = services
  }

  /** 201 with the payment, pending; the same answer for a repeat under the same Idempotency-Key. Throws what is wrong with the body. */
  accept(request: FastifyRequest, reply: FastifyReply, body: Static<typeof NewPaymentBody>): Promise<FastifyReply> {
    const notes = body.notes ?? null
    const channel: Channel = { ...MERCHANTS_OWN, notes }
    return this.#services.idempotency.creation(request, reply, (stamp, key) => {
      requireShortNotes(notes, PAYMENT_NOTES_MAX)
      return this.create(request, body, channel, stamp, key)
    })
  }

  /** The answer's text; null when the key is taken. Throws what is wrong with the body, and CONFLICT_ERROR for an exclusive second. */
  async create(
    request: FastifyRequest,
    body: Body,
    channel: Channel,
    stamp: Stamp,
    key: IdempotencyKey | null,
  ): Promise<string | null> {
    const { merchant } = request
    const { acceptance, runtime } = this.#services
    if (runtime.overloaded)
      throw unavailable('More payments wait than the workers carry. Nothing was written: try again.')
    const createdAt = new Date(wallMs()).toISOString()
    const instrument = this.#instrument(body, merchant.test)
    const terms = await this.#orderOf(request, body, key, createdAt)
    if (!terms) return null
    const payment: NewPayment = {
      id: newId('pay_'),
      merchantId: merchant.id,
      tenant: merchant.tenant,
      orderId: body.order_id,
      ...terms,
      ...instrument.columns,
      instrument: await instrument.tokenize(),
      exclusive: channel.exclusive,
      notes: channel.notes,
      createdAt,
    }
    const text = JSON.stringify(channel.view(payment))
    if (!(await acceptance.payment(payment, stamp(text)))) return null
    runtime.send([toAddress({ tenant: merchant.tenant, kind: 'payment', id: payment.id })], 'process')
    return text
  }

  /** Checks everything that needs no look-up, so that a refusal costs nothing and leaves nothing behind. */
  #instrument(body: Body, test: boolean): Instrument {
    const { acquirer } = this.#services
    if (body.method === 'upi') {
      const { vpa } = body
      if (vpa !== null && !isVpa(vpa)) {
        const description = `vpa must look like name@bank, with at most ${VPA_MAX} characters`
        throw new GatewayError('INVALID_VPA', description, { field: 'vpa' })
      }
      return {
        columns: { method: 'upi', vpa, cardNetwork: null, cardLast4: null },
        tokenize: () => acquirer.tokenize({ method: 'upi', vpa }, test),
      }
    }
    const { details, network, last4 } = readCard(body, wallMs())
    return {
      columns: { method: 'card', vpa: null, cardNetwork: network, cardLast4: last4 },
      tokenize: () => acquirer.tokenize({ method: 'card', card: details }, test),
    }
  }

  /**
   * The order's terms, which decide what the payment is about. An unknown order with an amount is made on the fly; but not
   * under a key that is taken, for then this request may do nothing: null.
   */
  async #orderOf(
    request: FastifyRequest,
    body: Body,
    key: IdempotencyKey | null,
    createdAt: string,
  ): Promise<KnownOrder | null> {
    const { orders, idempotency } = this.#services
    const merchantId = request.merchant.id
    const amount = body.amount ?? null
    const currency = body.currency ?? null
    if (currency !== null) requireCurrency(currency)
    let terms =
      amount === null || key ? await orders.find(merchantId, body.order_id) : orders.known(merchantId, body.order_id)
    if (!terms) {
      if (amount === null) throw new GatewayError('NOT_FOUND_ERROR', 'Order not found', { field: 'order_id' })
      if (key && (await idempotency.earlier(request, key))) return null
      terms = await orders.ensure({
        merchantId,
        id: body.order_id,
        amount,
        currency: currency ?? 'INR',
        receipt: null,
        notes: null,
        clientSecretHash: null,
        createdAt,
      })
    }
    refuseOtherTerms(terms, amount, currency)
    return terms
  }
}

function refuseOtherTerms(terms: KnownOrder, amount: number | null, currency: string | null): void {
  const field = amount !== null && amount !== terms.amount ? 'amount' : 'currency'
  if (field === 'currency' && (currency === null || currency === terms.currency)) return
  throw new GatewayError('BAD_REQUEST_ERROR', `${field} must be the order's ${field}, ${terms[field]}`, { field })
}
