/** Orders: what a merchant wants paid. An order is written once; how far it has come is read from its payments. */
import { randomBytes } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { type NewOrder, wallMs } from '../../actors/index.ts'
import { GatewayError } from '../../schema/errors.ts'
import { newId } from '../../schema/ids.ts'
import { hashSecret } from '../../schema/secrets.ts'
import type { OrdersTable } from '../../schema/tables.ts'
import type { App } from '../app.ts'
import { failures, listOf, ref } from '../components.ts'
import { created, equals, filter } from '../filters.ts'
import type { Stamp } from '../idempotency.ts'
import { beyond, pageOf, pageQuery, pageRequest, periodQuery, placeOf } from '../lists.ts'
import type { OrderProgress } from '../orders.ts'
import { Amount, Currency, IdempotencyHeader, Notes, nullable, oneOf } from '../schemas.ts'
import type { Services } from '../services.ts'
import { requireCurrency, requireShortNotes } from '../validation/order.ts'

const NewOrderBody = Type.Object({
  amount: Amount,
  currency: Type.Optional(nullable(Currency)),
  receipt: Type.Optional(nullable(Type.String({ maxLength: 255 }))),
  notes: Type.Optional(nullable(Notes)),
})

const OrderParams = Type.Object({ id: Type.String({ description: 'order_..., or an id that the merchant chose' }) })

const OrderFilters = Type.Object({
  ...pageQuery,
  ...periodQuery,
  status: Type.Optional(oneOf('created', 'attempted', 'paid')),
  amount: Type.Optional(Type.Integer({ minimum: 0 })),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'Id or receipt' })),
})

type OrderRow = Selectable<OrdersTable>

export function orderRoutes(app: App, { database, idempotency, acceptance, orders, counts }: Services): void {
  app.post(
    '/api/v1/orders',
    {
      schema: {
        tags: ['orders'],
        summary: 'Create an order',
        headers: IdempotencyHeader,
        body: NewOrderBody,
        response: { 201: ref('CreatedOrder'), ...failures },
      },
    },
    (request, reply) => {
      const create = async (stamp: Stamp) => {
        const secret = `secret_${randomBytes(24).toString('base64url')}`
        const order = newOrder(request.merchant.id, request.body, secret)
        const text = JSON.stringify({ ...orderView(order, undefined), client_secret: secret })
        return (await acceptance.order(order, stamp(text))) ? text : null
      }
      return idempotency.creation(request, reply, create, { sealed: true })
    },
  )

  app.get(
    '/api/v1/orders/:id',
    {
      schema: {
        tags: ['orders'],
        summary: 'An order with how far it has come',
        params: OrderParams,
        response: { 200: ref('Order'), ...failures },
      },
    },
    async (request) => {
      const { id } = request.params
      const row = await database.kysely
        .selectFrom('orders')
        .selectAll()
        .where('merchant_id', '=', request.merchant.id)
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) throw new GatewayError('NOT_FOUND_ERROR', 'Order not found')
      const progress = await orders.progress(request.merchant.id, [id])
      return orderView(fromRow(row), progress.get(id))
    },
  )

  app.get(
    '/api/v1/orders',
    {
      schema: {
        tags: ['orders'],
        summary: 'Orders, newest first',
        querystring: OrderFilters,
        response: { 200: listOf('Order'), ...failures },
      },
    },
    async (request) => {
      const { merchant, query } = request
      const asked = orderFilter(merchant.id, query)
      const page = pageRequest(query)
      const [found, count] = await Promise.all([
        database.kysely
          .selectFrom('orders')
          .selectAll()
          .select(placeOf('orders').as('place'))
          .where(asked.where)
          .where(beyond('orders', page))
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(page.limit + 1)
          .offset(page.offset)
          .execute(),
        counts.count('orders', merchant.id, asked),
      ])
      const progress = await orders.progress(
        merchant.id,
        found.map(({ id }) => id),
      )
      return pageOf(found, page, count, (row) => orderView(fromRow(row), progress.get(row.id)))
    },
  )
}

export function publicOrderRoutes(app: App, { database, orders }: Services): void {
  app.get(
    '/api/v1/orders/:id/public',
    {
      schema: {
        tags: ['orders'],
        summary: 'What a checkout may know of an order',
        security: [],
        params: OrderParams,
        response: { 200: ref('PublicOrder'), ...failures },
      },
    },
    async (request) => {
      // An id that callers chose may exist at several merchants. Without a key the first to use it is meant.
      const row = await database.kysely
        .selectFrom('orders')
        .selectAll()
        .where('id', '=', request.params.id)
        .orderBy('created_at')
        .limit(1)
        .executeTakeFirst()
      if (!row) throw new GatewayError('NOT_FOUND_ERROR', 'Order not found')
      const progress = await orders.progress(row.merchant_id, [row.id])
      const { id, amount, currency } = row
      return { id, amount, currency, status: progress.get(id)?.status ?? 'created' }
    },
  )
}

/** The order that a request asks for. Throws a BAD_REQUEST_ERROR. */
function newOrder(merchantId: string, body: Static<typeof NewOrderBody>, secret: string): NewOrder {
  const currency = body.currency ?? 'INR'
  const notes = body.notes ?? null
  requireCurrency(currency)
  requireShortNotes(notes)
  return {
    merchantId,
    id: newId('order_'),
    amount: body.amount,
    currency,
    receipt: body.receipt ?? null,
    notes,
    clientSecretHash: hashSecret(secret),
    createdAt: new Date(wallMs()).toISOString(),
  }
}

function fromRow(row: OrderRow): NewOrder {
  const { id, amount, currency, receipt, notes } = row
  const createdAt = row.created_at.toISOString()
  return {
    merchantId: row.merchant_id,
    id,
    amount,
    currency,
    receipt,
    notes,
    clientSecretHash: row.client_secret_hash,
    createdAt,
  }
}

function orderView(order: NewOrder, progress: OrderProgress | undefined) {
  return {
    id: order.id,
    merchant_id: order.merchantId,
    amount: order.amount,
    currency: order.currency,
    receipt: order.receipt,
    notes: order.notes,
    status: progress?.status ?? 'created',
    created_at: order.createdAt,
    updated_at: progress?.changedAt?.toISOString() ?? order.createdAt,
    amount_paid: progress?.amountPaid ?? 0,
    attempts: progress?.attempts ?? 0,
  }
}

function orderFilter(merchantId: string, query: Static<typeof OrderFilters>) {
  const { status, amount, q } = query
  const paymentsOf = sql`select from payments p where p.merchant_id = orders.merchant_id and p.order_id = orders.id`
  const progress = {
    created: sql<boolean>`not exists (${paymentsOf})`,
    attempted: sql<boolean>`exists (${paymentsOf}) and not exists (${paymentsOf} and p.status = 'success')`,
    paid: sql<boolean>`exists (${paymentsOf} and p.status = 'success')`,
  }
  return filter('orders', merchantId, [
    ...created('orders', query),
    status ? progress[status] : null,
    equals('orders.amount', amount),
    q === undefined ? null : sql<boolean>`(orders.id = ${q} or orders.receipt = ${q})`,
  ])
}
