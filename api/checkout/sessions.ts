/** Opening a checkout: whose order this is, whether this page may have it paid, and what the shopper is shown of it. */
import type { FastifyRequest } from 'fastify'
import type { Database, Statement } from '../../schema/database.ts'
import { GatewayError } from '../../schema/errors.ts'
import { secretMatches } from '../../schema/secrets.ts'
import { TEST_MERCHANT_ID, TEST_ORDER_IDS } from '../../schema/seed.ts'
import type { Services } from '../services.ts'
import type { CheckoutMerchant, CheckoutMerchants } from './merchants.ts'
import { checkoutOrigins, isAllowed } from './origins.ts'
import type { CheckoutTokens } from './token.ts'

export interface SessionRequest {
  key: string | null
  orderId: string
  clientSecret: string | null
  returnUrl: string | null
}

interface OrderRow {
  amount: number
  currency: string
  client_secret_hash: Buffer | null
}

const FIND_ORDER: Statement = {
  name: 'checkout_find_order',
  text: 'select amount, currency, client_secret_hash from orders where merchant_id = $1 and id = $2',
}

export class CheckoutSessions {
  readonly #database: Database
  readonly #orders: Services['orders']
  readonly #merchants: CheckoutMerchants
  readonly #tokens: CheckoutTokens
  readonly #ownOrigins: string[]

  constructor({ database, orders, publicCheckoutUrl }: Services, merchants: CheckoutMerchants, tokens: CheckoutTokens) {
    this.#database = database
    this.#orders = orders
    this.#merchants = merchants
    this.#tokens = tokens
    this.#ownOrigins = checkoutOrigins(publicCheckoutUrl)
  }

  /** Throws AUTHENTICATION_ERROR, AUTHORIZATION_ERROR, NOT_FOUND_ERROR or BAD_REQUEST_ERROR. */
  async open(request: FastifyRequest, { key, orderId, clientSecret, returnUrl }: SessionRequest) {
    const merchant = await this.#merchants.find(key, orderId)
    const origin = request.headers.origin ?? null
    this.#requireOrigin(origin, merchant)
    requireReturnUrl(returnUrl, merchant)
    const [order] = await this.#database.run<OrderRow>(FIND_ORDER, [merchant.id, orderId])
    if (!order) throw new GatewayError('NOT_FOUND_ERROR', 'Order not found', { field: 'order_id' })
    requireClientSecret(clientSecret, order)
    const once = !(merchant.id === TEST_MERCHANT_ID && TEST_ORDER_IDS.includes(orderId))
    const { status = 'created' } = (await this.#orders.progress(merchant.id, [orderId])).get(orderId) ?? {}
    const { id, tenant, test, idempotencyMismatch, name } = merchant
    return {
      ...this.#tokens.issue({ merchant: { id, tenant, test, idempotencyMismatch, name }, orderId, origin, once }),
      order: {
        id: orderId,
        amount: order.amount,
        currency: order.currency,
        status,
        payable: !once || status !== 'paid',
      },
      merchant: { name, test },
      return_url: returnUrl,
    }
  }

  /** No origin: no browser, and nothing that a page's rules could protect. */
  #requireOrigin(origin: string | null, merchant: CheckoutMerchant): void {
    if (origin === null || this.#ownOrigins.includes(origin) || isAllowed(origin, merchant)) return
    throw new GatewayError('AUTHORIZATION_ERROR', `${origin} is not one of this merchant's allowed origins`)
  }
}

/** A checkout that sends shoppers wherever its address says would send them to a thief's copy of the shop, too. */
function requireReturnUrl(returnUrl: string | null, merchant: CheckoutMerchant): void {
  if (returnUrl === null) return
  const url = URL.canParse(returnUrl) ? new URL(returnUrl) : null
  if (url && /^https?:$/.test(url.protocol) && isAllowed(url.origin, merchant)) return
  throw new GatewayError('BAD_REQUEST_ERROR', "return_url must be on one of the merchant's allowed origins", {
    field: 'return_url',
  })
}

/** Only who was given the order's secret can have it; whoever has none says none. */
function requireClientSecret(clientSecret: string | null, { client_secret_hash: hash }: OrderRow): void {
  if (clientSecret === null || (hash !== null && secretMatches(clientSecret, hash))) return
  throw new GatewayError('AUTHORIZATION_ERROR', "client_secret is not this order's", { field: 'client_secret' })
}
